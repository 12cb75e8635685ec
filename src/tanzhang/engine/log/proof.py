"""Proofs over Merkle trees, checked: inclusion and consistency (RFC 6962 §2.1), and shared paths.

Each function computes the roots that a proof leads to; a proof that has not exactly the nodes it
needs raises ``ProofShapeError``. Whoever calls compares with a root that somebody signed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tanzhang.engine.log.ranges import Span, consistency_spans, inclusion_spans, split
from tanzhang.engine.log.tree import TreeHash


class ProofShapeError(ValueError):
    """A proof has too few or too many nodes, or speaks of leaves that cannot be there."""


def root_from_inclusion(
    digest: TreeHash, leaf: bytes, index: int, size: int, path: Sequence[bytes]
) -> bytes:
    """The root over ``size`` leaves if the hash ``leaf`` is at ``index`` and ``path`` beside it."""
    if not 0 <= index < size:
        raise ProofShapeError(f"leaf {index} of {size}")
    spans = inclusion_spans(index, size)
    if len(spans) != len(path):
        raise ProofShapeError(f"{len(path)} nodes, {len(spans)} needed")
    node = leaf
    for span, beside in zip(spans, path, strict=True):
        node = digest.node(beside, node) if span.end <= index else digest.node(node, beside)
    return node


def roots_from_consistency(
    digest: TreeHash, old: int, new: int, old_root: bytes, path: Sequence[bytes]
) -> tuple[bytes, bytes]:
    """The old and the new root that the nodes of a consistency proof lead to.

    ``old_root`` is used as a node where the old tree is one of the new tree's nodes; there the
    first answer is that root itself.
    """
    if not 0 < old <= new:
        raise ProofShapeError(f"{old} is not a size from 1 to {new}")
    spans = consistency_spans(old, new)
    if len(spans) != len(path):
        raise ProofShapeError(f"{len(path)} nodes, {len(spans)} needed")
    begins_inside = bool(spans) and spans[0].end == old
    nodes = list(zip(spans, path, strict=True))
    node_old = node_new = nodes.pop(0)[1] if begins_inside else old_root
    for span, beside in nodes:
        if span.end <= old:
            node_old = digest.node(beside, node_old)
            node_new = digest.node(beside, node_new)
        else:
            node_new = digest.node(node_new, beside)
    return node_old, node_new


def root_from_shared(
    digest: TreeHash, leaves: Mapping[int, bytes], size: int, nodes: Sequence[bytes]
) -> bytes:
    """The root over ``size`` leaves from the hashes of some and the nodes of ``shared_spans``."""
    wanted = sorted(leaves)
    if not wanted or not 0 <= wanted[0] <= wanted[-1] < size:
        raise ProofShapeError("no leaf, or one that cannot be there")
    given = iter(nodes)

    def hash_of(span: Span, inside: Sequence[int]) -> bytes:
        if not inside:
            found = next(given, None)
            if found is None:
                raise ProofShapeError("too few nodes")
            return found
        if span.end - span.start == 1:
            return leaves[span.start]
        left, right = split(span)
        before = [index for index in inside if index < left.end]
        after = inside[len(before) :]
        left_hash = hash_of(left, before)
        return digest.node(left_hash, hash_of(right, after))

    found = hash_of(Span(0, size), wanted)
    if next(given, None) is not None:
        raise ProofShapeError("too many nodes")
    return found
