"""Workers: plain processes that take shards with waiting pieces, one transaction at a time.

Any number of them may run. A shard is worked on under an advisory lock that lives as long as the
transaction, so that two workers never meet in one subject; a worker that dies gives its shard back.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any, Final

import psycopg
from psycopg import Cursor

from tanzhang.apps.activities.log import append_positions
from tanzhang.apps.activities.pieces import MAX_ITEMS
from tanzhang.apps.activities.posting.settlement import Settled, Waiting, settle_pieces
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.faults import fault_point

#: Keeps the shards' locks apart from other advisory locks.
_SHARD_LOCK: Final = 0x73686172

#: How often a transaction that PostgreSQL broke off (deadlock, serialisation) is tried again.
ATTEMPTS: Final = 5

IDLE_SECONDS: Final = 0.05


def drain(on_progress: Callable[[Settled], None] | None = None) -> Settled:
    """Settle until nothing waits, then give the settled pieces their places in the log.

    Shards that another worker holds are left to it, and waited for.
    """
    total = Settled(0, 0, 0, 0)
    while shards := waiting_shards():
        settled = [work_on(shard) for shard in shards]
        done = [result for result in settled if result is not None]
        for result in done:
            total = _sum(total, result)
            if on_progress is not None:
                on_progress(result)
        if not done:
            time.sleep(IDLE_SECONDS)
    append_positions()
    return total


def run(should_stop: Callable[[], bool]) -> None:
    """Work until told to stop; sleep briefly while nothing waits."""
    while not should_stop():
        worked = [work_on(shard) for shard in waiting_shards() if not should_stop()]
        if any(worked):
            append_positions()
        else:
            time.sleep(IDLE_SECONDS)


def waiting_shards() -> list[int]:
    """The shards that have pieces waiting; each process starts at another one."""
    with bulk_transaction() as cursor:
        cursor.execute("select distinct shard from piece_queue order by shard")
        shards = [row[0] for row in cursor.fetchall()]
    turn = os.getpid() % len(shards) if shards else 0
    return shards[turn:] + shards[:turn]


def work_on(shard: int) -> Settled | None:
    """Settle the oldest waiting pieces of a shard; None if another worker holds it."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with bulk_transaction() as cursor:
                cursor.execute("select pg_try_advisory_xact_lock(%s, %s)", [_SHARD_LOCK, shard])
                if cursor.fetchone() != (True,):
                    return None
                fault_point("settle.locked")
                pieces = _oldest_pieces(cursor, shard)
                if not pieces:
                    return None
                # The rules are asked for here, and not before the lock or a failed attempt: what
                # was loaded meanwhile counts.
                settled = settle_pieces(cursor, shard, pieces, rulebook_in_force())
                fault_point("settle.before_commit")
            fault_point("settle.after_commit")
            return settled
        except (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure):
            if attempt == ATTEMPTS:
                raise
            time.sleep(IDLE_SECONDS * (1 + os.getpid() % 8))  # so that two workers part
    return None


def _oldest_pieces(cursor: Cursor[Any], shard: int) -> list[Waiting]:
    """Waiting pieces in order of arrival, together at most about ``MAX_ITEMS`` items."""
    cursor.execute(
        "select id, kind, body from (select piece.id, kind, body, item_count,"
        " sum(item_count) over (order by piece.id) as items"
        " from piece_queue q join piece on piece.id = q.piece_id where q.shard = %s) waiting"
        " where items - item_count < %s order by id",
        [shard, MAX_ITEMS],
        binary=True,
    )
    return [Waiting(row[0], row[1], bytes(row[2])) for row in cursor.fetchall()]


def _sum(a: Settled, b: Settled) -> Settled:
    return Settled(a.pieces + b.pieces, a.items + b.items, a.fast + b.fast, a.outcomes + b.outcomes)
