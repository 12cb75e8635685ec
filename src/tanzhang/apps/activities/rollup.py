"""What an account and everybody who belongs to it brought: a read, never a transfer.

An act counts in a group's total if its account belonged to the group on the act's local day. Each
act is of one account, and the days of an account are told once however many paths lead to it
(``people.members_over``), so no act counts twice. Points of different units are never added.

A month's rows are summed where they lie, by index, account by account. Only for the few events that
were changed after their first outcome is the last outcome looked up: it says on which day, in which
scene and in which account the act stands now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import psycopg

from tanzhang.apps.activities.models import Cause
from tanzhang.apps.database import int8_array
from tanzhang.apps.people import api as people
from tanzhang.engine.acts import Status
from tanzhang.engine.localtime import calendar_months

# An account says whose it is, so that rows are joined by it alone: the planner, told twice, would
# take ten thousand members for one. The subjects stand beside it, as the index begins with them.
_SUMS: Final = f"""
with own as materialized (
    select * from unnest(%(accounts)s, %(first)s, %(end)s) as own(account_id, first_day, end_day)
), changed as materialized (
    select distinct subject_id, event_key from activity
    where month = %(month)s and subject_id = any(%(subjects)s) and outcome_no > 0
), changed_act as (
    select distinct on (subject_id, event_key)
        account_id, day, scene_id, partner_id, status, cause,
        sum(credited_mg) over event as credited_mg, sum(points) over event as points
    from activity join changed using (subject_id, event_key)
    where month = %(month)s
    window event as (partition by subject_id, event_key)
    order by subject_id, event_key, outcome_no desc
), act as (
    select account_id, day, scene_id, partner_id, status, cause, credited_mg, points
    from activity
    where month = %(month)s and subject_id = any(%(subjects)s) and outcome_no = 0
    and not exists (
        select from changed where changed.subject_id = activity.subject_id
        and changed.event_key = activity.event_key)
    union all
    select account_id, day, scene_id, partner_id, status, cause, credited_mg, points
    from changed_act
)
select own.account_id, scene_id, partner_id, sum(credited_mg)::bigint, sum(points)::bigint,
       count(*) filter (where status = {int(Status.CREDITED)} and cause <> {int(Cause.MOVED)})
from own join act on act.account_id = own.account_id and day >= first_day and day < end_day
group by own.account_id, scene_id, partner_id
"""

#: Ten thousand members' acts of a month are joined and grouped without a temporary file.
_IN_MEMORY: Final = "set local work_mem = '64MB'"


@dataclass(slots=True)
class Sum:
    """What some acts brought; ``members`` are the accounts that had a credited act among them."""

    reduction_mg: int = 0
    points: dict[int, int] = field(default_factory=dict)  #: by the ledger's number of their unit
    acts: int = 0
    members: set[int] = field(default_factory=set)

    def add(self, account_id: int, unit: int, mg: int, points: int, acts: int) -> None:
        """Add what one account brought."""
        self.reduction_mg += mg
        if points:
            self.points[unit] = self.points.get(unit, 0) + points
        self.acts += acts
        if acts:
            self.members.add(account_id)


@dataclass(frozen=True, slots=True)
class RollUp:
    """What accounts and all below them brought over local days [from_day, to_day).

    ``accounts`` is how many accounts belonged on some of these days, the first ones included.
    """

    from_day: int
    to_day: int
    accounts: int
    total: Sum
    by_member: Mapping[int, Sum]  #: by account
    by_scene: Mapping[int, Sum]  #: by scene
    by_source: Mapping[int, Sum]  #: by partner


def roll_up(
    cursor: psycopg.Cursor[Any], account_ids: Sequence[int], from_day: int, to_day: int
) -> RollUp:
    """Everything that these accounts and whoever belongs to them brought on [from_day, to_day).

    Several accounts are summed as one: the accounts of one person, each act once.
    """
    days = people.members_over(cursor, [*account_ids], from_day, to_day)
    units = {one.account_id: one.points_unit for one in days}
    found = RollUp(
        *(from_day, to_day, len(units), Sum()),
        *(defaultdict(Sum), defaultdict(Sum), defaultdict(Sum)),
    )
    cursor.execute(_IN_MEMORY)
    for month in _months(cursor, from_day, to_day):
        for account, scene, partner, *amounts in _sums(cursor, days, month):
            for part in (
                *(found.total, found.by_member[account]),
                *(found.by_scene[scene], found.by_source[partner]),
            ):
                part.add(account, units[account], *amounts)
    return found


def _sums(
    cursor: psycopg.Cursor[Any], days: Iterable[people.MemberDays], month: int
) -> list[tuple[int, ...]]:
    columns = [
        (one.account_id, one.subject_id, one.from_day, one.to_day)
        for one in days
        if _month_of(one.from_day) <= month <= _month_of(one.to_day - 1)
    ]
    if not columns:
        return []
    accounts, subjects, first, end = np.array(columns, np.int64).T
    arrays = [int8_array(column) for column in (accounts, np.unique(subjects), first, end)]
    names = ("accounts", "subjects", "first", "end")
    cursor.execute(_SUMS, {**dict(zip(names, arrays, strict=True)), "month": month})
    return cursor.fetchall()


def _months(cursor: psycopg.Cursor[Any], from_day: int, to_day: int) -> list[int]:
    """The stored months that these days touch."""
    cursor.execute(
        "select right(inhrelid::regclass::text, 6)::int as month from pg_inherits"
        " where inhparent = 'activity'::regclass order by month"
    )
    first, last = _month_of(from_day), _month_of(to_day - 1)
    return [month for (month,) in cursor.fetchall() if first <= month <= last]


def _month_of(day: int) -> int:
    return int(calendar_months(np.array([day], np.int64))[0])
