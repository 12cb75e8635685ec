"""The log's Merkle tree, kept so that a root costs what is new and a proof a few reads.

Only every eighth row of nodes is stored: a *tile* is the node over 256 whole neighbours, which are
entries (height 1) or tiles of the height below. Whatever else a proof needs is hashed again from at
most 256 rows of each height. Tiles are whole, so that none ever changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import psycopg

from tanzhang.engine.log import SHA256, SM3, Entry, Span, TreeHash, span_hash

#: The node of one place with each digest.
Pair = tuple[bytes, bytes]

#: A tile is over 2^8 neighbours.
BITS: Final = 8
_WIDTH: Final = 1 << BITS

#: Tiles that are made from one read.
_TILES_AT_ONCE: Final = 64

_DIGESTS: Final = (SM3, SHA256)


class StoredTree:
    """The nodes of the log's tree, read as they are asked for and kept while this lives."""

    def __init__(self, cursor: psycopg.Cursor[Any]) -> None:
        self._cursor = cursor
        self._rows: dict[tuple[int, int], Sequence[Pair]] = {}

    def node(self, digest: TreeHash, span: Span) -> bytes:
        """The node of any span of a proof; every entry of the span must be in the log."""
        place = _DIGESTS.index(digest)

        def whole(height: int, number: int) -> bytes:
            tiles, rest = divmod(height, BITS)
            first = number << rest
            start = first % _WIDTH
            row = self._row(tiles, first // _WIDTH)[start : start + (1 << rest)]
            return digest.join([pair[place] for pair in row])

        return span_hash(digest, span, whole)

    def nodes(self, spans: Sequence[Span]) -> tuple[list[bytes], list[bytes]]:
        """The nodes of many spans with SM3, and with SHA-256."""
        found = [[self.node(digest, span) for span in spans] for digest in _DIGESTS]
        return found[0], found[1]

    def _row(self, height: int, number: int) -> Sequence[Pair]:
        """The 256 neighbours below one tile, or those of them that are there."""
        key = height, number
        if key not in self._rows:
            first = number * _WIDTH
            self._rows[key] = list(_read(self._cursor, height, first, first + _WIDTH))
        return self._rows[key]


def entries(cursor: psycopg.Cursor[Any], first: int, last: int) -> list[Entry]:
    """The entries of the log at these positions, the last one included."""
    cursor.execute(
        "select position, leaf_version, leaf_count, leaf_root from log_entry"
        " where position between %s and %s order by position",
        [first, last],
    )
    return [Entry(row[0], row[1], row[2], bytes(row[3])) for row in cursor.fetchall()]


def complete_tiles(cursor: psycopg.Cursor[Any], size: int) -> int:
    """Store every tile that the first ``size`` entries fill; how many were added.

    Whoever calls is alone in doing so.
    """
    added, height, below = 0, 1, size
    while below >= _WIDTH:
        cursor.execute("select count(*) from log_tile where height = %s", [height])
        begin = (cursor.fetchone() or (0,))[0]
        end = below // _WIDTH
        for first in range(begin, end, _TILES_AT_ONCE):
            added += _add_tiles(cursor, height, first, min(end, first + _TILES_AT_ONCE))
        height, below = height + 1, end
    return added


def _add_tiles(cursor: psycopg.Cursor[Any], height: int, first: int, end: int) -> int:
    nodes = list(_read(cursor, height - 1, first * _WIDTH, end * _WIDTH))
    rows = []
    for number in range(first, end):
        start = (number - first) * _WIDTH
        part = nodes[start : start + _WIDTH]
        sm3, sha256 = (
            digest.join([pair[place] for pair in part]) for place, digest in enumerate(_DIGESTS)
        )
        rows.append((height, number, sm3, sha256))
    cursor.executemany(
        "insert into log_tile (height, number, sm3, sha256) values (%s, %s, %s, %s)", rows
    )
    return len(rows)


def _read(cursor: psycopg.Cursor[Any], height: int, first: int, end: int) -> Iterator[Pair]:
    """Neighbours of one height: hashes of entries (0), or tiles."""
    if height == 0:
        for entry in entries(cursor, first + 1, end):
            data = entry.encode()
            yield SM3.leaf(data), SHA256.leaf(data)
        return
    cursor.execute(
        "select sm3, sha256 from log_tile where height = %s and number >= %s and number < %s"
        " order by number",
        [height, first, end],
    )
    for sm3, sha256 in cursor.fetchall():
        yield bytes(sm3), bytes(sha256)
