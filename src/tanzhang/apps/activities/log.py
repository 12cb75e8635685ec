"""Which settled pieces have no place in the log yet."""

from __future__ import annotations

from typing import Any

import psycopg

from tanzhang.apps.ledger import api as ledger
from tanzhang.apps.ledger.api import SettledPiece


def append_positions() -> int:
    """Give every settled piece its place in the log; how many got theirs now.

    Call it after a posting has committed. What a crash leaves without a place gets it next time.
    """
    return ledger.append_positions(_unlogged)


def _unlogged(cursor: psycopg.Cursor[Any]) -> list[SettledPiece]:
    cursor.execute(
        "select s.piece_id, s.leaf_version, s.outcome_count, s.leaf_root from piece_settlement s"
        " where not exists (select from log_entry l where l.piece_id = s.piece_id)"
        " order by s.settled_at, s.piece_id"
    )
    return [SettledPiece(row[0], row[1], row[2], bytes(row[3])) for row in cursor.fetchall()]
