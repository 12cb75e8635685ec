"""A tree that grows leaf by leaf and remembers no more than its whole parts."""

from __future__ import annotations

from collections.abc import Iterator

from tanzhang.engine.log.tree import TreeHash


class GrowingTree:
    """The root over what was appended so far, after any number of leaves."""

    __slots__ = ("_digest", "_parts", "size")

    def __init__(self, digest: TreeHash) -> None:
        self._digest = digest
        self._parts: list[tuple[int, bytes]] = []  # (height, node), from left to right
        self.size = 0

    def append(self, leaf: bytes) -> Iterator[tuple[int, int, bytes]]:
        """Add a leaf; gives (height, number, node) of each whole part that it completes."""
        height, node = 0, self._digest.leaf(leaf)
        completed = [(0, self.size, node)]
        while self._parts and self._parts[-1][0] == height:
            node = self._digest.node(self._parts.pop()[1], node)
            height += 1
            completed.append((height, self.size >> height, node))
        self._parts.append((height, node))
        self.size += 1
        return iter(completed)

    @property
    def root(self) -> bytes:
        """The root over all leaves so far; the digest of nothing where there are none."""
        if not self._parts:
            return self._digest.of(b"")
        *rest, (_, found) = self._parts
        for _, part in reversed(rest):
            found = self._digest.node(part, found)
        return found
