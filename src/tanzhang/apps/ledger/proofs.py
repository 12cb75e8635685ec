"""Proofs over the log, for whoever holds one of its roots."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.ledger.roots import root_of_size
from tanzhang.apps.ledger.tree import StoredTree, entries
from tanzhang.engine.log import (
    Entry,
    Span,
    consistency_spans,
    inclusion_spans,
    shared_spans,
)
from tanzhang.problems import Problem
from tanzhang.proofs import Document, make_consistency


@dataclass(frozen=True, slots=True)
class Inclusion:
    """An entry and its path to the root of a size, with each digest."""

    entry: Entry
    path_sm3: list[bytes]
    path_sha256: list[bytes]


@dataclass(frozen=True, slots=True)
class SharedInclusion:
    """Entries by position, and the nodes that lead from all of them to the root of a size."""

    entries: dict[int, Entry]
    nodes_sm3: list[bytes]
    nodes_sha256: list[bytes]


def inclusion(position: int, size: int) -> Inclusion:
    """That the root over ``size`` entries has the entry at ``position``.

    Raises ``ledger.position_uncovered``.
    """
    if not 1 <= position <= size:
        raise Problem("ledger.position_uncovered", position=position, size=size)
    found = shared(inclusion_spans(position - 1, size), [position])
    return Inclusion(found.entries[position], found.nodes_sm3, found.nodes_sha256)


def shared_inclusion(positions: Collection[int], size: int) -> SharedInclusion:
    """That the root over ``size`` entries has all of these, which are at least one.

    Raises ``ledger.position_uncovered``.
    """
    outside = [position for position in positions if not 1 <= position <= size]
    if outside:
        raise Problem("ledger.position_uncovered", position=outside[0], size=size)
    spans = list(shared_spans([position - 1 for position in positions], size))
    return shared(spans, positions)


def consistency(old: int, new: int) -> Document:
    """The proof that the root over ``new`` entries continues the one over ``old``.

    Raises ``ledger.root_unknown``, and ``ledger.roots_backwards`` if the old one is the larger.
    """
    if old > new:
        raise Problem("ledger.roots_backwards", old=old, new=new)
    older, newer = root_of_size(old), root_of_size(new)
    with bulk_transaction() as cursor:
        paths = StoredTree(cursor).nodes(consistency_spans(old, new))
    return make_consistency(older.parsed(), newer.parsed(), *paths)


def shared(spans: list[Span], positions: Collection[int]) -> SharedInclusion:
    """The entries at these positions, and the nodes of these spans."""
    with bulk_transaction() as cursor:
        found = {}
        for position in positions:
            (found[position],) = entries(cursor, position, position)
        sm3, sha256 = StoredTree(cursor).nodes(spans)
    return SharedInclusion(found, sm3, sha256)
