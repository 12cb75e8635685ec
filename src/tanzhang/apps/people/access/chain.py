"""The chain of the access log: each digest covers its row and the digest before it.

Whoever removes, changes, swaps or inserts a row breaks the chain at that place. Cutting rows off
the *end* breaks nothing: for that the audit pack signs the last position with its digest, and
whoever holds an older pack can compare.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import psycopg

from tanzhang.crypto.digests import sm3

#: What the first row of all continues.
BEGINNING: Final = bytes(32)

_DOMAIN: Final = b"tanzhang-access-1\0"
_ROWS_AT_ONCE: Final = 10_000

COLUMNS: Final = (
    "position, subject_id, at, reader_kind, reader, purpose, fields, reason, reason_digest,"
    " previous, digest"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One reading, as its digest covers it."""

    position: int
    subject_id: int
    at: datetime
    reader_kind: str
    reader: str
    purpose: str
    fields: Sequence[str]
    reason_digest: bytes

    def digest(self, previous: bytes) -> bytes:
        """SM3 over the digest before and a canonical form of this row."""
        row = [
            self.position,
            self.subject_id,
            self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            self.reader_kind,
            self.reader,
            self.purpose,
            list(self.fields),
            self.reason_digest.hex(),
        ]
        text = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
        return sm3(_DOMAIN + previous + text.encode())


@dataclass(frozen=True, slots=True)
class Chain:
    """What following the chain found. ``broken_at`` is the first position that does not fit."""

    rows: int
    position: int  #: of the last row
    digest: bytes  #: of the last row
    blanked: int  #: rows whose reason was taken away
    broken_at: int | None

    @property
    def holds(self) -> bool:
        """Whether every row fits the one before it."""
        return self.broken_at is None


def reason_digest(reason: str) -> bytes:
    """What stays of a reason when it is blanked."""
    return sm3(_DOMAIN + b"reason\0" + reason.encode())


def beginning(cursor: psycopg.Cursor[Any]) -> tuple[int, bytes]:
    """The position and digest that the first row that is kept continues."""
    cursor.execute("select position, digest from access_cut order by position desc limit 1")
    found = cursor.fetchone()
    return (0, BEGINNING) if found is None else (found[0], bytes(found[1]))


def follow_accesses(cursor: psycopg.Cursor[Any]) -> Chain:
    """Follow the whole chain; it stops at the first row that does not fit."""
    position, digest = beginning(cursor)
    rows = blanked = 0
    while True:
        cursor.execute(
            f"select {COLUMNS} from access_log where position > %s order by position limit %s",
            [position, _ROWS_AT_ONCE],
        )
        found = cursor.fetchall()
        for *head, reason, reason_hash, previous, own in found:
            entry = _entry(head, bytes(reason_hash))
            fits = entry.position == position + 1 and bytes(previous) == digest
            told = reason is None or reason_digest(reason) == entry.reason_digest
            if not (fits and told and entry.digest(digest) == bytes(own)):
                return Chain(rows, position, digest, blanked, entry.position)
            position, digest = entry.position, bytes(own)
            rows += 1
            blanked += reason is None
        if len(found) < _ROWS_AT_ONCE:
            return Chain(rows, position, digest, blanked, None)


def _entry(head: Sequence[Any], reason_hash: bytes) -> Entry:
    position, subject_id, at, reader_kind, reader, purpose, fields = head
    return Entry(position, subject_id, at, reader_kind, reader, purpose, fields, reason_hash)
