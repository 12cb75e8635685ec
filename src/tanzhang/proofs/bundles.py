"""Many outcomes under one root: what certificates and statements have in common.

The leaves of one piece share its path, and the pieces share theirs in the log: each tree's missing
nodes are listed once, from left to right (``engine.log.shared_spans``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tanzhang.crypto import Purpose
from tanzhang.engine.log import SHA256, SM3, Entry, Leaf, ProofShapeError, root_from_shared
from tanzhang.problems import Problem
from tanzhang.proofs.fields import Fields, write_instant
from tanzhang.proofs.form import Document
from tanzhang.proofs.methods import Method, read_methods
from tanzhang.proofs.outcomes import (
    Outcome,
    hash_of_leaf,
    read_entry,
    read_leaf,
    require_methods,
    require_numbers,
    require_places,
    write_entry,
    write_leaf,
)
from tanzhang.proofs.roots import Root, verify_root
from tanzhang.proofs.signing import Seal, require_signature
from tanzhang.proofs.trust import Trust, brought_keys
from tanzhang.proofs.words import meaning


@dataclass(frozen=True, slots=True)
class ProvenPiece:
    """Some leaves of a settled piece by their indexes, and the nodes that give its root."""

    entry: Entry
    leaves: Mapping[int, Leaf]
    nodes: Sequence[bytes]

    def as_json(self) -> dict[str, Any]:
        """As a document says it."""
        return {
            "entry": write_entry(self.entry),
            "leaves": [
                {"index": index, "leaf": write_leaf(leaf)}
                for index, leaf in sorted(self.leaves.items())
            ],
            "nodes": [node.hex() for node in self.nodes],
        }


@dataclass(frozen=True, slots=True)
class Bundle:
    """Pieces in the order of their positions, and the nodes that lead from them to the root."""

    pieces: Sequence[ProvenPiece]
    nodes_sm3: Sequence[bytes]
    nodes_sha256: Sequence[bytes]
    methods: Sequence[Method]

    @property
    def leaves(self) -> list[Leaf]:
        """Every leaf, piece after piece."""
        return [leaf for piece in self.pieces for _, leaf in sorted(piece.leaves.items())]

    def as_json(self) -> dict[str, Any]:
        """The members that a document has of it."""
        return {
            "pieces": [piece.as_json() for piece in self.pieces],
            "nodes_sm3": [node.hex() for node in self.nodes_sm3],
            "nodes_sha256": [node.hex() for node in self.nodes_sha256],
            "methods": [method.as_json() for method in self.methods],
        }


@dataclass(frozen=True, slots=True)
class VerifiedBundle:
    """What is common to verified certificates and statements."""

    root: Root
    issued_at: datetime
    account: bytes
    outcomes: Sequence[Outcome]
    total_mg: int
    methods: Sequence[Method]


def make_bundle(
    document_format: str,
    *,
    installation: str,
    account: bytes,
    bundle: Bundle,
    more: Mapping[str, Any],
    root: Document,
    seal: Seal,
) -> Document:
    """A signed document over a bundle; ``more`` are the members of its own kind."""
    return seal.put_on(
        {
            "format": document_format,
            "installation": installation,
            "issued_at": write_instant(seal.at),
            "account": account.hex(),
            "total_mg": sum(leaf.posted_mg for leaf in bundle.leaves),
            **bundle.as_json(),
            **more,
            "meaning": meaning(document_format.split("/")[0].removeprefix("tanzhang-")),
            "root": root,
        }
    )


def verify_bundle(
    document: Document, document_format: str, trust: Trust
) -> tuple[VerifiedBundle, Fields]:
    """What is common to its kind, if it holds; and the fields of which the rest is to be read."""
    fields = Fields(document)
    given = fields.text("format")
    if given != document_format:
        raise Problem("proofs.format_unknown", given=given[:40], known=document_format)
    issued_at = fields.instant("issued_at")
    require_signature(document, fields, Purpose.SIGN, issued_at, trust)
    root = verify_root(fields.anything("root"), trust.vouched(brought_keys(fields.inside("root"))))
    installation = fields.text("installation")
    if installation != root.installation:
        raise Problem("proofs.installation_other", given=root.installation, expected=installation)
    found = VerifiedBundle(
        root=root,
        issued_at=issued_at,
        account=fields.octets("account", 16),
        outcomes=_outcomes(fields, root),
        total_mg=fields.integer("total_mg"),
        methods=read_methods(fields.each("methods")),
    )
    _require_whole(found)
    fields.anything("meaning")
    return found, fields


def _outcomes(fields: Fields, root: Root) -> list[Outcome]:
    """Every outcome, if all lead to the root. Raises ``proofs.path_wrong``."""
    found: list[Outcome] = []
    entries: dict[int, bytes] = {}
    for piece in fields.each("pieces"):
        entry, outcomes = _piece(piece)
        if entry.position - 1 in entries:
            raise Problem("proofs.outcome_repeated")
        entries[entry.position - 1] = entry.encode()
        found += outcomes
    for digest, stated in ((SM3, root.sm3), (SHA256, root.sha256)):
        nodes = fields.octets_each(f"nodes_{digest.name}", 32)
        hashes = {place: digest.leaf(entry) for place, entry in entries.items()}
        try:
            matches = root_from_shared(digest, hashes, root.size, nodes) == stated
        except ProofShapeError:
            matches = False
        if not matches:
            raise Problem("proofs.path_wrong", position=root.size)
    return found


def _piece(fields: Fields) -> tuple[Entry, list[Outcome]]:
    entry = read_entry(fields.inside("entry"))
    outcomes = []
    for listed in fields.each("leaves"):
        index = listed.integer("index", 0)
        outcomes.append(Outcome(read_leaf(listed.inside("leaf")), index, entry.position))
        listed.end()
    hashes = {outcome.index: hash_of_leaf(outcome.leaf) for outcome in outcomes}
    nodes = fields.octets_each("nodes", 32)
    fields.end()
    try:
        matches = root_from_shared(SM3, hashes, entry.leaf_count, nodes) == entry.leaf_root
    except ProofShapeError:
        matches = False
    if not matches:
        raise Problem("proofs.path_wrong", position=entry.position)
    return entry, outcomes


def _require_whole(bundle: VerifiedBundle) -> None:
    leaves = [outcome.leaf for outcome in bundle.outcomes]
    require_places(bundle.outcomes)
    require_numbers(leaves)
    require_methods(leaves, [method.digest for method in bundle.methods])
    if any(leaf.account != bundle.account for leaf in leaves):
        raise Problem("proofs.account_differs", account=bundle.account.hex())
    summed = sum(leaf.posted_mg for leaf in leaves)
    if summed != bundle.total_mg:
        raise Problem("proofs.sum_differs", stated=bundle.total_mg, summed=summed)
