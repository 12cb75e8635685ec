"""Roots of the log, signed and chained, and what shows one to continue another.

A *root* covers positions 1 to ``size``: a Merkle tree over the entries' canonical bytes, once with
SM3 and once with SHA-256. It names the digest of the root document before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tanzhang.crypto import Purpose
from tanzhang.engine.log import SHA256, SM3, ProofShapeError, roots_from_consistency
from tanzhang.problems import Problem
from tanzhang.proofs.fields import Fields, write_instant
from tanzhang.proofs.form import Document, canonical
from tanzhang.proofs.signing import Seal, require_signature
from tanzhang.proofs.trust import Trust

ROOT_FORMAT: Final = "tanzhang-root/1"
CONSISTENCY_FORMAT: Final = "tanzhang-consistency/1"


@dataclass(frozen=True, slots=True)
class Root:
    """What a verified root says; ``digest`` is SM3 over the signed document."""

    installation: str
    size: int
    sm3: bytes
    sha256: bytes
    previous_size: int | None
    previous_digest: bytes | None
    made_at: datetime
    digest: bytes

    def same_tree(self, other: Root) -> bool:
        """Whether both speak of the same log at the same size, in the same words."""
        mine = (self.installation, self.size, self.sm3, self.sha256)
        return mine == (other.installation, other.size, other.sm3, other.sha256)


def make_root(
    *,
    installation: str,
    size: int,
    sm3: bytes,
    sha256: bytes,
    previous: tuple[int, bytes] | None,
    seal: Seal,
) -> Document:
    """A signed root; ``previous`` is the size of the root before it and its document's digest."""
    before = None if previous is None else {"size": previous[0], "sm3": previous[1].hex()}
    return seal.put_on(
        {
            "format": ROOT_FORMAT,
            "installation": installation,
            "size": size,
            "sm3": sm3.hex(),
            "sha256": sha256.hex(),
            "previous": before,
            "made_at": write_instant(seal.at),
        }
    )


def verify_root(document: Document, trust: Trust) -> Root:
    """What a root says, if a root key signed it."""
    fields = Fields(document)
    if fields.text("format") != ROOT_FORMAT:
        raise Problem("proofs.format_unknown", given=fields.text("format")[:40], known=ROOT_FORMAT)
    made_at = fields.instant("made_at")
    require_signature(document, fields, Purpose.ROOT, made_at, trust)
    installation = fields.text("installation")
    trust.require_installation(installation)
    size = fields.integer("size", 1)
    previous = fields.inside_or_none("previous")
    found = Root(
        installation=installation,
        size=size,
        sm3=fields.octets("sm3", 32),
        sha256=fields.octets("sha256", 32),
        previous_size=previous.integer("size", 1, size - 1) if previous else None,
        previous_digest=previous.octets("sm3", 32) if previous else None,
        made_at=made_at,
        digest=SM3.of(canonical(document)),
    )
    if previous:
        previous.end()
    fields.end()
    return found


def make_consistency(
    old: Document, new: Document, path_sm3: Sequence[bytes], path_sha256: Sequence[bytes]
) -> Document:
    """The proof that one root continues another. Both are signed; it needs no signature itself."""
    return {
        "format": CONSISTENCY_FORMAT,
        "old": old,
        "new": new,
        "path_sm3": [node.hex() for node in path_sm3],
        "path_sha256": [node.hex() for node in path_sha256],
    }


def verify_consistency(document: Document, trust: Trust) -> tuple[Root, Root]:
    """Both roots, if the newer keeps every entry of the older.

    Raises ``proofs.not_consistent``, and ``proofs.split_view`` for two roots of one size.
    """
    fields = Fields(document)
    if fields.text("format") != CONSISTENCY_FORMAT:
        raise Problem(
            "proofs.format_unknown", given=fields.text("format")[:40], known=CONSISTENCY_FORMAT
        )
    old = verify_root(fields.anything("old"), trust)
    new = verify_root(fields.anything("new"), trust)
    if old.installation != new.installation:
        raise Problem(
            "proofs.installation_other", given=new.installation, expected=old.installation
        )
    refuse_split_view(old, new)
    try:
        for digest, path, roots in (
            (SM3, fields.octets_each("path_sm3", 32), (old.sm3, new.sm3)),
            (SHA256, fields.octets_each("path_sha256", 32), (old.sha256, new.sha256)),
        ):
            if roots_from_consistency(digest, old.size, new.size, roots[0], path) != roots:
                raise Problem("proofs.not_consistent", old=old.size, new=new.size)
    except ProofShapeError:
        raise Problem("proofs.not_consistent", old=old.size, new=new.size) from None
    fields.end()
    return old, new


def refuse_split_view(one: Root, other: Root) -> None:
    """Raises ``proofs.split_view`` for two roots of one size that differ."""
    if one.size == other.size and not one.same_tree(other):
        raise Problem("proofs.split_view", size=one.size)
