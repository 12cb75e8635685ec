"""Posted outcomes in plain numbers, and their place in the log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tanzhang.engine.acts import Status
from tanzhang.engine.log import LEAF_VERSION, SM3, Entry, Leaf
from tanzhang.engine.log.record import ENTRY_VERSION
from tanzhang.problems import Problem
from tanzhang.proofs.fields import Fields

_NO_PACK: Final = bytes(16)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One leaf: which of its piece's leaves it is, and which piece."""

    leaf: Leaf
    index: int  #: from 0, in the piece
    position: int  #: of the piece, in the log

    @property
    def place(self) -> tuple[int, int]:
        """Where it is in the log; no two outcomes are at one place."""
        return self.position, self.index


def write_leaf(leaf: Leaf) -> dict[str, Any]:
    """The fields of a leaf as a document says them."""
    return {
        "version": leaf.version,
        "event_key": leaf.event_key.hex(),
        "outcome_no": leaf.outcome_no,
        "account": leaf.account.hex(),
        "pack_digest": leaf.pack_digest.hex(),
        "status": leaf.status,
        "revision": leaf.revision,
        "started_us": leaf.started_us,
        "gross_mg": leaf.gross_mg,
        "posted_mg": leaf.posted_mg,
        "posted_points": leaf.posted_points,
        "inputs": list(leaf.inputs),
        "salt": leaf.salt.hex(),
    }


def read_leaf(fields: Fields) -> Leaf:
    """The reverse. Raises ``proofs.leaf_unknown`` for another version of leaves."""
    version = fields.integer("version")
    if version != LEAF_VERSION:
        raise Problem("proofs.leaf_unknown", given=version)
    inputs = fields.anything("inputs")
    leaf = Leaf(
        version=version,
        event_key=fields.octets("event_key", 16),
        outcome_no=fields.integer("outcome_no", 0, 2**16 - 1),
        account=fields.octets("account", 16),
        pack_digest=fields.octets("pack_digest", 16),
        status=fields.integer("status", min(Status), max(Status)),
        revision=fields.integer("revision", 0, 2**32 - 1),
        started_us=fields.integer("started_us"),
        gross_mg=fields.integer("gross_mg"),
        posted_mg=fields.integer("posted_mg"),
        posted_points=fields.integer("posted_points"),
        inputs=tuple(inputs) if isinstance(inputs, list) else (),
        salt=fields.octets("salt", 16),
    )
    fields.end()
    if any(isinstance(value, bool) for value in leaf.inputs):
        raise Problem("proofs.member_wrong", member="inputs")
    hash_of_leaf(leaf)
    return leaf


def hash_of_leaf(leaf: Leaf) -> bytes:
    """The leaf's hash in its piece's tree. Raises ``proofs.member_wrong`` if a field is off."""
    try:
        return SM3.leaf(leaf.encode())
    except (ValueError, TypeError):
        raise Problem("proofs.member_wrong", member="leaf") from None


def write_entry(entry: Entry) -> dict[str, Any]:
    """The fields of an entry as a document says them."""
    return {
        "version": entry.version,
        "position": entry.position,
        "leaf_version": entry.leaf_version,
        "leaf_count": entry.leaf_count,
        "leaf_root": entry.leaf_root.hex(),
    }


def read_entry(fields: Fields) -> Entry:
    """The reverse. Raises ``proofs.leaf_unknown`` for another version of entries or leaves."""
    version, leaf_version = fields.integer("version"), fields.integer("leaf_version")
    if (version, leaf_version) != (ENTRY_VERSION, LEAF_VERSION):
        raise Problem("proofs.leaf_unknown", given=f"{version}/{leaf_version}")
    entry = Entry(
        position=fields.integer("position", 1),
        leaf_version=leaf_version,
        leaf_count=fields.integer("leaf_count", 1, 2**32 - 1),
        leaf_root=fields.octets("leaf_root", 32),
    )
    fields.end()
    return entry


def require_places(outcomes: Sequence[Outcome]) -> None:
    """Raises ``proofs.outcome_repeated`` if one place in the log is named twice."""
    if len({outcome.place for outcome in outcomes}) != len(outcomes):
        raise Problem("proofs.outcome_repeated")


def require_numbers(leaves: Iterable[Leaf]) -> None:
    """Raises ``proofs.outcomes_incomplete`` if a difference is there without the one before it.

    An event that moved to another month has begun anew at 0 there, so that a number may be there
    more than once; but never more often than the number before it.
    """
    for event_key, numbers in _numbers_by_event(leaves).items():
        for number in numbers:
            if number and numbers[number] > numbers[number - 1]:
                raise Problem("proofs.outcomes_incomplete", event=event_key.hex())


def require_methods(leaves: Iterable[Leaf], digests: Iterable[bytes]) -> None:
    """Raises ``proofs.method_differs`` if a leaf names a method that the document does not."""
    known = {digest[:16] for digest in digests} | {_NO_PACK}
    for leaf in leaves:
        if leaf.pack_digest not in known:
            raise Problem("proofs.method_differs", digest=leaf.pack_digest.hex())


def _numbers_by_event(leaves: Iterable[Leaf]) -> dict[bytes, Counter[int]]:
    found: dict[bytes, Counter[int]] = {}
    for leaf in leaves:
        found.setdefault(leaf.event_key, Counter())[leaf.outcome_no] += 1
    return found
