"""Bulk traffic with PostgreSQL through Django's own connection.

Models are for reading a few rows. What moves thousands goes through a psycopg cursor with whole
columns as one parameter (here) or as binary COPY (``copying``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import psycopg
from django.db import connection, transaction
from numpy.typing import NDArray
from psycopg.adapt import Dumper
from psycopg.pq import Format

Column = NDArray[Any]


@contextmanager
def bulk_transaction() -> Iterator[psycopg.Cursor[Any]]:
    """A psycopg cursor in a transaction of Django's connection; the server binds parameters."""
    with transaction.atomic(), psycopg.Cursor(raw_connection()) as cursor:
        cursor.adapters.register_dumper(_Int8Array, _Int8ArrayDumper)
        cursor.adapters.register_dumper(_UuidArray, _UuidArrayDumper)
        cursor.adapters.register_dumper(_ByteaArray, _ByteaArrayDumper)
        yield cursor


def raw_connection() -> psycopg.Connection[Any]:
    """The psycopg connection under Django's."""
    connection.ensure_connection()
    raw = connection.connection
    assert isinstance(raw, psycopg.Connection)
    return raw


def uuid_bytes(hi: Column, lo: Column) -> NDArray[np.void]:
    """16-byte keys, big-endian as they are stored, from their unsigned halves."""
    keys = np.empty((len(hi), 2), ">u8")
    keys[:, 0] = hi
    keys[:, 1] = lo
    return keys.view("V16").reshape(-1)


def int8_array(values: Column) -> object:
    """A parameter of type ``bigint[]``."""
    return _Int8Array(_array_bytes(20, values.astype(">i8")))


def uuid_array(hi: Column, lo: Column) -> object:
    """A parameter of type ``uuid[]``."""
    return _UuidArray(_array_bytes(2950, uuid_bytes(hi, lo)))


def bytea_array(values: Sequence[bytes]) -> object:
    """A parameter of type ``bytea[]``; there must be at least one value."""
    parts = [np.array([1, 0, 17, len(values), 1], ">i4").tobytes()]
    for value in values:
        parts += (len(value).to_bytes(4, "big"), value)
    return _ByteaArray(b"".join(parts))


class _Int8Array(bytes):
    """``bigint[]`` in PostgreSQL's binary format."""


class _UuidArray(bytes):
    """``uuid[]`` in PostgreSQL's binary format."""


class _ByteaArray(bytes):
    """``bytea[]`` in PostgreSQL's binary format."""


class _Int8ArrayDumper(Dumper):
    format = Format.BINARY
    oid = 1016

    def dump(self, obj: bytes) -> bytes:
        return bytes(obj)


class _UuidArrayDumper(_Int8ArrayDumper):
    oid = 2951


class _ByteaArrayDumper(_Int8ArrayDumper):
    oid = 1001


def _array_bytes(element_oid: int, values: Column) -> bytes:
    """A one-dimensional array without nulls: its header, then each element after its length."""
    header = np.array([1, 0, element_oid, len(values), 1], ">i4")
    if len(values) == 0:
        return np.array([0, 0, element_oid], ">i4").tobytes()
    rows = np.empty(len(values), np.dtype([("length", ">i4"), ("value", values.dtype)]))
    rows["length"] = values.dtype.itemsize
    rows["value"] = values
    return header.tobytes() + rows.tobytes()
