"""A section of the export that is one table: which columns a person gets, under which names."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import psycopg

from tanzhang.stored_time import date_of, moment_of

Cursor = psycopg.Cursor[Any]
Row = dict[str, Any]


def rows_of(
    table: str,
    columns: Mapping[str, str] | Sequence[str],
    *,
    order: str,
    whose: str = "subject_id = %s",
) -> Callable[[Cursor, int], Iterator[Row]]:
    """Rows of ``table`` about a subject.

    ``columns`` are the export's names with the SQL that gives them, or plain columns; what is named
    ``…_us`` is in microseconds since 1970 and comes as the instant ``…_at``. ``whose`` has one
    place for the subject. All of it is the rooms' own text, never a visitor's.
    """
    named = columns if isinstance(columns, Mapping) else {name: name for name in columns}
    listed = ", ".join(named.values())
    query = f"select {listed} from {table} where {whose} order by {order}"

    def export(cursor: Cursor, subject_id: int) -> Iterator[Row]:
        cursor.execute(query, [subject_id])
        for row in cursor.fetchall():
            yield dict(_told(name, value) for name, value in zip(named, row, strict=True))

    return export


def _told(name: str, value: object) -> tuple[str, Any]:
    if name.endswith("_us") and (value is None or isinstance(value, int)):
        return f"{name.removesuffix('_us')}_at", instant_text(value)
    return name, plain(value)


def plain(value: object) -> Any:
    """A stored value as JSON has it: instants in UTC, keys and digests in hexadecimal."""
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date():
            return value.isoformat()
        case uuid.UUID():
            return value.hex
        case bytes() | memoryview():
            return bytes(value).hex()
        case list() | tuple():
            return [plain(each) for each in value]
        case dict():
            return {str(name): plain(each) for name, each in value.items()}
        case bool() | int() | str() | None:
            return value
    raise TypeError(type(value).__name__)


def instant_text(us: int | None) -> str | None:
    """Microseconds since 1970 as an instant in UTC."""
    return None if us is None else plain(moment_of(us))


def day_text(number: int | None) -> str | None:
    """Days since 1970-01-01 as a date."""
    return None if number is None else date_of(number).isoformat()


def day_of(column: str) -> str:
    """SQL that gives the date of a column of days since 1970-01-01."""
    return f"date '1970-01-01' + {column}"
