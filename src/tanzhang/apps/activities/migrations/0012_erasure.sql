-- Takes what names a person's events out of a batch: the body goes early, and the results come back
-- without the names (the caller writes them); what was signed, the counts and the root stay.
create function reduce_batch(whose bigint, which uuid, reduced bytea) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if not public.is_being_erased(whose) then
        raise insufficient_privilege using message = 'nobody is being erased';
    end if;
    delete from public.batch_body where batch_id = which;
    update public.batch set results = coalesce(reduced, results) where id = which;
end
$$;
revoke all on function reduce_batch(bigint, uuid, bytea) from public;

-- The same for the lines of a day's detail; the signed statement stays as it is.
create function reduce_part(whose bigint, whom smallint, which integer, number integer, reduced bytea)
    returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if not public.is_being_erased(whose) then
        raise insufficient_privilege using message = 'nobody is being erased';
    end if;
    update public.reconciliation_part set body = reduced
        where partner_id = whom and day = which and part = number;
end
$$;
revoke all on function reduce_part(bigint, smallint, integer, integer, bytea) from public;

-- And for the ids that a comparison of counts lists.
create function reduce_count(whose bigint, which bigint, reduced bytea) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if not public.is_being_erased(whose) then
        raise insufficient_privilege using message = 'nobody is being erased';
    end if;
    update public.own_count set comparison = reduced where id = which;
end
$$;
revoke all on function reduce_count(bigint, bigint, bytea) from public;

-- Bodies may be kept longer than partners may dispute the answer, never shorter.
create function forget_batch_bodies(before timestamptz) returns bigint
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    gone bigint;
begin
    if before > now() - interval '90 days' then
        raise insufficient_privilege using message = 'bodies are kept for 90 days at least';
    end if;
    delete from public.batch_body where received_at < before;
    get diagnostics gone = row_count;
    return gone;
end
$$;
revoke all on function forget_batch_bodies(timestamptz) from public;
