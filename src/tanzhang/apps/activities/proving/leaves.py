"""The leaves of a settled piece, derived again from its rows.

Leaves are not stored. They follow from the posted rows, the persons' keys and the packs' digests;
the root that was stored when the piece was settled says whether they still do. Of a person who was
erased the key is gone: in the place of her leaves stand their hashes, which were stored before
(``erasing.leaves``), each with a digest of the row that says whether that is what it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
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
    "piece_id": "int8",
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
    """A piece's leaves in their order; ``places`` finds one by (event key, number, month).

    ``erased`` gives the hash of each leaf that nobody can derive any more; nothing but its place
    stands among ``leaves``.
    """

    piece_id: int
    leaves: Sequence[bytes]
    places: dict[tuple[bytes, int, int], int]
    erased: Mapping[int, bytes] = field(default_factory=dict)

    @cached_property
    def _hashes(self) -> list[bytes]:
        found = SM3.leaves(self.leaves)
        for index, known in self.erased.items():
            found[index] = known
        return found

    def leaf(self, index: int) -> Leaf:
        """One leaf, field by field. Raises ``ledger.leaf_erased``."""
        if index in self.erased:
            raise Problem("ledger.leaf_erased")
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
    rows = posted_rows(cursor, sql.SQL("piece_id = {}").format(piece_id), rules)
    found = PieceLeaves(
        piece_id=piece_id,
        leaves=rows.leaves(),
        places={name: index for index, name in enumerate(rows.names)},
        erased=_erased(cursor, piece_id, rows),
    )
    cursor.execute("select leaf_root from piece_settlement where piece_id = %s", [piece_id])
    settled = cursor.fetchone()
    if settled is None or bytes(settled[0]) != found.root:
        raise Problem("ledger.leaves_differ", piece=piece_id)
    return found


@dataclass(frozen=True)
class PostedRows:
    """Rows of ``activity`` as the log has them. ``names``: event key, outcome number, month."""

    posted: Posted
    keys: list[bytes]
    names: list[tuple[bytes, int, int]]
    piece_ids: list[int]

    def leaves(self) -> list[bytes]:
        """Their leaves."""
        return leaves(self.posted, self.keys)

    def row_digests(self) -> list[bytes]:
        """A digest of each row without what comes from its person's key."""
        blank = replace(self.posted, account=[bytes(16)] * len(self.names))
        return SM3.of_each(leaves(blank, [b""] * len(self.names)))


def posted_rows(
    cursor: psycopg.Cursor[Any], condition: sql.Composable, rules: RulesInForce
) -> PostedRows:
    """The rows for which a condition holds, in the order of posting."""
    columns = {name: sql.Identifier(name) for name in _TYPES} | {
        name: sql.SQL("coalesce({}, {})").format(sql.Identifier(name), sql.SQL(value))
        for name, value in _NULLS.items()
    }
    query = sql.SQL(
        "select {} from activity where {} order by event_key, outcome_no, month"
    ).format(sql.SQL(", ").join(columns.values()), condition)
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
    events = rows["event_key"].astype(">u8").tobytes()
    places = zip(rows["outcome_no"].tolist(), rows["month"].tolist(), strict=True)
    names = [
        (events[index * 16 : index * 16 + 16], number, month)
        for index, (number, month) in enumerate(places)
    ]
    return PostedRows(posted, keys, names, rows["piece_id"].tolist())


def _erased(cursor: psycopg.Cursor[Any], piece_id: int, rows: PostedRows) -> dict[int, bytes]:
    """The hashes that stand for leaves of erased persons, by place.

    The app can add hashes; they count for rows of subjects whom an erasure names, and nobody else.
    Raises ``ledger.leaves_differ`` if such a row is not what it was when its person was erased.
    """
    cursor.execute(
        "select uuid_send(event_key), outcome_no, month, leaf_hash, row_digest"
        " from erased_leaf join activity using (subject_id, month, event_key, outcome_no)"
        " where erased_leaf.piece_id = %s and exists (select from erasure"
        " where erasure.subject_id = activity.subject_id and was_here)",
        [piece_id],
        binary=True,
    )
    stored = {(bytes(row[0]), row[1], row[2]): (row[3], row[4]) for row in cursor.fetchall()}
    if not stored:
        return {}
    found = {}
    for index, (name, digest) in enumerate(zip(rows.names, rows.row_digests(), strict=True)):
        if name in stored:
            leaf_hash, row_digest = map(bytes, stored[name])
            if row_digest != digest:
                raise Problem("ledger.leaves_differ", piece=piece_id)
            found[index] = leaf_hash
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
