-- Whether a subject is being erased in this very transaction. What follows takes away rows that the
-- app can otherwise only add; the row in erasure, which nobody can take away, tells of it for ever.
create function is_being_erased(whose bigint) returns boolean
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select exists (
        select from public.erasure
        where subject_id = whose and was_here
            and transaction = pg_current_xact_id()::text::bigint)
$$;
revoke all on function is_being_erased(bigint) from public;

-- Cuts what leads from the world to a subject: partners' references, the key by which her leaves in
-- the log are made (another takes its place, for what is posted of her later), and handles that
-- were made from a reference.
create function forget_subject(whose bigint, fresh_key bytea, accounts bigint[], handles text[])
    returns bigint
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    links bigint;
begin
    if not public.is_being_erased(whose) then
        raise insufficient_privilege using message = 'nobody is being erased';
    end if;
    delete from public.partner_link where subject_id = whose;
    get diagnostics links = row_count;
    update public.subject set key = fresh_key where id = whose;
    update public.account set handle = given.handle
        from unnest(accounts, handles) as given(id, handle)
        where account.id = given.id and account.subject_id = whose;
    return links;
end
$$;
revoke all on function forget_subject(bigint, bytea, bigint[], text[]) from public;

-- Takes away what was written freely about a subject; that something was written, when and by whom
-- stays. Every column of class "C1 words" is here, or with the rooms above.
create function forget_words(whose bigint) returns bigint
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    own bigint[];
    cases bigint[];
    place record;
    touched bigint;
    total bigint := 0;
begin
    if not public.is_being_erased(whose) then
        raise insufficient_privilege using message = 'nobody is being erased';
    end if;
    own := array(select id from public.account where subject_id = whose);
    cases := array(select id from public.identity_case where account_id = any(own));
    for place in values
        ('account_state', 'reason', 'account_id = any($1)'),
        ('identity_case', 'reason', 'id = any($2)'),
        ('identity_case_step', 'note', 'case_id = any($2)'),
        ('identity_proposal', 'note', 'case_id = any($2)'),
        ('identity_decision', 'note', 'proposal_id in ('
            'select id from public.identity_proposal where case_id = any($2))'),
        ('subject_link', 'factor', '$3 in (one_subject_id, other_subject_id)'),
        ('subject_link', 'undone_why', '$3 in (one_subject_id, other_subject_id)')
    loop
        execute format('update public.%I set %I = %L where %I <> %L and %s',
            place.column1, place.column2, 'erased', place.column2, '', place.column3)
            using own, cases, whose;
        get diagnostics touched = row_count;
        total := total + touched;
    end loop;
    return total;
end
$$;
revoke all on function forget_words(bigint) from public;
