"""Does what was published follow from the log? Every root and every tile is computed again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import psycopg

from tanzhang.apps.ledger.tree import BITS, entries
from tanzhang.engine.log import SHA256, SM3, sm3
from tanzhang.engine.log.growing import GrowingTree
from tanzhang.problems import Problem
from tanzhang.proofs import parse

_AT_ONCE: Final = 10_000

_ROOTS: Final = """
select size, sm3, sha256, digest, previous_size, previous_digest, document
from log_root order by size
"""


def altered_roots(cursor: psycopg.Cursor[Any]) -> list[str]:
    """Descriptions of the roots and tiles that are not what the log's entries give."""
    cursor.execute(_ROOTS)
    roots = {row[0]: row for row in cursor.fetchall()}
    cursor.execute("select height, number, sm3, sha256 from log_tile")
    tiles = {(row[0], row[1]): (bytes(row[2]), bytes(row[3])) for row in cursor.fetchall()}
    found = []
    trees = GrowingTree(SM3), GrowingTree(SHA256)
    for leaf in _leaves(cursor, max(roots, default=0)):
        national, other = (list(tree.append(leaf)) for tree in trees)
        for (height, number, with_sm3), (_, _, with_sha256) in zip(national, other, strict=True):
            stored = tiles.pop((height // BITS, number), None) if _is_tile(height) else None
            if stored not in (None, (with_sm3, with_sha256)):
                found.append(f"tile {height // BITS}/{number}")
        size = trees[0].size
        row = roots.pop(size, None)
        if row is not None and not _says(row, trees[0].root, trees[1].root):
            found.append(f"root over {size} entries")
    found += [f"tile {height}/{number} over no entries" for height, number in tiles]
    return found + [f"root over {size} entries, which are not there" for size in roots]


def _is_tile(height: int) -> bool:
    return height > 0 and height % BITS == 0


def _leaves(cursor: psycopg.Cursor[Any], size: int) -> Iterator[bytes]:
    for first in range(1, size + 1, _AT_ONCE):
        for entry in entries(cursor, first, min(size, first + _AT_ONCE - 1)):
            yield entry.encode()


def _says(row: tuple[Any, ...], with_sm3: bytes, with_sha256: bytes) -> bool:
    """Whether the document of a root, and the columns beside it, say these digests."""
    size, own_sm3, own_sha256, digest, previous_size, previous_digest, document = row
    if sm3(bytes(document)) != bytes(digest):
        return False
    try:
        said = parse(bytes(document))
    except Problem:
        return False
    previous = previous_size and {"size": previous_size, "sm3": bytes(previous_digest).hex()}
    written = (said["size"], said["sm3"], said["sha256"], said["previous"])
    return written == (size, with_sm3.hex(), with_sha256.hex(), previous) and (
        bytes(own_sm3),
        bytes(own_sha256),
    ) == (with_sm3, with_sha256)
