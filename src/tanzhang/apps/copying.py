"""Columns in and out of PostgreSQL by binary COPY, whole arrays at a time.

A row of COPY's binary form is a field count and, for each field, its length and its big-endian
bytes (PostgreSQL documentation, COPY, "Binary Format"). Rows that lack the same fields have the
same width, so that numpy lays out thousands at once: no value becomes a Python object.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from psycopg import Cursor, sql

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"

#: Bytes before the elements of an array of one dimension (``array_send`` in PostgreSQL's source).
_ARRAY_HEADER = 20

#: PostgreSQL type -> big-endian numpy type.
WIDTHS = {"int8": ">i8", "int4": ">i4", "int2": ">i2", "uuid": "V16", "bool": "u1", "float8": ">f8"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its type, its values, and where it has one (everywhere if None).

    A uuid's values are an (n, 2) array of unsigned halves.
    """

    type: str
    values: NDArray[Any]
    given: NDArray[np.bool_] | None = None


def copy_in(cursor: Cursor[Any], table: str, columns: Mapping[str, Column]) -> None:
    """Append the columns' rows to ``table``."""
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("copy {} ({}) from stdin (format binary)").format(
        sql.Identifier(table), names
    )
    with cursor.copy(statement) as stream:
        stream.write(HEADER)
        for rows in encoded_rows(list(columns.values())):
            stream.write(rows)
        stream.write(TRAILER)


def encoded_rows(columns: Sequence[Column]) -> list[bytes]:
    """The rows' bytes, in groups of rows that lack the same fields."""
    count = len(columns[0].values)
    lacking = np.zeros(count, np.int64)
    for place, column in enumerate(columns):
        if column.given is not None:
            lacking |= np.where(column.given, 0, 1 << place)
    if count and not np.any(lacking):
        return [_encoded(columns, 0, np.arange(count))]
    return [
        _encoded(columns, pattern, np.flatnonzero(lacking == pattern))
        for pattern in np.unique(lacking).tolist()
    ]


def _encoded(columns: Sequence[Column], pattern: int, rows: NDArray[np.int64]) -> bytes:
    fields: list[tuple[str, str]] = [("fields", ">i2")]
    for place, column in enumerate(columns):
        fields.append((f"n{place}", ">i4"))
        if not pattern >> place & 1:
            fields.append((f"v{place}", WIDTHS[column.type]))
    table = np.empty(len(rows), np.dtype(fields))
    table["fields"] = len(columns)
    for place, column in enumerate(columns):
        if pattern >> place & 1:
            table[f"n{place}"] = -1
            continue
        table[f"n{place}"] = table.dtype[f"v{place}"].itemsize
        table[f"v{place}"] = _big_endian(column, rows)
    return table.tobytes()


def _big_endian(column: Column, rows: NDArray[np.int64]) -> NDArray[Any]:
    values = column.values[rows]
    if column.type == "uuid":
        return np.ascontiguousarray(values.astype(">u8")).view("V16").reshape(-1)
    width = np.dtype(WIDTHS[column.type])
    if width.kind == "i" and len(values):
        # A value that does not fit would be cut to another number, without a word.
        bounds = np.iinfo(width)
        if values.min() < bounds.min or values.max() > bounds.max:
            raise OverflowError(f"a value does not fit into {column.type}")
    return values


def copy_out(
    cursor: Cursor[Any], query: sql.Composable, types: Mapping[str, str]
) -> dict[str, NDArray[Any]]:
    """The rows of ``query`` as arrays; it must give the named columns in order, none of them null.

    A uuid comes as an (n, 2) array of unsigned halves.
    """
    fields: list[tuple[str, str]] = [("fields", ">i2")]
    for name, type_name in types.items():
        fields += [(f"n_{name}", ">i4"), (name, WIDTHS[type_name])]
    layout = np.dtype(fields)
    statement = sql.SQL("copy ({}) to stdout (format binary)").format(query)
    with cursor.copy(statement) as stream:
        raw = b"".join(bytes(part) for part in stream)
    table = np.frombuffer(raw[len(HEADER) : -len(TRAILER)], layout)
    return {name: _native(table[name], type_name) for name, type_name in types.items()}


def copy_out_at_once(
    cursor: Cursor[Any], query: sql.Composable, types: Mapping[str, str]
) -> dict[str, NDArray[Any]]:
    """What ``copy_out`` gives, but in no order, brought over as one row of arrays.

    No row costs a call here, which makes it three times as fast. The server meanwhile holds some
    twenty bytes a value, and gives no more than a gigabyte: for a million rows, not for any number.
    """
    names = [sql.Identifier(name) for name in types]
    statement = sql.SQL("copy (select {} from ({}) as found({})) to stdout (format binary)").format(
        sql.SQL(", ").join(sql.SQL("array_agg({})").format(name) for name in names),
        query,
        sql.SQL(", ").join(names),
    )
    with cursor.copy(statement) as stream:
        raw = b"".join(bytes(part) for part in stream)
    arrays, place = {}, len(HEADER) + 2
    for name, type_name in types.items():
        length = int.from_bytes(raw[place : place + 4], signed=True)
        field = raw[place + 4 : place + 4 + max(length, 0)]  # -1 is null: there are no rows
        element = np.dtype([("length", ">i4"), ("value", WIDTHS[type_name])])
        arrays[name] = _native(np.frombuffer(field[_ARRAY_HEADER:], element)["value"], type_name)
        place += 4 + len(field)
    return arrays


def _native(column: NDArray[Any], type_name: str) -> NDArray[Any]:
    """Values as they came, big-endian, in the form that is worked with here."""
    if type_name == "uuid":
        return np.ascontiguousarray(column).view(">u8").reshape(-1, 2).astype(np.uint64)
    return column.astype(np.bool_ if type_name == "bool" else np.int64)


def array_literal(values: NDArray[np.int64], type_name: str) -> sql.Composable:
    """A PostgreSQL array constant of integers, for statements that take no parameters."""
    inside = ",".join(map(str, values.tolist()))
    return sql.SQL("'{{{}}}'::" + type_name + "[]").format(sql.SQL(inside))
