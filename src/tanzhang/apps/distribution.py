"""How work and tables are spread: virtual shards, and which tables may one day leave this machine.

A test over the migrated database holds each of them distributable: no triggers, no foreign keys in
either direction, and the column in every primary key and unique index (design §4).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

#: Virtual shards of subjects. Fixed for ever: pieces and issuing balances are stored by shard.
SHARDS: Final = 64

#: Table -> distribution column.
DISTRIBUTED: Final = MappingProxyType(
    {
        "activity": "subject_id",
        "balance": "subject_id",
        "claim": "claim_key",
        "claim_rival": "claim_key",
        "cut": "subject_id",
        "event_identity": "event_key",
        "points_lot": "subject_id",
    }
)

#: Distributed tables that are partitioned by month, so that old months can be put away.
BY_MONTH: Final = ("activity", "cut")
