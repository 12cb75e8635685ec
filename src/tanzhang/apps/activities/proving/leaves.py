"""The leaves of a settled piece, derived again from its rows.

Leaves are not stored. They follow from the posted rows, the persons' keys and the packs' digests;
the root that was stored when the piece was settled says whether they still do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import psycopg
from psycopg import sql

from tanzhang.apps.activities.posting.facts import NOT_GIVEN
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.apps.copying import copy_out
from tanzhang.apps.people import api as people
from tanzhang.engine.log import SM3, Leaf, Posted, Span, leaves, pseudonym
from tanzhang.engine.rules import INPUT_SLOTS, Ints
from tanzhang.problems import Problem

_TYPES: Final = {
    "subject_id": "int8",
    "account_id": "int8",
    "event_key": "uuid",
    "outcome_no": "int2",
    "month": "int4",
    "pack_version_id": "int2",
    "status": "int2",
    "revision": "int4",
    "started_us": "int8",
    "gross_mg": "int8",
    "credited_mg": "int8",
    "points": "int4",
    **{f"q{slot}": "int8" for slot in range(1, INPUT_SLOTS + 1)},
}

#: What a null is read as; the type's own bytes.
_NULLS: Final = {"pack_version_id": "'0'::int2"} | {
    f"q{slot}": f"'{NOT_GIVEN}'::int8" for slot in range(1, INPUT_SLOTS + 1)
}


@dataclass(frozen=True)
class PieceLeaves:
    """A piece's leaves in their order; ``places`` finds one by (event key, number, month)."""

    piece_id: int
    leaves: Sequence[bytes]
    places: dict[tuple[bytes, int, int], int]

    @cached_property
    def _hashes(self) -> list[bytes]:
        return SM3.leaves(self.leaves)

    def leaf(self, index: int) -> Leaf:
        """One leaf, field by field."""
        return Leaf.decode(self.leaves[index])

    def node(self, span: Span) -> bytes:
        """A node of the piece's tree."""
        return SM3.join(self._hashes[span.start : span.end])

    @property
    def root(self) -> bytes:
        """The root over all leaves."""
        return SM3.join(self._hashes)


def leaves_of_piece(cursor: psycopg.Cursor[Any], piece_id: int, rules: RulesInForce) -> PieceLeaves:
    """The leaves of a settled piece. Raises ``ledger.leaves_differ`` if they are not those posted.

    The order is that of posting: event key, outcome number, month.
    """
    columns = {name: sql.Identifier(name) for name in _TYPES} | {
        name: sql.SQL("coalesce({}, {})").format(sql.Identifier(name), sql.SQL(value))
        for name, value in _NULLS.items()
    }
    query = sql.SQL(
        "select {} from activity where piece_id = {} order by event_key, outcome_no, month"
    ).format(sql.SQL(", ").join(columns.values()), piece_id)
    rows = copy_out(cursor, query, _TYPES)
    keys = people.person_keys(cursor, rows["subject_id"])
    inputs = np.column_stack([rows[f"q{slot}"] for slot in range(1, INPUT_SLOTS + 1)])
    posted = Posted(
        event_key=rows["event_key"],
        outcome_no=rows["outcome_no"],
        account=pseudonyms(rows["account_id"], keys),
        pack_digest=[rules.digests[number] for number in rows["pack_version_id"].tolist()],
        status=rows["status"],
        revision=rows["revision"],
        started_us=rows["started_us"],
        gross_mg=rows["gross_mg"],
        posted_mg=rows["credited_mg"],
        posted_points=rows["points"],
        inputs=inputs,
        given=inputs != NOT_GIVEN,
    )
    names = rows["event_key"].astype(">u8").tobytes()
    places = zip(rows["outcome_no"].tolist(), rows["month"].tolist(), strict=True)
    found = PieceLeaves(
        piece_id=piece_id,
        leaves=leaves(posted, keys),
        places={
            (names[index * 16 : index * 16 + 16], number, month): index
            for index, (number, month) in enumerate(places)
        },
    )
    cursor.execute("select leaf_root from piece_settlement where piece_id = %s", [piece_id])
    settled = cursor.fetchone()
    if settled is None or bytes(settled[0]) != found.root:
        raise Problem("ledger.leaves_differ", piece=piece_id)
    return found


def pseudonyms(account_ids: Ints, person_keys: Sequence[bytes]) -> list[bytes]:
    """The log's name of each row's account, whose person's key stands beside it."""
    names: dict[int, bytes] = {}
    found = []
    for account_id, key in zip(account_ids.tolist(), person_keys, strict=True):
        if account_id not in names:
            names[account_id] = pseudonym(key, account_id)
        found.append(names[account_id])
    return found
