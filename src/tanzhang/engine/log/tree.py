"""Merkle trees as in RFC 6962 (section 2.1), over SM3 (GB/T 32905-2016) or another digest.

A leaf is hashed behind a zero byte and an inner node behind a one, so that neither passes for the
other; an odd node at the end of a row is carried up unchanged, which gives the RFC's split at the
largest power of two.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final


class TreeHash:
    """How one digest hashes leaves and nodes; ``name`` is the digest's for ``hashlib``."""

    __slots__ = ("_empty", "_leaf", "_node", "name", "width")

    def __init__(self, name: str) -> None:
        self.name = name
        self._empty = hashlib.new(name)
        self._leaf = hashlib.new(name, b"\x00")
        self._node = hashlib.new(name, b"\x01")
        self.width = self._empty.digest_size  #: bytes

    def of(self, data: bytes) -> bytes:
        """The plain digest."""
        return _hash(self._empty, data)

    def of_each(self, contents: Iterable[bytes]) -> list[bytes]:
        """The plain digests of many byte strings."""
        return _hashes(self._empty, contents)

    def leaf(self, leaf: bytes) -> bytes:
        """H(0x00 ‖ leaf)."""
        return _hash(self._leaf, leaf)

    def leaves(self, leaves: Iterable[bytes]) -> list[bytes]:
        """H(0x00 ‖ leaf) of many leaves."""
        return _hashes(self._leaf, leaves)

    def node(self, left: bytes, right: bytes) -> bytes:
        """H(0x01 ‖ left ‖ right)."""
        return _hash(self._node, left + right)

    def root(self, leaves: Iterable[bytes]) -> bytes:
        """The root over the leaves in their order; the digest of nothing where there are none."""
        return self.join(self.leaves(leaves))

    def join(self, row: Sequence[bytes]) -> bytes:
        """The root over nodes that stand for equally many leaves each, but for the last."""
        if not row:
            return self.of(b"")
        while len(row) > 1:
            pairs = zip(row[::2], row[1::2], strict=False)  # an odd last one has no partner
            odd = [row[-1]] if len(row) % 2 else []
            row = _hashes(self._node, (left + right for left, right in pairs)) + odd
        return row[0]


def _hash(prefix: hashlib._Hash, content: bytes) -> bytes:
    hasher = prefix.copy()
    hasher.update(content)
    return hasher.digest()


def _hashes(prefix: hashlib._Hash, contents: Iterable[bytes]) -> list[bytes]:
    """The digests of many contents behind one prefix; written out, for it runs once an act."""
    digests = []
    begin = prefix.copy
    for content in contents:
        hasher = begin()
        hasher.update(content)
        digests.append(hasher.digest())
    return digests


SM3: Final = TreeHash("sm3")
SHA256: Final = TreeHash("sha256")

sm3 = SM3.of
sm3_of_each = SM3.of_each
leaf_hash = SM3.leaf
node_hash = SM3.node
root = SM3.root
