"""Merkle roots: the RFC's recursion, and the ways in which two trees may not be mistaken."""

from __future__ import annotations

import hashlib

from hypothesis import given, strategies as st

from tanzhang.engine.log import leaf_hash, node_hash, root, sm3


def by_recursion(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962 §2.1, word for word: split at the largest power of two below the size."""
    if not leaves:
        return hashlib.new("sm3", b"").digest()
    if len(leaves) == 1:
        return hashlib.new("sm3", b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    left, right = by_recursion(leaves[:split]), by_recursion(leaves[split:])
    return hashlib.new("sm3", b"\x01" + left + right).digest()


def test_sm3_gives_the_standards_example() -> None:
    # GB/T 32905-2016, appendix A.1
    assert sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


@given(st.lists(st.binary(max_size=4), max_size=40))
def test_the_root_is_that_of_the_rfcs_recursion(leaves: list[bytes]) -> None:
    assert root(leaves) == by_recursion(leaves)


def test_the_root_of_many_leaves_is_that_of_the_recursion() -> None:
    leaves = [number.to_bytes(2, "big") for number in range(1025)]
    assert root(leaves) == by_recursion(leaves)


def test_a_leaf_cannot_pass_for_a_node() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != node_hash(left, right)


def test_a_repeated_last_leaf_changes_the_root() -> None:
    assert root([b"a", b"b", b"c"]) != root([b"a", b"b", b"c", b"c"])


def test_the_order_of_leaves_is_part_of_the_root() -> None:
    assert root([b"a", b"b"]) != root([b"b", b"a"])
