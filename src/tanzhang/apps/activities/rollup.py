"""What an account and everybody who belongs to it brought: a read, never a transfer.

An act counts in a group's total if its account belonged to the group on the act's local day. Each
act is of one account, and the days of an account are told once however many paths lead to it
(``people.members_over``), so no act counts twice. Points of different units are never added.

A month's rows are summed where they lie, by index, account by account. Only for the few events that
were changed after their first outcome is the last outcome looked up: it says on which day, in which
scene and in which account the act stands now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import psycopg

from tanzhang.apps.activities.models import Cause
from tanzhang.apps.database import int8_array
from tanzhang.apps.people import api as people
from tanzhang.engine.acts import Status
from tanzhang.engine.localtime import calendar_months
from tanzhang.engine.rules import Ints

_OWN: Final = (
    "unnest(%(accounts)s, %(first)s, %(end)s, %(throughout)s)"
    " as own(account_id, first_day, end_day, throughout)"
)

_COUNTS: Final = f"status = {int(Status.CREDITED)} and cause <> {int(Cause.MOVED)}"

_AMOUNTS: Final = f"""
sum(credited_mg)::bigint as mg, sum(points)::bigint as points,
count(*) filter (where {_COUNTS}) as acts, count(*) as events
"""

# First every event as its first outcome has it; then those that were changed are taken out of there
# and put where their last outcome has them: so these few alone are sought by their keys. Accounts
# that belonged all the time are no join: of a list the planner knows only how long it is, and would
# sort a million rows for it.
_SUMS: Final = f"""
with changed as (
    select distinct subject_id, event_key from activity
    where month = %(month)s and subject_id = any(%(subjects)s) and outcome_no > 0
), outcome as (
    select activity.* from changed join activity using (subject_id, event_key)
    where month = %(month)s
), change as (
    select account_id, day, scene_id, partner_id, -credited_mg as mg, -points as points,
        case when {_COUNTS} then -1 else 0 end as acts, -1 as events
    from outcome where outcome_no = 0
    union all (
        select distinct on (subject_id, event_key) account_id, day, scene_id, partner_id,
            sum(credited_mg) over event, sum(points) over event,
            case when {_COUNTS} then 1 else 0 end, 1
        from outcome window event as (partition by subject_id, event_key)
        order by subject_id, event_key, outcome_no desc
    )
), part as (
    select account_id, scene_id, partner_id, {_AMOUNTS}
    from activity
    where month = %(month)s and subject_id = any(%(subjects)s) and outcome_no = 0
        and account_id = any(%(steady)s) and day >= %(from_day)s and day < %(to_day)s
    group by account_id, scene_id, partner_id
    union all
    select own.account_id, scene_id, partner_id, {_AMOUNTS}
    from {_OWN} join activity
        on activity.account_id = own.account_id and day >= first_day and day < end_day
    where month = %(month)s and subject_id = any(%(others)s) and outcome_no = 0
        and throughout = 0
    group by own.account_id, scene_id, partner_id
    union all
    select own.account_id, scene_id, partner_id, sum(mg)::bigint, sum(points)::bigint, sum(acts),
        sum(events)
    from {_OWN} join change
        on change.account_id = own.account_id and day >= first_day and day < end_day
    group by own.account_id, scene_id, partner_id
), cell as (
    select account_id, scene_id, partner_id, sum(mg)::bigint as mg, sum(points)::bigint as points,
        sum(acts)::bigint as acts
    from part group by account_id, scene_id, partner_id having sum(events) > 0
)
select array_agg(account_id), array_agg(scene_id), array_agg(partner_id), array_agg(mg),
    array_agg(points), array_agg(acts)
from cell
"""

#: No account's number.
_NOBODY: Final = -1

#: Ten thousand members' acts of a month are joined and grouped without a temporary file.
_IN_MEMORY: Final = "set local work_mem = '64MB'"


@dataclass(slots=True)
class Sum:
    """What some acts brought; ``members`` are the accounts that had a credited act among them."""

    reduction_mg: int = 0
    points: dict[int, int] = field(default_factory=dict)  #: by the ledger's number of their unit
    acts: int = 0
    members: set[int] = field(default_factory=set)


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
    columns = [
        (one.account_id, one.subject_id, one.from_day, one.to_day, one.points_unit)
        for one in people.members_over(cursor, [*account_ids], from_day, to_day)
    ]
    members = np.array(columns, np.int64).reshape(-1, 5)
    begin, end = calendar_months(members[:, 2]), calendar_months(members[:, 3] - 1)
    cursor.execute(_IN_MEMORY)
    months = [
        _cells(cursor, members[(begin <= month) & (month <= end)], month, from_day, to_day)
        for month in _months(cursor, from_day, to_day)
    ]
    cells = np.concatenate([np.empty((6, 0), np.int64), *months], axis=1)
    unit = members[np.searchsorted(members[:, 0], cells[0]), 4]  # members come in their order
    return RollUp(
        *(from_day, to_day, len(np.unique(members[:, 0]))),
        _summed(np.zeros_like(unit), unit, cells).get(0, Sum()),
        *(_summed(names, unit, cells) for names in cells[:3]),
    )


def _summed(names: Ints, unit: Ints, cells: Ints) -> dict[int, Sum]:
    """The sum of the cells of each name."""
    order = np.argsort(names, kind="stable")
    account, _, _, mg, points, acts = cells[:, order]
    found, start = np.unique(names[order], return_index=True)
    has_acts = np.where(acts > 0, account, _NOBODY).tolist()
    end = np.append(start[1:], len(order))[: len(start)]  # no cells, no end
    places = zip(start.tolist(), end.tolist(), strict=True)
    sums = {
        name: Sum(mg_sum, {}, act_count, {*has_acts[first:last]} - {_NOBODY})
        for name, mg_sum, act_count, (first, last) in zip(
            found.tolist(), _added(mg, start), _added(acts, start), places, strict=True
        )
    }
    for one in np.unique(unit).tolist():
        of_unit = _added(np.where(unit[order] == one, points, 0), start)
        for cell, count in zip(sums.values(), of_unit, strict=True):
            if count:
                cell.points[one] = count
    return sums


def _added(values: Ints, start: Ints) -> list[int]:
    """The values of each group added up; a group begins at each of these places."""
    sums: list[int] = np.add.reduceat(values, start).tolist()
    return sums


def _cells(
    cursor: psycopg.Cursor[Any], members: Ints, month: int, from_day: int, to_day: int
) -> Ints:
    """What each of these brought in a month of these days, by scene and source, as columns."""
    accounts, subjects, first, end, _ = members.T
    throughout = (first == from_day) & (end == to_day)
    columns = {
        "accounts": accounts,
        "subjects": np.unique(subjects),
        "first": first,
        "end": end,
        "throughout": throughout.astype(np.int64),
        "steady": accounts[throughout],
        "others": np.unique(subjects[~throughout]),
    }
    given = {name: int8_array(column) for name, column in columns.items()}
    given |= {"month": month, "from_day": from_day, "to_day": to_day}
    cursor.execute(_SUMS, given)
    ((*found,),) = cursor.fetchall()
    return np.array([column or [] for column in found], np.int64)


def _months(cursor: psycopg.Cursor[Any], from_day: int, to_day: int) -> list[int]:
    """The stored months that these days touch."""
    cursor.execute(
        "select right(inhrelid::regclass::text, 6)::int as month from pg_inherits"
        " where inhparent = 'activity'::regclass order by month"
    )
    first, last = calendar_months(np.array([from_day, to_day - 1], np.int64)).tolist()
    return [month for (month,) in cursor.fetchall() if first <= month <= last]
