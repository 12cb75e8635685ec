-- Rows are fixed in width but for the nulls; eight-byte columns come first so that none is padded.
create table activity (
    subject_id bigint not null,
    started_us bigint not null,
    ended_us bigint not null,
    account_id bigint not null,
    piece_id bigint not null,
    gross_mg bigint not null,
    credited_mg bigint not null,
    q1 bigint,
    q2 bigint,
    q3 bigint,
    q4 bigint,
    event_key uuid not null,
    item_key uuid,
    lost_to uuid,
    points integer not null,
    month integer not null,
    day integer not null,
    revision integer not null,
    outcome_no smallint not null,
    pack_id smallint not null,
    pack_version_id smallint,
    scene_id smallint not null,
    partner_id smallint not null,
    programme_id smallint not null,
    grade smallint not null,
    state smallint not null,
    status smallint not null,
    reason smallint not null,
    cause smallint not null,
    consent boolean not null,
    primary key (subject_id, month, event_key, outcome_no)
) partition by list (month);

create table cut (
    subject_id bigint not null,
    mg bigint not null,
    event_key uuid not null,
    month integer not null,
    limit_id integer not null,
    outcome_no smallint not null,
    primary key (subject_id, month, event_key, outcome_no, limit_id)
) partition by list (month);

-- The ledger lies below the pieces and beside the programmes that its rows name.
alter table log_entry add constraint log_entry_piece
    foreign key (piece_id) references piece (id);
alter table source_balance add constraint source_balance_programme
    foreign key (programme_id) references programme (id);

-- Makes the partitions of these months (YYYYMM) if they are not there. The door, which owns nothing,
-- calls it. A new table is attached instead of created in place, so that no posting has to wait.
create function ensure_months(months integer[]) returns void
    language plpgsql
    security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    wanted integer;
    parent text;
    child text;
begin
    foreach wanted in array months loop
        if wanted % 100 not between 1 and 12 or wanted not between 190001 and 299912 then
            raise exception 'there is no month %', wanted using errcode = 'invalid_parameter_value';
        end if;
        continue when to_regclass(format('public.cut_%s', wanted)) is not null;
        -- One maker at a time, and a second look once the other one has committed.
        perform pg_advisory_xact_lock(hashtext('tanzhang.ensure_months'));
        continue when to_regclass(format('public.cut_%s', wanted)) is not null;
        foreach parent in array array['activity', 'cut'] loop
            child := format('%s_%s', parent, wanted);
            execute format('create table public.%I (like public.%I including all)', child, parent);
            execute format(
                'alter table public.%I attach partition public.%I for values in (%s)',
                parent, child, wanted
            );
        end loop;
    end loop;
end
$$;

revoke all on function ensure_months(integer[]) from public;
