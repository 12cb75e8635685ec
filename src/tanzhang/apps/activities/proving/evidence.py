"""Posted rows and the way from each of them to a signed root."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tanzhang.apps.activities.proving.leaves import PieceLeaves, leaves_of_piece
from tanzhang.apps.catalogue.api import RulesInForce, pack_versions
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.ledger import api as ledger
from tanzhang.apps.ledger.api import RootEntry
from tanzhang.apps.people.api import installation
from tanzhang.crypto import KeyStore, Purpose
from tanzhang.engine.log import inclusion_spans, shared_spans
from tanzhang.problems import Problem
from tanzhang.proofs import Bundle, Method, Proven, ProvenPiece, Seal

#: Pieces whose leaves are kept while documents are made.
_MOST_KEPT = 32


@dataclass(frozen=True, slots=True)
class RowName:
    """One posted row: which event's, which of its outcomes, in which month; where it is logged."""

    event_key: bytes
    outcome_no: int
    month: int
    pack_version_id: int | None
    piece_id: int
    position: int


@dataclass
class Evidence:
    """Makes documents from the books; keeps what it has derived as long as it lives."""

    rules: RulesInForce
    keys: KeyStore
    _leaves: dict[int, PieceLeaves] = field(default_factory=dict)

    @property
    def installation(self) -> str:
        """The public name of this installation."""
        return installation().id_text

    @property
    def seal(self) -> Seal:
        """The current key that signs documents, and the instant of a document that it signs now."""
        return Seal.now(self.keys, Purpose.SIGN)

    def root_over(self, rows: Sequence[RowName]) -> RootEntry:
        """The latest root; a new one if that does not cover the rows yet."""
        latest = ledger.latest_root()
        if latest is None or latest.size < max(row.position for row in rows):
            latest = ledger.publish_root(self.keys)
        if latest is None:
            raise Problem("ledger.nothing_logged")
        return latest

    def proven(self, rows: Sequence[RowName], size: int) -> list[Proven]:
        """Each row with its own path to the root over ``size`` entries."""
        found = []
        for row in rows:
            piece = self.leaves(row.piece_id)
            index = piece.places[row.event_key, row.outcome_no, row.month]
            spans = inclusion_spans(index, len(piece.leaves))
            included = ledger.inclusion(row.position, size)
            found.append(
                Proven(
                    leaf=piece.leaf(index),
                    index=index,
                    piece_path=[piece.node(span) for span in spans],
                    entry=included.entry,
                    path_sm3=included.path_sm3,
                    path_sha256=included.path_sha256,
                )
            )
        return found

    def bundle(self, rows: Sequence[RowName], size: int) -> Bundle:
        """All rows with the nodes that lead from them to the root, each listed once."""
        by_position: dict[int, list[RowName]] = {}
        for row in rows:
            by_position.setdefault(row.position, []).append(row)
        included = ledger.shared_inclusion(by_position, size)
        pieces = []
        for position, own in sorted(by_position.items()):
            piece = self.leaves(own[0].piece_id)
            indexes = [piece.places[row.event_key, row.outcome_no, row.month] for row in own]
            pieces.append(
                ProvenPiece(
                    entry=included.entries[position],
                    leaves={index: piece.leaf(index) for index in indexes},
                    nodes=[piece.node(span) for span in shared_spans(indexes, len(piece.leaves))],
                )
            )
        return Bundle(pieces, included.nodes_sm3, included.nodes_sha256, self.methods(rows))

    def methods(self, rows: Sequence[RowName]) -> list[Method]:
        """The pack versions behind the rows."""
        numbers = {row.pack_version_id for row in rows if row.pack_version_id is not None}
        return [Method(*found) for _, found in sorted(pack_versions(numbers).items())]

    def leaves(self, piece_id: int) -> PieceLeaves:
        """The leaves of a piece. Raises what ``leaves_of_piece`` raises."""
        if piece_id not in self._leaves:
            if len(self._leaves) >= _MOST_KEPT:
                del self._leaves[next(iter(self._leaves))]
            with bulk_transaction() as cursor:
                self._leaves[piece_id] = leaves_of_piece(cursor, piece_id, self.rules)
        return self._leaves[piece_id]
