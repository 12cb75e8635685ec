"""Merkle trees as in RFC 6962 (section 2.1), over SM3 (GB/T 32905-2016).

A leaf is hashed behind a zero byte and an inner node behind a one, so that neither passes for the
other; an odd node at the end of a row is carried up unchanged, which gives the RFC's split at the
largest power of two.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

_EMPTY = hashlib.new("sm3")
_LEAF = hashlib.new("sm3", b"\x00")
_NODE = hashlib.new("sm3", b"\x01")


def sm3(data: bytes) -> bytes:
    """The SM3 digest, 32 bytes."""
    hasher = _EMPTY.copy()
    hasher.update(data)
    return hasher.digest()


def sm3_of_each(contents: Iterable[bytes]) -> list[bytes]:
    """The SM3 digests of many byte strings."""
    return _hashes(_EMPTY, contents)


def leaf_hash(leaf: bytes) -> bytes:
    """SM3(0x00 ‖ leaf)."""
    hasher = _LEAF.copy()
    hasher.update(leaf)
    return hasher.digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SM3(0x01 ‖ left ‖ right)."""
    hasher = _NODE.copy()
    hasher.update(left + right)
    return hasher.digest()


def root(leaves: Iterable[bytes]) -> bytes:
    """The root over the leaves in their order; SM3 of nothing where there are none."""
    row = _hashes(_LEAF, leaves)
    if not row:
        return sm3(b"")
    while len(row) > 1:
        pairs = zip(row[::2], row[1::2], strict=False)  # an odd last one has no partner
        odd = row[-1:] if len(row) % 2 else []
        row = _hashes(_NODE, (left + right for left, right in pairs)) + odd
    return row[0]


def _hashes(prefix: hashlib._Hash, contents: Iterable[bytes]) -> list[bytes]:
    """The digests of many contents behind one prefix; written out, for it runs once an act."""
    digests = []
    begin = prefix.copy
    for content in contents:
        hasher = begin()
        hasher.update(content)
        digests.append(hasher.digest())
    return digests
