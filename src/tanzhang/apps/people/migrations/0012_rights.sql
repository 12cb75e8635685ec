-- The access log can be added to; a reason can be blanked, and nothing else ever changes.
create function access_log_only_blanks() returns trigger language plpgsql as $$
begin
    if new.reason is not null or (to_jsonb(new) - 'reason') <> (to_jsonb(old) - 'reason') then
        raise check_violation using message = 'of a reading only the reason can be blanked';
    end if;
    return new;
end
$$;
create trigger access_log_only_blanks before update on access_log
    for each row execute function access_log_only_blanks();

-- Who knows both an account and its subject refers to the pair, so that they agree.
alter table rights_request add constraint rights_request_account_of_subject
    foreign key (account_id, subject_id) references account (id, subject_id);

-- Readings are kept for three years; what remains continues from the digest of what went.
create function forget_accesses() returns bigint
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    upto bigint;
    gone bigint;
begin
    perform pg_advisory_xact_lock(1919246692); -- the lock of whoever adds
    -- The last of the rows before the first that is young enough: never a hole.
    select coalesce(
        (select min(position) - 1 from public.access_log where at >= now() - interval '3 years'),
        (select max(position) from public.access_log)) into upto;
    insert into public.access_cut (position, cut_at, digest)
        select position, now(), digest from public.access_log where position = upto;
    delete from public.access_log where position <= upto;
    get diagnostics gone = row_count;
    return gone;
end
$$;
revoke all on function forget_accesses() from public;
