-- Bodies are compressed already, and results hold digests, which no compression makes shorter.
alter table batch alter column results set storage external;
alter table batch_body alter column body set storage external;

-- A body is kept while its partner may dispute the answer; what was signed, what was answered and by
-- which digest both are held stays for ever. The app cannot remove a body before.
create function forget_batch_bodies() returns bigint
    language sql security definer set search_path = pg_catalog, pg_temp
as $$
    with gone as (
        delete from public.batch_body where received_at < now() - interval '90 days' returning 1
    )
    select count(*) from gone
$$;

revoke all on function forget_batch_bodies() from public;
