"""When the rules change with effect in the past: all that they reach is settled anew.

Putting rules in force and asking for the acts that they reach is one transaction. It holds a lock
that every settling transaction shares: no piece is settled by rules that are on their way out and
then missed, and none by new rules before the requests wait. Within a shard the requests are settled
before all that was reported (``posting.worker``), since the running state beside a balance still
holds sums by the old rules. Between shards nothing has to be ordered: a shared thing's key is
locked by whoever decides who holds it, and a new holder concerns all who stand under the key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl
from psycopg import Cursor, sql
from psycopg.errors import LockNotAvailable

from tanzhang.apps.activities.models import Cause, PieceKind
from tanzhang.apps.activities.posting import locks
from tanzhang.apps.activities.posting.unsettled import (
    EVENT,
    REFERENCE,
    queue_references,
    references,
)
from tanzhang.apps.activities.scan import stored_months
from tanzhang.apps.catalogue.api import RulesChange, RulesInForce, rulebook_in_force
from tanzhang.apps.copying import array_literal, copy_out
from tanzhang.apps.database import bulk_transaction
from tanzhang.engine.localtime import calendar_months
from tanzhang.faults import fault_point
from tanzhang.problems import Problem

#: Events in one request, about: settling them reads whatever else their subjects have.
MAX_EVENTS: Final = 5_000

#: Whose events are looked for at a time, so that memory does not grow with the book.
SUBJECTS_AT_ONCE: Final = 100_000

# The last row of an event in its month says what is known of it, unless it has moved away.
_REACHED: Final = sql.SQL("""
select event_key, subject_id, month from activity where month = {month}
and subject_id >= {subject} and subject_id < {next_subject} and day >= {first} and day < {end}
and (pack_id = any({packs}) or programme_id = any({programmes}) or scene_id = any({scenes}))
and cause <> {moved} and not exists (
    select from activity later where later.month = {month}
    and later.subject_id = activity.subject_id and later.event_key = activity.event_key
    and later.outcome_no > activity.outcome_no)
""")


@dataclass(frozen=True, slots=True)
class Resettled:
    """What was asked for: stored events that stand under other rules now, and their pieces."""

    events: int
    pieces: int


def change_rules(activate: Callable[[], Sequence[RulesChange]]) -> Resettled:
    """Put rules in force and ask for all that they reach to be settled anew, in one transaction.

    ``activate`` writes to the catalogue and says what it changed. It waits for workers to finish
    what they have in hand, and they wait for it. Raises ``settlement.workers_busy`` if one is not
    done within ``locks.LOCK_TIMEOUT_SECONDS``; nothing is changed then.
    """
    with bulk_transaction() as cursor:
        _lock_rules(cursor)
        changes = activate()
        fault_point("rules.activated")
        asked = resettle(changes)
        fault_point("rules.before_commit")
    fault_point("rules.after_commit")
    return asked


def _lock_rules(cursor: Cursor[Any]) -> None:
    try:
        locks.lock_rules(cursor)
    except LockNotAvailable as error:
        raise Problem("settlement.workers_busy", seconds=locks.LOCK_TIMEOUT_SECONDS) from error


def resettle(changes: Sequence[RulesChange]) -> Resettled:
    """Queue requests for the stored events that the changes name, in the caller's transaction.

    The caller holds ``locks.RULES_LOCK``; what has not been settled yet needs no request.
    """
    if not changes:
        return Resettled(0, 0)
    rules = rulebook_in_force()
    events = pieces = 0
    with bulk_transaction() as cursor:
        for subject in _every_so_many_subjects(cursor):
            found = [pl.DataFrame(schema=REFERENCE)]
            for change in changes:
                found += _reached(cursor, change, rules, subject)
            named = pl.concat(found).unique()
            events += len(named)
            pieces += queue_references(cursor, PieceKind.RESETTLE, named, MAX_EVENTS)
    return Resettled(events, pieces)


def _every_so_many_subjects(cursor: Cursor[Any]) -> range:
    """The first of each ``SUBJECTS_AT_ONCE`` subjects among all that have a balance."""
    cursor.execute(
        "select coalesce(min(subject_id), 0), coalesce(max(subject_id), -1) from balance"
    )
    least, most = cursor.fetchall()[0]
    return range(least, most + 1, SUBJECTS_AT_ONCE)


def _reached(
    cursor: Cursor[Any], change: RulesChange, rules: RulesInForce, subject: int
) -> Iterator[pl.DataFrame]:
    """The open events of a change, month by month, of so many subjects from one on.

    Packs that look back read earlier days too: their acts are asked for as well, so that the
    running state holds whatever a longer look-back reads. An act whose scene names one of the packs
    and that stands under another may be read by it now (``posting.named_packs``).
    """
    versions = [version for code in change.packs for version in rules.rulebook.packs.get(code, ())]
    window = max((b.days for version in versions for b in version.look_backs), default=0)
    first, end = change.from_day - window, change.to_day
    packs = [number for code, number in rules.pack_ids.items() if code in change.packs]
    programmes = [n for code, n in rules.programme_ids.items() if code in change.programmes]
    scenes = [rules.scene_ids[place] for place in _scenes_that_name(change.packs, rules)]
    for month in stored_months(cursor):
        if not _month_of(first) <= month <= _month_of(end - 1):
            continue
        query = _REACHED.format(
            month=sql.Literal(month),
            subject=sql.Literal(subject),
            next_subject=sql.Literal(subject + SUBJECTS_AT_ONCE),
            first=sql.Literal(first),
            end=sql.Literal(end),
            packs=array_literal(np.array(packs, np.int64), "smallint"),
            programmes=array_literal(np.array(programmes, np.int64), "smallint"),
            scenes=array_literal(np.array(scenes, np.int64), "smallint"),
            moved=sql.Literal(int(Cause.MOVED)),
        )
        yield references(copy_out(cursor, query, EVENT))


def _scenes_that_name(packs: frozenset[str], rules: RulesInForce) -> set[tuple[str, str]]:
    """The scenes (by programme and scene) that name one of these packs in some version in force."""
    return {
        (code, scene)
        for code, programme in rules.rulebook.programmes.items()
        for version in programme.versions
        for scene, pack in version.scenes.items()
        if pack in packs
    }


def _month_of(day: int) -> int:
    """YYYYMM of a day; days beyond the calendar's thousands of years are in its first or last."""
    within = np.array([min(max(day, -365_000), 2_900_000)], np.int64)
    return int(calendar_months(within)[0])
