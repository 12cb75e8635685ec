"""Do the outcomes still give the roots that were stored when their pieces were settled?"""

from __future__ import annotations

from typing import Any

import psycopg

from tanzhang.apps.activities.proving.leaves import leaves_of_piece
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.problems import Problem


def altered_pieces(cursor: psycopg.Cursor[Any], rules: RulesInForce) -> list[str]:
    """Descriptions of the settled pieces whose leaves are not those that were posted."""
    cursor.execute("select piece_id from piece_settlement order by piece_id")
    found = []
    for (piece_id,) in cursor.fetchall():
        try:
            leaves_of_piece(cursor, piece_id, rules)
        except Problem as problem:
            found.append(f"piece {piece_id} ({problem.code})")
    return found
