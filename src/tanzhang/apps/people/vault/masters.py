"""Master keys: wrapped by the key store's key for personal keys, unwrapped once a process.

The chain is key store → master key → person key → field. Opening with the key store takes a
quarter of a millisecond (SM2) or a walk to a token; with a master key a few microseconds (SM4).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

import psycopg
from django.conf import settings
from django.utils.module_loading import import_string

from tanzhang.apps.people.vault.boxes import open_box
from tanzhang.crypto import KeyStore, Purpose, StoredKey, new_data_key
from tanzhang.problems import Problem

#: Whoever makes a master key holds this advisory lock until her transaction ends: "master".
_LOCK: Final = 0x6D6173746572


@dataclass(frozen=True, slots=True)
class Master:
    """An unwrapped master key."""

    id: int
    key: bytes = field(repr=False)


def key_store() -> KeyStore:
    """The installation's key store, as the settings name it (``KEY_STORE``)."""
    opened: Callable[[], KeyStore] = import_string(settings.KEY_STORE)
    return opened()


@lru_cache(maxsize=64)
def unwrapped(key_id: str, wrapped: bytes) -> bytes:
    """A master key's bytes. Raises ``personal.master_key_lost`` if the key store cannot open it."""
    try:
        return key_store().key(key_id).unwrap(wrapped)
    except Problem as problem:
        if problem.code not in ("crypto.key_unknown", "crypto.unwrap_failed"):
            raise
        raise Problem("personal.master_key_lost", key_id=key_id) from problem


@lru_cache(maxsize=64)
def opened_under(store_key: str, wrapped: bytes, box: bytes, place: bytes) -> bytes:
    """A key in a box under a master key, opened once a process.

    Raises ``personal.box_broken`` and ``personal.master_key_lost``.
    """
    return open_box(unwrapped(store_key, wrapped), box, place)


def newest_master(cursor: psycopg.Cursor[Any]) -> Master:
    """The master key that wraps what is new; the first one is made when it is first needed."""
    return stored_master(cursor) or _first(cursor)


def make_master(cursor: psycopg.Cursor[Any]) -> Master:
    """A new master key under the key store's present key; what is new goes under it at once."""
    cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
    return _make(cursor, key_store().current(Purpose.PERSON))


def is_behind(cursor: psycopg.Cursor[Any]) -> bool:
    """Whether the key store's key has a successor that no master key is under yet."""
    cursor.execute("select key_id from master_key order by id desc limit 1")
    found = cursor.fetchone()
    return found is not None and found[0] != key_store().current(Purpose.PERSON).key_id


def stored_master(cursor: psycopg.Cursor[Any]) -> Master | None:
    """The master key that wraps what is new, if there is any yet."""
    cursor.execute("select id, key_id, wrapped from master_key order by id desc limit 1")
    found = cursor.fetchone()
    return found and Master(found[0], unwrapped(found[1], bytes(found[2])))


def _first(cursor: psycopg.Cursor[Any]) -> Master:
    """Nothing was ever sealed here, so a key store without such a key may get its first."""
    cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
    found = stored_master(cursor)
    if found is not None:
        return found
    store = key_store()
    if any(key.purpose is Purpose.PERSON for key in store.published()):
        return _make(cursor, store.current(Purpose.PERSON))
    return _make(cursor, store.create(Purpose.PERSON))


def _make(cursor: psycopg.Cursor[Any], under: StoredKey) -> Master:
    key = new_data_key()
    cursor.execute(
        "insert into master_key (key_id, wrapped) values (%s, %s) returning id",
        [under.key_id, under.public.wrap(key)],
    )
    return Master(cursor.fetchall()[0][0], key)
