"""What two transactions that settle must not hold at once.

A shard is worked on under an advisory lock that lives as long as its transaction, so that two
workers never meet in one subject. Subjects that are linked may lie in several shards: who settles
one of them holds the shards of all. A shard that is not free is never waited for while another is
held, unless all that are needed are taken in their order: so nobody waits in a circle.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from psycopg import Cursor

#: Settling transactions share this advisory lock; a change of the rules holds it alone.
RULES_LOCK: Final = 0x72756C65

#: Keeps the shards' locks apart from other advisory locks.
_SHARD_LOCK: Final = 0x73686172

#: How long anybody waits for workers, who meanwhile take up nothing new of what is wanted.
LOCK_TIMEOUT_SECONDS: Final = 30


class ShardTakenError(Exception):
    """Linked subjects lie in shards that others hold; ``shards`` are all that must be held."""

    def __init__(self, shards: frozenset[int]) -> None:
        super().__init__(f"shards {sorted(shards)} are not all free")
        self.shards = shards


def share_rules(cursor: Cursor[Any]) -> None:
    """Let no rules change while this transaction settles."""
    cursor.execute("select pg_advisory_xact_lock_shared(%s)", [RULES_LOCK])


def lock_rules(cursor: Cursor[Any]) -> None:
    """Wait until nobody settles, and keep it so. Raises ``LockNotAvailable`` if it takes long."""
    _wait(cursor, "select pg_advisory_xact_lock(%s)", [RULES_LOCK])


def try_shard(cursor: Cursor[Any], shard: int) -> bool:
    """Hold a shard if nobody else does."""
    cursor.execute("select pg_try_advisory_xact_lock(%s, %s)", [_SHARD_LOCK, shard])
    return cursor.fetchone() == (True,)


def lock_shards(cursor: Cursor[Any], shards: Iterable[int]) -> None:
    """Wait for shards in their order and hold them. Raises ``LockNotAvailable`` if it takes long.

    The caller holds no shard yet.
    """
    for shard in sorted(shards):
        _wait(cursor, "select pg_advisory_xact_lock(%s, %s)", [_SHARD_LOCK, shard])


def _wait(cursor: Cursor[Any], query: str, parameters: list[int]) -> None:
    cursor.execute("select set_config('lock_timeout', %s, true)", [f"{LOCK_TIMEOUT_SECONDS}s"])
    cursor.execute(query, parameters)
    cursor.execute("set local lock_timeout to default")
