"""Taking what names an erased person's events out of messages, and how long calls are kept."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

SQL = """
create function reduce_message(whose bigint, which bigint, reduced bytea) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if not public.is_being_erased(whose) then
        raise insufficient_privilege using message = 'nobody is being erased';
    end if;
    update public.webhook_message set body = reduced where id = which;
end
$$;
revoke all on function reduce_message(bigint, bigint, bytea) from public;

-- Calls may be kept longer than the half year that the law asks for, never shorter.
create function forget_calls(before timestamptz) returns bigint
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    gone bigint;
begin
    if before > now() - interval '183 days' then
        raise insufficient_privilege using message = 'calls are kept for 183 days at least';
    end if;
    delete from public.partner_call where at < before;
    get diagnostics gone = row_count;
    return gone;
end
$$;
revoke all on function forget_calls(timestamptz) from public;
"""

REVERSE = """
drop function forget_calls(timestamptz);
drop function reduce_message(bigint, bigint, bytea);
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("partners", "0006_limits_of_agreements"),
        ("people", "0013_erasure"),
    ]

    operations: ClassVar = [
        migrations.RunSQL(SQL, REVERSE),
    ]
