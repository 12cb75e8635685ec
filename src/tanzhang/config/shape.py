"""Whether the tables are those that this version's models mean.

Django knows migrations by their names alone. Until a first version is released a migration may be
written anew; a database that applied it as it was before then counts as whole, and is not.
"""

from __future__ import annotations

from django.apps import apps
from django.db import connection

_COLUMNS = """
select class.relname, attribute.attname
  from pg_attribute attribute
  join pg_class class on class.oid = attribute.attrelid
 where class.relnamespace = 'public'::regnamespace
   and attribute.attnum > 0 and not attribute.attisdropped
"""


def lacking_columns() -> list[str]:
    """Columns of the models, as ``table.column``, that the database does not have, in order.

    Asks the catalogue of PostgreSQL, which shows columns also to whom they are not granted.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        found = {(str(table), str(column)) for table, column in cursor.fetchall()}
    meant = {
        (model._meta.db_table, field.column)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_concrete_fields
    }
    return sorted(f"{table}.{column}" for table, column in meant - found)
