"""Taking what names an erased person's events out of messages to partners."""

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
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("partners", "0006_limits_of_agreements"),
        ("people", "0013_erasure"),
    ]

    operations: ClassVar = [
        migrations.RunSQL(SQL, "drop function reduce_message(bigint, bigint, bytea)"),
    ]
