-- At most two keys of a purpose are live at any instant: each lies in a slot, and no two share one.
-- Ranges have the operator classes that plain numbers lack without an extension.
alter table partner_key add constraint partner_key_slot_is_free exclude using gist (
    int4range(partner_id, partner_id, '[]') with &&,
    int4range(slot, slot, '[]') with &&,
    (case
        when revoked_at <= active_from then 'empty'
        else tstzrange(active_from, least(active_until, revoked_at))
    end) with &&
);

-- What a key is never changes, and neither a revocation nor a compromise is taken back.
create function keep_partner_key() returns trigger language plpgsql as $$
begin
    if (new.partner_id, new.key_id, new.purpose, new.slot, new.algorithm, new.pem)
        is distinct from (old.partner_id, old.key_id, old.purpose, old.slot, old.algorithm, old.pem)
        or (new.announced_at, new.active_from) is distinct from (old.announced_at, old.active_from)
        or (old.revoked_at is not null and new.revoked_at is distinct from old.revoked_at)
        or (old.compromised_since is not null
            and (new.compromised_since is null or new.compromised_since > old.compromised_since))
    then
        raise exception 'the key % stays what it is', old.key_id using errcode = 'check_violation';
    end if;
    return new;
end
$$;

revoke all on function keep_partner_key() from public;

create trigger partner_key_is_kept before update on partner_key
    for each row execute function keep_partner_key();

-- A crash may forget how much of a quota was used: then nobody waits for the disk to count calls.
alter table quota_use set unlogged;

-- What is over is removed by the owner's functions, so that the app cannot remove what is not:
-- a nonce whose request would be refused for its time, a call of half a year ago.
create function forget_nonces() returns bigint
    language sql security definer set search_path = pg_catalog, pg_temp
as $$
    with gone as (delete from public.used_nonce where expires_at < now() returning 1)
    select count(*) from gone
$$;

create function forget_calls() returns bigint
    language sql security definer set search_path = pg_catalog, pg_temp
as $$
    with gone as (
        delete from public.partner_call where at < now() - interval '183 days' returning 1
    )
    select count(*) from gone
$$;

revoke all on function forget_nonces(), forget_calls() from public;

-- Partners of before go on as they were: what the programme allows, until an agreement says less.
insert into agreement (partner_id, kind, default_grade, items_a_day, calls_a_minute, valid_from)
select id, 'report', 1, 5000000, 600, timestamptz '1970-01-01 00:00:00+00' from partner;
