"""A receipt: that one act was recorded, by which method, for how much, and where.

It holds every outcome that was posted for the event, each as the log's leaf in plain numbers with
its salt, and the way from there up to a signed root: the path in its piece (SM3), the entry of the
piece, the path in the log (SM3 and SHA-256). What people read beside it (title, explanation,
factors) is under the signature of the whole. What it proves and what not stands in it, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from tanzhang.crypto import Purpose
from tanzhang.engine.acts import Status
from tanzhang.engine.log import SHA256, SM3, Entry, Leaf, ProofShapeError, root_from_inclusion
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

RECEIPT_FORMAT: Final = "tanzhang-receipt/1"


@dataclass(frozen=True, slots=True)
class Proven:
    """One outcome with its way to the root."""

    leaf: Leaf
    index: int
    piece_path: Sequence[bytes]
    entry: Entry
    path_sm3: Sequence[bytes]
    path_sha256: Sequence[bytes]

    def as_json(self) -> dict[str, Any]:
        """As a receipt says it."""
        return {
            "leaf": write_leaf(self.leaf),
            "index": self.index,
            "piece_path": [node.hex() for node in self.piece_path],
            "entry": write_entry(self.entry),
            "path_sm3": [node.hex() for node in self.path_sm3],
            "path_sha256": [node.hex() for node in self.path_sha256],
        }


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a verified receipt says."""

    root: Root
    issued_at: datetime
    account: bytes
    outcomes: Sequence[Outcome]  #: in the order in which they were posted
    methods: Sequence[Method]
    reading: dict[str, Any]
    total_mg: int
    total_points: int

    @property
    def last(self) -> Leaf:
        """The outcome that stands, as of the root."""
        return self.outcomes[-1].leaf


def make_receipt(
    *,
    installation: str,
    outcomes: Sequence[Proven],
    methods: Sequence[Method],
    reading: dict[str, Any],
    root: Document,
    seal: Seal,
) -> Document:
    """A signed receipt over the outcomes of one event, in the order in which they were posted.

    ``reading`` is for people: texts in ``zh`` and ``en``, partner, scene, programme.
    """
    last = outcomes[-1].leaf
    return seal.put_on(
        {
            "format": RECEIPT_FORMAT,
            "installation": installation,
            "issued_at": write_instant(seal.at),
            "event_key": last.event_key.hex(),
            "account": last.account.hex(),
            "status": Status(last.status).name.lower(),
            "total_mg": sum(proven.leaf.posted_mg for proven in outcomes),
            "total_points": sum(proven.leaf.posted_points for proven in outcomes),
            "outcomes": [proven.as_json() for proven in outcomes],
            "methods": [method.as_json() for method in methods],
            "reading": reading,
            "meaning": meaning("receipt"),
            "root": root,
        }
    )


def verify_receipt(document: Document, trust: Trust) -> Receipt:
    """What a receipt says, if everything in it holds."""
    fields = Fields(document)
    if fields.text("format") != RECEIPT_FORMAT:
        raise Problem(
            "proofs.format_unknown", given=fields.text("format")[:40], known=RECEIPT_FORMAT
        )
    issued_at = fields.instant("issued_at")
    require_signature(document, fields, Purpose.SIGN, issued_at, trust)
    root = verify_root(fields.anything("root"), trust.vouched(brought_keys(fields.inside("root"))))
    installation = fields.text("installation")
    if installation != root.installation:
        raise Problem("proofs.installation_other", given=root.installation, expected=installation)
    outcomes = [_proven(listed, root) for listed in fields.each("outcomes")]
    if not outcomes:
        raise Problem("proofs.outcomes_incomplete", event=fields.text("event_key")[:40])
    found = Receipt(
        root=root,
        issued_at=issued_at,
        account=fields.octets("account", 16),
        outcomes=outcomes,
        methods=read_methods(fields.each("methods")),
        reading=fields.anything("reading"),
        total_mg=fields.integer("total_mg"),
        total_points=fields.integer("total_points"),
    )
    _require_whole(found, fields)
    fields.anything("meaning")
    fields.end()
    return found


def _proven(fields: Fields, root: Root) -> Outcome:
    """One outcome, if its paths lead to the root. Raises ``proofs.path_wrong``."""
    leaf, entry = read_leaf(fields.inside("leaf")), read_entry(fields.inside("entry"))
    index = fields.integer("index", 0)
    piece_path = fields.octets_each("piece_path", 32)
    paths = {name: fields.octets_each(f"path_{name}", 32) for name in ("sm3", "sha256")}
    fields.end()
    place = entry.position - 1
    entry_bytes = entry.encode()
    try:
        piece_root = root_from_inclusion(
            SM3, hash_of_leaf(leaf), index, entry.leaf_count, piece_path
        )
        log_roots = [
            root_from_inclusion(
                digest, digest.leaf(entry_bytes), place, root.size, paths[digest.name]
            )
            for digest in (SM3, SHA256)
        ]
    except ProofShapeError:
        raise Problem("proofs.path_wrong", position=entry.position) from None
    if piece_root != entry.leaf_root or log_roots != [root.sm3, root.sha256]:
        raise Problem("proofs.path_wrong", position=entry.position)
    return Outcome(leaf, index, entry.position)


def _require_whole(receipt: Receipt, fields: Fields) -> None:
    """Raises if what the receipt says in sum is not what its outcomes say one by one."""
    leaves = [outcome.leaf for outcome in receipt.outcomes]
    event_key = fields.octets("event_key", 16)
    if any(leaf.event_key != event_key for leaf in leaves):
        raise Problem("proofs.event_differs", event=event_key.hex())
    require_places(receipt.outcomes)
    require_numbers(leaves)
    require_methods(leaves, [method.digest for method in receipt.methods])
    positions = [outcome.position for outcome in receipt.outcomes]
    status = Status(receipt.last.status).name.lower()
    if (
        positions != sorted(positions)
        or receipt.account != receipt.last.account
        or fields.text("status") != status
    ):
        raise Problem("proofs.event_differs", event=event_key.hex())
    sums = sum(leaf.posted_mg for leaf in leaves), sum(leaf.posted_points for leaf in leaves)
    if sums != (receipt.total_mg, receipt.total_points):
        raise Problem("proofs.sum_differs", stated=receipt.total_mg, summed=sums[0])
