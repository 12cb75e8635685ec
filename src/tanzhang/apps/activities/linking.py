"""One person's accounts elsewhere: linking them, and settling again what it concerns (design §2).

Writing the link and asking for the acts that it may change is one transaction. It holds the shards
of everybody whom the link connects, so that nobody settles them meanwhile. The requests are pieces
that are settled before all others of their shard (``posting.worker``): the running state beside a
balance holds sums from before, and who is linked to nobody any more may be settled from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
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
from tanzhang.apps.copying import array_literal, copy_out
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.distribution import shards
from tanzhang.apps.people import api as people
from tanzhang.engine.localtime import calendar_months
from tanzhang.faults import fault_point
from tanzhang.problems import Problem

#: How often the shards are taken anew because somebody linked further subjects meanwhile.
ATTEMPTS: Final = 5

# The last row of an event in its month says what is known of it, unless it has moved away.
_ACTS: Final = sql.SQL("""
select event_key, subject_id, month from activity where month = {month}
and subject_id = any({subjects}) and day >= {first} and cause <> {moved} and not exists (
    select from activity later where later.month = {month}
    and later.subject_id = activity.subject_id and later.event_key = activity.event_key
    and later.outcome_no > activity.outcome_no)
""")


def link_people(
    a_account: people.AccountEntry,
    b_account: people.AccountEntry,
    *,
    from_day: int,
    factor: str,
) -> int:
    """Count the acts of two accounts as one person's from a local day on; the link's number.

    ``factor`` says how it was proved that they are. Her acts are settled again as soon as a worker
    comes to it. Raises ``identity.not_a_person`` for a household's account or a company's, what
    ``people.link_subjects`` raises, and ``settlement.people_busy``.
    """
    if {a_account.kind, b_account.kind} != {people.AccountKind.PERSON}:
        raise Problem("identity.not_a_person")
    pair = (a_account.subject_id, b_account.subject_id)

    def write(cursor: Cursor[Any]) -> int:
        made_at = datetime.now(UTC)
        return people.link_subjects(cursor, pair, from_day, factor=factor, at=made_at)

    return _relink(pair, write)


def unlink_people(
    a_account: people.AccountEntry,
    b_account: people.AccountEntry,
    *,
    to_day: int | None,
    why: str,
) -> int:
    """End the link of two accounts from a local day on; None: it was a mistake from the beginning.

    The number of the link that ends or is withdrawn. Raises ``people.not_linked``,
    ``settlement.people_busy``.
    """
    pair = (a_account.subject_id, b_account.subject_id)

    def write(cursor: Cursor[Any]) -> int:
        own = [e for e in people.links_of(cursor, pair) if set(e.subject_ids) == set(pair)]
        if not own:
            raise Problem("people.not_linked")
        last = max(own, key=lambda entry: entry.from_day)
        if to_day is None:
            people.withdraw_link(cursor, last.id, why=why)
        else:
            people.end_link(cursor, last.id, to_day, why=why)
        return last.id

    return _relink(pair, write)


def _relink(pair: tuple[int, int], write: Callable[[Cursor[Any]], int]) -> int:
    """Write to the links of two subjects and ask for everybody concerned; the link's number."""
    held: set[int] = set()
    for _ in range(ATTEMPTS):
        with bulk_transaction() as cursor:
            people.stay(cursor, pair)  # before any shard
            held |= _shards_of(_everybody(pair, people.links_of(cursor, pair)))
            try:
                locks.lock_shards(cursor, held)
            except LockNotAvailable as error:
                raise Problem("settlement.people_busy") from error
            links = people.links_of(cursor, pair)
            concerned = _everybody(pair, links)
            if not _shards_of(concerned) <= held:
                continue
            link_id = write(cursor)
            fault_point("linking.written")
            links += people.links_of(cursor, pair)
            # Who was linked before may be one with more people now, from her own link's day on.
            first_day = min(entry.from_day for entry in links)
            queue_references(cursor, PieceKind.RELINK, _acts_since(cursor, concerned, first_day))
            fault_point("linking.before_commit")
        fault_point("linking.after_commit")
        return link_id
    raise Problem("settlement.people_busy")


def _everybody(subject_ids: Iterable[int], links: Iterable[people.LinkEntry]) -> set[int]:
    """These subjects and all whom the links name."""
    return {*subject_ids}.union(*(entry.subject_ids for entry in links))


def _shards_of(subject_ids: Iterable[int]) -> set[int]:
    return set(shards(np.array(sorted(subject_ids), np.int64)).tolist())


def _acts_since(cursor: Cursor[Any], subject_ids: Iterable[int], first_day: int) -> pl.DataFrame:
    """The open events of these subjects on this local day and later, as requests name them."""
    first_month = int(calendar_months(np.array([max(first_day, 0)], np.int64))[0])
    found = [pl.DataFrame(schema=REFERENCE)]
    for month in stored_months(cursor):
        if month < first_month:
            continue
        query = _ACTS.format(
            month=sql.Literal(month),
            subjects=array_literal(np.array(sorted(subject_ids), np.int64), "bigint"),
            first=sql.Literal(first_day),
            moved=sql.Literal(int(Cause.MOVED)),
        )
        found.append(references(copy_out(cursor, query, EVENT)))
    return pl.concat(found)
