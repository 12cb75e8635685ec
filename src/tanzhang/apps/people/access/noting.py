"""Writing down that somebody reads what belongs to a person."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

import psycopg

from tanzhang.apps.people.access.chain import Entry, beginning, reason_digest
from tanzhang.apps.people.access.models import ReaderKind
from tanzhang.apps.people.erasure.meanwhile import is_forgotten, stay
from tanzhang.problems import Problem

#: Whoever adds to the log holds this advisory lock until her transaction ends: "read" as a number.
_LOCK: Final = 0x72656164

_CODE: Final = re.compile(r"[a-z][a-z0-9_.-]*")
MOST_REASON_LETTERS: Final = 500


def note_access(
    cursor: psycopg.Cursor[Any],
    subject_id: int,
    *,
    reader_kind: ReaderKind | str,
    reader: str,
    purpose: str,
    fields: Sequence[str],
    reason: str = "",
    at: datetime | None = None,
) -> int:
    """Write down a reading in the transaction that reads; give its position.

    ``reader`` means something to the person: ``operator:wang`` for staff (role, log-in), a
    partner's code, the name of an authority, or the name of a task of ours. ``purpose`` and
    ``fields`` are short codes that ``access/words.yaml`` puts into words; ``reason`` is what staff
    wrote. What was not noted was not read: call it before anything is shown, late in the
    transaction, because all notes wait for one another.

    Raises ``access.purpose_misspelt`` and ``access.reason_too_long``.
    """
    for code in (purpose, *fields):
        if _CODE.fullmatch(code) is None:
            raise Problem("access.purpose_misspelt", name=code)
    if len(reason) > MOST_REASON_LETTERS:
        raise Problem("access.reason_too_long", most=MOST_REASON_LETTERS)
    stay(cursor, [subject_id])  # before the lock that all wait for
    cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
    position, previous = _last(cursor)
    entry = Entry(
        position + 1,
        subject_id,
        at or datetime.now(UTC),
        str(ReaderKind(reader_kind)),
        reader,
        purpose,
        list(fields),
        reason_digest(reason),
    )
    cursor.execute(
        "insert into access_log (position, subject_id, at, reader_kind, reader, purpose, fields,"
        " reason, reason_digest, previous, digest)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            entry.position,
            entry.subject_id,
            entry.at,
            entry.reader_kind,
            entry.reader,
            entry.purpose,
            entry.fields,
            None if reason and is_forgotten(cursor, subject_id) else reason,
            entry.reason_digest,
            previous,
            entry.digest(previous),
        ],
    )
    return entry.position


def blank_reasons(cursor: psycopg.Cursor[Any], subject_id: int) -> int:
    """Take away what staff wrote in readings of a person; the readings stay. How many."""
    cursor.execute(
        "update access_log set reason = null"
        " where subject_id = %s and reason is not null and reason <> ''",
        [subject_id],
    )
    return cursor.rowcount


def _last(cursor: psycopg.Cursor[Any]) -> tuple[int, bytes]:
    cursor.execute("select position, digest from access_log order by position desc limit 1")
    found = cursor.fetchone()
    return beginning(cursor) if found is None else (found[0], bytes(found[1]))
