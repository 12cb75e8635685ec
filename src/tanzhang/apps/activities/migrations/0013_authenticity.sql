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
        delete from act_signal where subject_id = erased returning 1
    )
    select count(*) from gone
$$;

revoke all on function forget_signals() from public;
revoke all on function forget_signals_of(bigint) from public;
