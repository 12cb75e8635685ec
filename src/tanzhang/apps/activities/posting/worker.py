"""Workers: plain processes that take shards with waiting pieces, one transaction at a time.

Any number of them may run. A shard is worked on under an advisory lock that lives as long as the
transaction, so that two workers never meet in one subject; a worker that dies gives its shard back.
Requests that a change of the rules or of links wrote come before everything else in their shard.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from random import SystemRandom
from typing import Any, Final

import django.db
import psycopg
from django.db import connection
from psycopg import Cursor

from tanzhang.apps.activities.log import append_positions
from tanzhang.apps.activities.models import PieceKind
from tanzhang.apps.activities.pieces import MAX_ITEMS
from tanzhang.apps.activities.posting import locks
from tanzhang.apps.activities.posting.settlement import Settled, Waiting, settle_pieces
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.faults import fault_point
from tanzhang.problems import Problem

logger = logging.getLogger(__name__)

#: Requests that are settled before whatever else waits in their shard, each alone.
_FIRST: Final = (int(PieceKind.RESETTLE), int(PieceKind.RELINK))

#: How often a transaction that PostgreSQL broke off (deadlock, serialisation) is tried again.
ATTEMPTS: Final = 5

IDLE_SECONDS: Final = 0.05

#: How long a worker without a database waits before it tries again, chance left aside: at first,
#: and when the waits have stopped growing.
FIRST_WAIT_SECONDS: Final = 0.2
GROWN_WAIT_SECONDS: Final = 10.0

#: By chance each is up to half as long again (15 s at most), so that workers do not all come back
#: to it at once.
LONGER_AT_MOST: Final = 0.5

_CHANCE: Final = SystemRandom()

_LOST: Final = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    django.db.OperationalError,
    django.db.InterfaceError,
)


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


def run(should_stop: Callable[[], bool], is_open: Callable[[], object] = lambda: None) -> None:
    """Work until told to stop; sleep briefly while nothing waits.

    ``is_open`` is called before each round, and raises a ``Problem`` if there may be none.

    A worker whose database goes away, or who is refused, tries again until it may work, and is told
    to stop meanwhile as ever. What it had in hand was not committed and waits as before.
    """
    failures, said = 0, ""
    while not should_stop():
        try:
            is_open()
            worked = [work_on(shard) for shard in waiting_shards() if not should_stop()]
            if any(worked):
                append_positions()
        except (Problem, *_LOST) as error:
            failures += 1
            said = _say(error, said)
            _wait_for_database(failures, should_stop)
            continue
        if failures:
            logger.warning("The worker goes on.", extra={"failures": failures})
            failures, said = 0, ""
        if not any(worked):
            time.sleep(IDLE_SECONDS)


def _say(error: Exception, said: str) -> str:
    """Say once why there is no work, and again if it is for another reason; what was said last."""
    if isinstance(error, Problem):
        why, sentence = error.code, "The worker may not work now; it keeps trying."
        extra = {"problem": why}
    else:
        why = type(error).__qualname__
        sentence = "The worker cannot work on the database now; it keeps trying."
        extra = {"error": why}
    if why != said:
        logger.warning(sentence, extra=extra)
    return why


def _wait_for_database(failures: int, should_stop: Callable[[], bool]) -> None:
    """Let go of the database, and wait a little longer each time."""
    connection.close()
    seconds = min(FIRST_WAIT_SECONDS * 2 ** min(failures - 1, 16), GROWN_WAIT_SECONDS)
    until = time.monotonic() + seconds * (1 + _CHANCE.uniform(0, LONGER_AT_MOST))
    while time.monotonic() < until and not should_stop():
        time.sleep(IDLE_SECONDS)


def waiting_shards() -> list[int]:
    """The shards that have pieces waiting; each process starts at another one."""
    with bulk_transaction() as cursor:
        cursor.execute("select distinct shard from piece_queue order by shard")
        shards = [row[0] for row in cursor.fetchall()]
    turn = os.getpid() % len(shards) if shards else 0
    return shards[turn:] + shards[:turn]


def work_on(shard: int) -> Settled | None:
    """Settle the oldest waiting pieces of a shard; None if another worker holds it.

    Where linked subjects lie in shards that are not free either, everything is let go and all their
    shards are waited for in order, so that neither of two such workers is left behind for ever.
    Raises ``settlement.contended`` if PostgreSQL broke every attempt off.
    """
    needed = frozenset([shard])
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with bulk_transaction() as cursor:
                locks.share_rules(cursor)
                if len(needed) > 1:
                    locks.lock_shards(cursor, needed)
                elif not locks.try_shard(cursor, shard):
                    return None
                fault_point("settle.locked")
                pieces = _oldest_pieces(cursor, shard)
                if not pieces:
                    return None
                # The rules are asked for here, and not before the locks or a failed attempt: what
                # was put in force meanwhile counts, and nothing is while we are at work.
                settled = settle_pieces(cursor, shard, pieces, rulebook_in_force())
                fault_point("settle.before_commit")
            fault_point("settle.after_commit")
            return settled
        except locks.ShardTakenError as taken:
            needed = needed | taken.shards
        except psycopg.errors.LockNotAvailable:
            return None  # somebody holds them for long: later
        except (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure) as error:
            if attempt == ATTEMPTS:
                raise Problem("settlement.contended", shard=shard, attempts=ATTEMPTS) from error
            time.sleep(IDLE_SECONDS * (1 + os.getpid() % 8))  # so that two workers part
    return None


def _oldest_pieces(cursor: Cursor[Any], shard: int) -> list[Waiting]:
    """Waiting pieces in order of arrival, together at most about ``MAX_ITEMS`` items.

    Requests after a change of the rules or of links go first: the running state of the subjects
    that they name holds sums from before, and no newer act may be settled from it. Each is settled
    alone, since whatever else its subjects have is read with it.
    """
    cursor.execute(
        "select id, kind, body from (select piece.id, kind, body, item_count,"
        " sum(item_count) over in_order as items, first_value(kind) over in_order as first_kind"
        " from piece_queue q join piece on piece.id = q.piece_id where q.shard = %s"
        " window in_order as (order by kind <> all(%s::smallint[]), piece.id)) waiting"
        " where items - item_count < case when first_kind = any(%s::smallint[]) then 1 else %s end"
        " order by kind <> all(%s::smallint[]), id",
        [shard, [*_FIRST], [*_FIRST], MAX_ITEMS, [*_FIRST]],
        binary=True,
    )
    return [Waiting(row[0], row[1], bytes(row[2])) for row in cursor.fetchall()]


def _sum(a: Settled, b: Settled) -> Settled:
    return Settled(a.pieces + b.pieces, a.items + b.items, a.fast + b.fast, a.outcomes + b.outcomes)
