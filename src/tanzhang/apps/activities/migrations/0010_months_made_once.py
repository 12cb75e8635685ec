"""Two doors that open a new month at the same time make its partitions once.

Whoever waited for the other one looked a second time by name, and PostgreSQL may answer that from
what it remembers: an advisory lock, other than a lock on a table, makes it forget nothing. The
second look reads the catalogue itself now.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

FUNCTION = """
create or replace function ensure_months(months integer[]) returns void
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
        continue when SECOND_LOOK;
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
"""

IN_THE_CATALOGUE = """exists (
            select from pg_class
            where relnamespace = 'public'::regnamespace and relname = format('cut_%s', wanted)
        )"""
BY_NAME = "to_regclass(format('public.cut_%s', wanted)) is not null"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("activities", "0009_carrying")]

    operations: ClassVar = [
        migrations.RunSQL(
            FUNCTION.replace("SECOND_LOOK", IN_THE_CATALOGUE),
            FUNCTION.replace("SECOND_LOOK", BY_NAME),
        )
    ]
