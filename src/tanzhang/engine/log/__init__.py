"""The verifiable log: canonical leaves and Merkle roots."""

from __future__ import annotations

from tanzhang.engine.log.leaf import LEAF_VERSION, Posted, leaves, pseudonym
from tanzhang.engine.log.tree import leaf_hash, node_hash, root, sm3

__all__ = [
    "LEAF_VERSION",
    "Posted",
    "leaf_hash",
    "leaves",
    "node_hash",
    "pseudonym",
    "root",
    "sm3",
]
