"""Inclusion, consistency and shared paths: right for every size, and refused if anything is off."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, strategies as st

from tanzhang.engine.log import (
    SHA256,
    SM3,
    ProofShapeError,
    Span,
    TreeHash,
    consistency_spans,
    inclusion_spans,
    root_from_inclusion,
    root_from_shared,
    roots_from_consistency,
    shared_spans,
    span_hash,
)

MOST = 33

LEAVES = [bytes([number]) for number in range(MOST)]

#: The SHA-256 tree over these eight inputs is the one that Certificate Transparency's own tests
#: use (google/certificate-transparency, merkletree/merkle_tree_test.cc).
CT_INPUTS = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
CT_ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def node_of(digest: TreeHash, span: Span, leaves: list[bytes] = LEAVES) -> bytes:
    """A span's node, from the leaves alone."""
    return digest.root(leaves[span.start : span.end])


def path(digest: TreeHash, spans: list[Span]) -> list[bytes]:
    return [node_of(digest, span) for span in spans]


@pytest.mark.parametrize("size", CT_ROOTS)
def test_the_tree_gives_the_published_roots(size: int) -> None:
    assert SHA256.root(CT_INPUTS[:size]).hex() == CT_ROOTS[size]


@pytest.mark.parametrize("digest", [SM3, SHA256])
def test_every_leaf_of_every_size_leads_to_the_root(digest: TreeHash) -> None:
    for size in range(1, MOST + 1):
        root = digest.root(LEAVES[:size])
        for index in range(size):
            beside = path(digest, inclusion_spans(index, size))
            leaf = digest.leaf(LEAVES[index])
            assert root_from_inclusion(digest, leaf, index, size, beside) == root


def test_every_old_size_is_consistent_with_every_new_one() -> None:
    for new in range(1, MOST + 1):
        for old in range(1, new + 1):
            roots = SM3.root(LEAVES[:old]), SM3.root(LEAVES[:new])
            beside = path(SM3, consistency_spans(old, new))
            assert roots_from_consistency(SM3, old, new, roots[0], beside) == roots


@given(st.sets(st.integers(0, MOST - 1), min_size=1), st.integers(1, MOST))
def test_several_leaves_share_their_path_to_the_root(some: set[int], size: int) -> None:
    indexes = {index % size for index in some}
    nodes = path(SM3, list(shared_spans(indexes, size)))
    hashes = {index: SM3.leaf(LEAVES[index]) for index in indexes}
    assert root_from_shared(SM3, hashes, size, nodes) == SM3.root(LEAVES[:size])
    alone = sum(len(inclusion_spans(index, size)) for index in indexes)
    assert len(nodes) <= alone


def test_the_path_of_the_rfcs_example_is_in_the_rfcs_order() -> None:
    # RFC 6962 §2.1.3: the audit path for d3 in a tree of seven is [c, g, l].
    assert inclusion_spans(3, 7) == [(2, 3), (0, 2), (4, 7)]
    # PROOF(3, D[7]) is [c, d, g, l], PROOF(4, D[7]) is [l], PROOF(6, D[7]) is [i, j, k].
    assert consistency_spans(3, 7) == [(2, 3), (3, 4), (0, 2), (4, 7)]
    assert consistency_spans(4, 7) == [(4, 7)]
    assert consistency_spans(6, 7) == [(4, 6), (6, 7), (0, 4)]


def test_a_leaf_at_another_place_leads_elsewhere() -> None:
    root = SM3.root(LEAVES[:7])
    for index, other in combinations(range(7), 2):
        beside = path(SM3, inclusion_spans(index, 7))
        if len(beside) == len(inclusion_spans(other, 7)):
            leaf = SM3.leaf(LEAVES[index])
            assert root_from_inclusion(SM3, leaf, other, 7, beside) != root


@pytest.mark.parametrize("cut", [slice(1, None), slice(None, -1), slice(0, 0)])
def test_a_path_that_was_cut_is_refused(cut: slice) -> None:
    beside = path(SM3, inclusion_spans(5, 20))
    with pytest.raises(ProofShapeError):
        root_from_inclusion(SM3, SM3.leaf(LEAVES[5]), 5, 20, beside[cut])
    beside = path(SM3, consistency_spans(6, 20))
    with pytest.raises(ProofShapeError):
        roots_from_consistency(SM3, 6, 20, SM3.root(LEAVES[:6]), beside[cut])
    nodes = path(SM3, list(shared_spans({2, 5}, 20)))
    hashes = {index: SM3.leaf(LEAVES[index]) for index in (2, 5)}
    with pytest.raises(ProofShapeError):
        root_from_shared(SM3, hashes, 20, nodes[cut])


def test_a_path_that_was_lengthened_is_refused() -> None:
    more = [bytes(32)]
    with pytest.raises(ProofShapeError):
        root_from_inclusion(SM3, bytes(32), 5, 20, path(SM3, inclusion_spans(5, 20)) + more)
    with pytest.raises(ProofShapeError):
        roots_from_consistency(SM3, 3, 3, bytes(32), more)
    with pytest.raises(ProofShapeError):
        root_from_shared(SM3, {0: bytes(32)}, 1, more)


@pytest.mark.parametrize(("index", "size"), [(-1, 4), (4, 4), (0, 0)])
def test_a_leaf_that_cannot_be_there_is_refused(index: int, size: int) -> None:
    with pytest.raises(ProofShapeError):
        root_from_inclusion(SM3, bytes(32), index, size, [])
    with pytest.raises(ProofShapeError):
        root_from_shared(SM3, {index: bytes(32)}, size, [])


@pytest.mark.parametrize(("old", "new"), [(0, 4), (5, 4), (-1, 4)])
def test_sizes_that_cannot_follow_each_other_are_refused(old: int, new: int) -> None:
    with pytest.raises(ProofShapeError):
        roots_from_consistency(SM3, old, new, bytes(32), [])


def test_no_proof_can_be_asked_for_what_is_not_there() -> None:
    with pytest.raises(ValueError, match="not below"):
        inclusion_spans(3, 3)
    with pytest.raises(ValueError, match="size"):
        consistency_spans(4, 3)
    with pytest.raises(ValueError, match="leaves that are there"):
        list(shared_spans([3], 3))


def test_an_altered_history_is_not_consistent() -> None:
    altered = [*LEAVES[:3], b"other", *LEAVES[4:]]
    beside = [node_of(SM3, span, altered) for span in consistency_spans(6, 20)]
    known = SM3.root(LEAVES[:6])
    old, new = roots_from_consistency(SM3, 6, 20, known, beside)
    assert new == SM3.root(altered[:20])
    assert old != known


def test_any_span_of_a_proof_is_made_of_whole_ones() -> None:
    asked: list[tuple[int, int]] = []

    def whole(height: int, number: int) -> bytes:
        asked.append((height, number))
        return node_of(SM3, Span(number << height, (number + 1) << height))

    for size in range(1, MOST + 1):
        spans = [Span(0, size), *(s for i in range(size) for s in inclusion_spans(i, size))]
        for span in spans:
            assert span_hash(SM3, span, whole) == node_of(SM3, span)
    assert all((number + 1) << height <= MOST for height, number in asked)
