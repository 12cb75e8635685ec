"""The log: every settled piece gets one place, without gaps, in the order of settlement.

Places are given after the pieces have committed, by whoever comes first, one at a time: a place
taken inside a posting transaction would leave a gap if that transaction failed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import psycopg
from django.utils import timezone

from tanzhang.apps.database import bulk_transaction

#: Whoever gives places holds this advisory lock: "log" as a number.
_LOCK: Final = 0x6C6F67


@dataclass(frozen=True, slots=True)
class SettledPiece:
    """A piece that is settled and has no place yet."""

    piece_id: int
    leaf_version: int
    leaf_count: int
    leaf_root: bytes


def append_positions(
    unlogged: Callable[[psycopg.Cursor[Any]], Sequence[SettledPiece]],
    logged_at: datetime | None = None,
) -> int:
    """Give the next places to what ``unlogged`` finds, in its order; how many were given.

    ``unlogged`` is called under the lock, so that nobody gives a piece a second place.
    """
    with bulk_transaction() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
        pieces = unlogged(cursor)
        if not pieces:
            return 0
        cursor.execute("select coalesce(max(position), 0) from log_entry")
        row = cursor.fetchone()
        first = row[0] + 1 if row else 1
        cursor.executemany(
            "insert into log_entry"
            " (position, piece_id, leaf_version, leaf_count, leaf_root, logged_at)"
            " values (%s, %s, %s, %s, %s, %s)",
            [
                (
                    position,
                    piece.piece_id,
                    piece.leaf_version,
                    piece.leaf_count,
                    piece.leaf_root,
                    logged_at or timezone.now(),
                )
                for position, piece in enumerate(pieces, first)
            ],
        )
        return len(pieces)
