"""A growing tree has at every size the root that the whole tree has."""

from __future__ import annotations

from tanzhang.engine.log import SHA256, SM3
from tanzhang.engine.log.growing import GrowingTree


def test_the_root_is_that_of_the_leaves_at_every_size() -> None:
    for digest in (SM3, SHA256):
        tree = GrowingTree(digest)
        leaves: list[bytes] = []
        assert tree.root == digest.root([])
        for number in range(70):
            leaves.append(bytes([number]))
            completed = list(tree.append(leaves[-1]))
            assert (tree.size, tree.root) == (number + 1, digest.root(leaves))
            for height, place, node in completed:
                part = leaves[place << height : (place + 1) << height]
                assert len(part) == 1 << height
                assert node == digest.root(part)
