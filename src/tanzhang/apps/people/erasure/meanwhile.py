"""Nobody is erased while something of hers is being written, and nothing is written after it.

Whoever writes what a person's erasure takes away holds her lock together with other writers until
the transaction ends; an erasure waits for them and holds it alone. Who comes later waits for the
erasure, and finds her erased. The lock is of the session, not of a row: taking it writes nothing.
Doors and workers do without it, since erasures hold a person's doors and shards anyhow.

A person's lock is taken before any door's, and a door's before any shard's.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import psycopg

from tanzhang.problems import Problem

Cursor = psycopg.Cursor[Any]

#: Keeps these locks apart from others: "whom".
_LOCK: Final = 0x77686F6D


def stay(cursor: Cursor, subject_ids: Iterable[int]) -> None:
    """Wait for erasures of these subjects, and let nobody erase them before we have committed.

    Statements after this one see whatever an erasure did.
    """
    for number in sorted({_number(subject_id) for subject_id in subject_ids}):
        cursor.execute("select pg_advisory_xact_lock_shared(%s, %s)", [_LOCK, number])


def alone_with(cursor: Cursor, subject_id: int) -> None:
    """Wait until nobody writes anything of a subject, and keep it so to the transaction's end."""
    cursor.execute("select pg_advisory_xact_lock(%s, %s)", [_LOCK, _number(subject_id)])


def is_forgotten(cursor: Cursor, subject_id: int) -> bool:
    """Whether a subject was erased; true for ever once it is, and false as long as we ``stay``."""
    cursor.execute(
        "select exists (select from person_key where subject_id = %s and destroyed_at is not null)",
        [subject_id],
    )
    return bool(cursor.fetchall()[0][0])


def refuse_erased(cursor: Cursor, *subject_ids: int) -> None:
    """``stay``, unless one of these subjects is erased: then raise ``people.account_erased``."""
    stay(cursor, subject_ids)
    if any(is_forgotten(cursor, subject_id) for subject_id in subject_ids):
        raise Problem("people.account_erased")


def _number(subject_id: int) -> int:
    """What a lock is named by; two subjects who share one wait for each other, and no harm done."""
    return subject_id % 2**31
