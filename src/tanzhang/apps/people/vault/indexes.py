"""Blind indexes: finding a person by a field that nobody can read.

An index is HMAC-SM3 of field and value under a key of its own, wrapped by a master key: the
database alone does not tell whose number it is, however few numbers there are to try. While one
index key follows another, both are asked.
"""

from __future__ import annotations

import hmac
import os
from dataclasses import dataclass, field
from typing import Any, Final

import psycopg

from tanzhang.apps.people.vault.boxes import bound_to, close_box
from tanzhang.apps.people.vault.declared import field_named
from tanzhang.apps.people.vault.masters import newest_master, opened_under
from tanzhang.apps.people.vault.person_keys import installation_id
from tanzhang.problems import Problem

KEY_BYTES: Final = 32

#: Whoever makes an index key holds this advisory lock until her transaction ends: "index".
_LOCK: Final = 0x696E646578

_KEYS: Final = """
select index_key.id, index_key.sealed, master_id, key_id, wrapped
from index_key join master_key on master_key.id = master_id order by index_key.id desc
"""


@dataclass(frozen=True, slots=True)
class IndexKeys:
    """Every index key in use, the youngest first."""

    ids: tuple[int, ...]
    keys: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class BlindIndex:
    """A value's indexes: the one to write, by which key, and all those to look for."""

    key_id: int
    newest: bytes
    every: tuple[bytes, ...]


def index_of(key: bytes, field: str, plain: str) -> bytes:
    """32 bytes for one value of one field; equal values of two fields have nothing in common."""
    return hmac.digest(key, f"{field}\0{plain.casefold()}".encode(), "sm3")


def blind_index(cursor: psycopg.Cursor[Any], field: str, text: str) -> BlindIndex:
    """The indexes of a value.

    Raises ``personal.field_undeclared``, ``personal.field_not_indexed``, and what ``Field.plain``
    raises.
    """
    declared = field_named(field)
    if not declared.is_found:
        raise Problem("personal.field_not_indexed", field=field)
    keys, plain = index_keys(cursor), declared.plain(text)
    every = tuple(index_of(key, field, plain) for key in keys.keys)
    return BlindIndex(keys.ids[0], every[0], every)


def find(cursor: psycopg.Cursor[Any], field: str, text: str) -> list[int]:
    """The subjects whose field has this value."""
    wanted = list(blind_index(cursor, field, text).every)
    cursor.execute(
        "select subject_id from personal_field where blind_index = any(%s) and field = %s"
        " order by subject_id",
        [wanted, field],
    )
    return [subject_id for (subject_id,) in cursor.fetchall()]


def index_keys(cursor: psycopg.Cursor[Any]) -> IndexKeys:
    """Every index key in use; the first is made when it is first needed."""
    found = _stored(cursor)
    if not found.ids:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
        found = _stored(cursor)
        if not found.ids:
            make_index_key(cursor)
            found = _stored(cursor)
    return found


def make_index_key(cursor: psycopg.Cursor[Any]) -> int:
    """A new index key: what is written from now on is found by it. Its number."""
    cursor.execute("select nextval(pg_get_serial_sequence('index_key', 'id'))")
    key_id = int(cursor.fetchall()[0][0])
    master = newest_master(cursor)
    place = key_place(installation_id(cursor), key_id, master.id)
    cursor.execute(
        "insert into index_key (id, master_id, sealed) values (%s, %s, %s)",
        [key_id, master.id, close_box(master.key, os.urandom(KEY_BYTES), place)],
    )
    return key_id


def key_place(installation: str, key_id: int, master_id: int) -> bytes:
    """What an index key is bound to."""
    return bound_to(installation, "index-key", key_id, master_id)


def _stored(cursor: psycopg.Cursor[Any]) -> IndexKeys:
    installation = installation_id(cursor)
    cursor.execute(_KEYS)
    rows = [(row[0], bytes(row[1]), row[2], row[3], bytes(row[4])) for row in cursor.fetchall()]
    opened = tuple(
        opened_under(store_key, wrapped, sealed, key_place(installation, key_id, master_id))
        for key_id, sealed, master_id, store_key, wrapped in rows
    )
    return IndexKeys(tuple(row[0] for row in rows), opened)
