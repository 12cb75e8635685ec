-- Signals are kept as long as a pattern, an appeal or an audit may need them, and no longer. The app
-- may not delete them; it may ask for exactly this.

create function forget_signals() returns bigint
    language sql security definer set search_path = public, pg_temp
as $$
    with gone as (
        delete from act_signal
        where day < current_date - date '1970-01-01' - 180
        returning 1
    )
    select count(*) from gone
$$;

create function forget_signals_of(erased bigint) returns bigint
    language sql security definer set search_path = public, pg_temp
as $$
    with gone as (
        delete from act_signal where subject_id = erased and is_being_erased(erased) returning 1
    )
    select count(*) from gone
$$;

revoke all on function forget_signals() from public;
revoke all on function forget_signals_of(bigint) from public;

-- What people wrote when they decided about a subject's acts and account goes with her; that they
-- decided, and how, stays.
create function forget_notes(whose bigint) returns bigint
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    own bigint[];
    place record;
    touched bigint;
    total bigint := 0;
begin
    if not public.is_being_erased(whose) then
        raise insufficient_privilege using message = 'nobody is being erased';
    end if;
    own := array(select id from public.account where subject_id = whose);
    for place in values
        ('quarantine_decision',
            'event_key in (select event_key from public.quarantine where subject_id = $2)'),
        ('audit_finding',
            'pick_id in (select event_key from public.audit_pick where subject_id = $2)'),
        ('sanction', 'account_id = any($1)'),
        ('watch_end', 'watch_id in (select id from public.watch where account_id = any($1))')
    loop
        execute format('update public.%I set note = %L where %s',
            place.column1, 'erased', place.column2)
            using own, whose;
        get diagnostics touched = row_count;
        total := total + touched;
    end loop;
    return total;
end
$$;
revoke all on function forget_notes(bigint) from public;
