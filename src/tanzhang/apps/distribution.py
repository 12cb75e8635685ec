"""How work and tables are spread: virtual shards, and which tables may one day leave this machine.

A test over the migrated database holds each of these tables distributable: no triggers, no foreign
keys in either direction, and the column in every primary key and unique index (design §4).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

import numpy as np

from tanzhang.engine.rules import Ints

#: Virtual shards of subjects. Fixed for ever: pieces and issuing balances are stored by shard.
SHARDS: Final = 64

#: Table -> distribution column.
DISTRIBUTED: Final = MappingProxyType(
    {
        "act_signal": "subject_id",
        "activity": "subject_id",
        "balance": "subject_id",
        "batch_item": "event_key",
        "claim": "claim_key",
        "claim_rival": "claim_key",
        "cut": "subject_id",
        "event_identity": "event_key",
        "points_lot": "subject_id",
    }
)

#: Distributed tables that are partitioned by month, so that old months can be put away.
BY_MONTH: Final = ("activity", "cut")


def shards(subject_ids: Ints) -> Ints:
    """The virtual shard of each subject: the top six bits of the id's splitmix64 hash.

    Fixed for ever. splitmix64 is the finaliser of Steele, Lea and Flood, "Fast splittable
    pseudorandom number generators" (2014); it spreads the consecutive ids of a sequence evenly.
    """
    with np.errstate(over="ignore"):
        mixed = subject_ids.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
    return (mixed >> np.uint64(58)).astype(np.int64)
