"""Every column of every table, as it is stored and as it reads once it is opened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg import sql

from tanzhang.workbench.scanning.needles import Needle
from tanzhang.workbench.scanning.opened import MAGIC, opened

ROWS_AT_ONCE: Final = 200

# Partitions are read through their parents.
_COLUMNS: Final = """
select relname, attname, typname
from pg_attribute join pg_class on pg_class.oid = attrelid
join pg_namespace on pg_namespace.oid = relnamespace
join pg_type on pg_type.oid = atttypid
where nspname = 'public' and relkind in ('r', 'p', 'm') and not relispartition
and attnum > 0 and not attisdropped order by relname, attnum
"""

_NUMBERS: Final = ("int8", "numeric", "float8")

#: Of these no form can be a part.
_NEVER: Final = ("bool", "int2", "int4", "date", "timestamptz", "timestamp", "interval", "xid")


@dataclass(frozen=True, slots=True)
class ColumnName:
    """A column and its type."""

    table: str
    name: str
    type: str

    @property
    def place(self) -> str:
        """How an answer names it."""
        return f"table {self.table}.{self.name}"


def columns(cursor: psycopg.Cursor[Any]) -> list[ColumnName]:
    """The columns of all tables."""
    cursor.execute(_COLUMNS)
    return [ColumnName(*row) for row in cursor.fetchall()]


def found_in_tables(cursor: psycopg.Cursor[Any], wanted: Needle) -> Iterator[tuple[str, int]]:
    """Each column that holds the needle, with the number of its rows that do."""
    every = columns(cursor)
    for table in dict.fromkeys(column.table for column in every):
        own = [column for column in every if column.table == table and column.type not in _NEVER]
        yield from _as_stored(cursor, table, own, wanted)
        for column in own:
            if column.type == "bytea":
                yield f"{column.place} (opened)", _packed(cursor, column, wanted)


def _as_stored(
    cursor: psycopg.Cursor[Any], table: str, own: Sequence[ColumnName], wanted: Needle
) -> Iterator[tuple[str, int]]:
    """The rows that hold the needle plainly: one pass over a table for all of its columns."""
    asked = [(column, condition) for column in own if (condition := _condition(column)) is not None]
    if not asked:
        return
    counts = sql.SQL(", ").join(
        sql.SQL("count(*) filter (where {})").format(condition) for _, condition in asked
    )
    cursor.execute(
        sql.SQL("select {} from {}").format(counts, sql.Identifier(table)),
        {
            "texts": [f"%{_unlike(form)}%" for form in wanted.texts],
            "raws": list(wanted.raws),
            "numbers": list(wanted.numbers),
        },
    )
    for (column, _), count in zip(asked, cursor.fetchall()[0], strict=True):
        yield column.place, count


def _condition(column: ColumnName) -> sql.Composable | None:
    name = sql.Identifier(column.name)
    raw = sql.SQL(
        "exists (select from unnest(%(raws)s::bytea[]) form where position(form in {}) > 0)"
    )
    if column.type == "bytea":
        text = sql.SQL(
            "exists (select from unnest(%(raws)s::bytea[]) form where position(form in {0}) > 0)"
        )
        return text.format(name)
    if column.type == "uuid":
        return raw.format(sql.SQL("uuid_send({})").format(name))
    if column.type in _NUMBERS:
        return sql.SQL("{}::text = any(%(numbers)s::text[])").format(name)
    if column.type == "_bytea":
        return raw.format(sql.SQL("array_to_string({}, '')::bytea").format(name))
    return sql.SQL("lower({}::text) like any(%(texts)s::text[])").format(name)


def _unlike(form: str) -> str:
    return form.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _packed(cursor: psycopg.Cursor[Any], column: ColumnName, wanted: Needle) -> int:
    """How many rows hold the needle inside of what can be opened."""
    begins = sql.SQL(" or ").join(
        sql.SQL("substring({} from 1 for {}) = {}").format(
            sql.Identifier(column.name), len(magic), magic
        )
        for magic in MAGIC
    )
    query = sql.SQL("select {} from {} where {}").format(
        sql.Identifier(column.name), sql.Identifier(column.table), begins
    )
    count = 0
    with cursor.connection.cursor(name="opened") as rows:
        rows.itersize = ROWS_AT_ONCE
        rows.execute(query)
        for (content,) in rows:
            count += any(wanted.is_in_bytes(part) for part in opened(bytes(content)))
    return count
