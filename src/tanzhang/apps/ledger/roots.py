"""Roots of the log: made one after another, signed, chained, and never changed.

A root is over the positions 1 to its size. There is one root for a size, and each names the one
before it; the table's own constraints hold the chain.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import psycopg

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.ledger.tree import StoredTree, complete_tiles
from tanzhang.apps.people.api import installation
from tanzhang.crypto import KeyStore, Purpose
from tanzhang.engine.log import SHA256, SM3, Span
from tanzhang.problems import Problem
from tanzhang.proofs import Document, Seal, canonical, make_root, parse

#: Whoever makes a root holds this advisory lock: "root" as a number.
_LOCK: Final = 0x726F6F74

_COLUMNS: Final = "size, made_at, digest, document"


@dataclass(frozen=True, slots=True)
class RootEntry:
    """A root as it was published; ``document`` are its canonical bytes, ``digest`` their SM3."""

    size: int
    made_at: datetime
    digest: bytes
    document: bytes

    def parsed(self) -> Document:
        """The document as an object."""
        return parse(self.document)


def publish_root(keys: KeyStore) -> RootEntry | None:
    """The root over all of the log: the latest one if nothing is new; None for an empty log."""
    with bulk_transaction() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
        size, latest = _log_size(cursor), _one(cursor, "order by size desc limit 1")
        if size == 0 or (latest is not None and latest.size == size):
            return latest
        complete_tiles(cursor, size)
        tree, whole = StoredTree(cursor), Span(0, size)
        sm3, sha256 = tree.node(SM3, whole), tree.node(SHA256, whole)
        document = make_root(
            installation=installation().id_text,
            size=size,
            sm3=sm3,
            sha256=sha256,
            previous=None if latest is None else (latest.size, latest.digest),
            seal=Seal.now(keys, Purpose.ROOT),
        )
        found = canonical(document)
        row = (
            size,
            document["made_at"],
            document["signature"]["key_id"],
            sm3,
            sha256,
            SM3.of(found),
            None if latest is None else latest.size,
            None if latest is None else latest.digest,
            found,
        )
        cursor.execute(
            "insert into log_root (size, made_at, key_id, sm3, sha256, digest, previous_size,"
            " previous_digest, document) values (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            row,
        )
        return _one(cursor, "where size = %s", size)


def latest_root() -> RootEntry | None:
    """The youngest root; None if none was made yet."""
    with bulk_transaction() as cursor:
        return _one(cursor, "order by size desc limit 1")


def root_of_size(size: int) -> RootEntry:
    """The root over so many entries. Raises ``ledger.root_unknown``."""
    with bulk_transaction() as cursor:
        found = _one(cursor, "where size = %s", size) if size < 2**63 else None
    if found is None:
        raise Problem("ledger.root_unknown", size=size)
    return found


def roots_after(size: int, count: int) -> list[RootEntry]:
    """The roots over more entries than ``size``, the smallest first."""
    with bulk_transaction() as cursor:
        cursor.execute(
            f"select {_COLUMNS} from log_root where size > %s order by size limit %s",
            [size, count],
        )
        return [_entry(row) for row in cursor.fetchall()]


def latest_roots(count: int, before: int | None = None) -> list[RootEntry]:
    """The youngest roots (before a size), the youngest first."""
    with bulk_transaction() as cursor:
        cursor.execute(
            f"select {_COLUMNS} from log_root where size < %s order by size desc limit %s",
            [before or 2**63 - 1, count],
        )
        return [_entry(row) for row in cursor.fetchall()]


def _log_size(cursor: psycopg.Cursor[Any]) -> int:
    cursor.execute("select coalesce(max(position), 0) from log_entry")
    row = cursor.fetchone()
    return row[0] if row else 0


def _one(cursor: psycopg.Cursor[Any], which: str, *values: object) -> RootEntry | None:
    statement = f"select {_COLUMNS} from log_root {which}"
    cursor.execute(statement.encode(), values)
    row = cursor.fetchone()
    return None if row is None else _entry(row)


def _entry(row: tuple[Any, ...]) -> RootEntry:
    size, made_at, digest, document = row
    return RootEntry(size, made_at, bytes(digest), bytes(document))
