"""The verifiable log: canonical leaves and entries, Merkle roots, and proofs over them."""

from __future__ import annotations

from tanzhang.engine.log.leaf import LEAF_VERSION, Posted, leaves, pseudonym
from tanzhang.engine.log.proof import (
    ProofShapeError,
    root_from_inclusion,
    root_from_shared,
    roots_from_consistency,
)
from tanzhang.engine.log.ranges import (
    Span,
    WholeNode,
    consistency_spans,
    inclusion_spans,
    shared_spans,
    span_hash,
)
from tanzhang.engine.log.record import ENTRY_VERSION, Entry, Leaf
from tanzhang.engine.log.tree import SHA256, SM3, TreeHash, leaf_hash, node_hash, root, sm3

__all__ = [
    "ENTRY_VERSION",
    "LEAF_VERSION",
    "SHA256",
    "SM3",
    "Entry",
    "Leaf",
    "Posted",
    "ProofShapeError",
    "Span",
    "TreeHash",
    "WholeNode",
    "consistency_spans",
    "inclusion_spans",
    "leaf_hash",
    "leaves",
    "node_hash",
    "pseudonym",
    "root",
    "root_from_inclusion",
    "root_from_shared",
    "roots_from_consistency",
    "shared_spans",
    "sm3",
    "span_hash",
]
