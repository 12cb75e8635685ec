-- Takes away what staff wrote when they did something about a person; that they did it stays.
create function forget_actions(whose bigint) returns bigint
    language sql security definer set search_path = pg_catalog, pg_temp
as $$
    with gone as (
        update public.console_action set note = 'erased'
        where subject_id = whose and note <> '' and public.is_being_erased(whose)
        returning 1
    )
    select count(*) from gone
$$;
revoke all on function forget_actions(bigint) from public;
