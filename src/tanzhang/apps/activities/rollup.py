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

# Nothing here is a CTE that is read twice: such a one would keep all of it in a single process.
_SUMS: Final = f"""
with act as (
    select
        coalesce(last.account_id, first.account_id) as account_id,
        coalesce(last.day, first.day) as day,
        coalesce(last.scene_id, first.scene_id) as scene_id,
        coalesce(last.partner_id, first.partner_id) as partner_id,
        coalesce(last.status, first.status) as status,
        coalesce(last.cause, first.cause) as cause,
        first.credited_mg + coalesce(last.credited_mg, 0) as credited_mg,
        first.points + coalesce(last.points, 0) as points
    from activity as first left join (
        select distinct on (subject_id, event_key)
            subject_id, event_key, account_id, day, scene_id, partner_id, status, cause,
            (sum(credited_mg) over event)::bigint as credited_mg, sum(points) over event as points
        from activity
        where month = %(month)s and subject_id = any(%(subjects)s) and outcome_no > 0
        window event as (partition by subject_id, event_key)
        order by subject_id, event_key, outcome_no desc
    ) as last using (subject_id, event_key)
    where month = %(month)s and subject_id = any(%(subjects)s) and outcome_no = 0
), cell as (
    select own.account_id, scene_id, partner_id, sum(credited_mg)::bigint as mg,
        sum(points)::bigint as points,
        count(*) filter (where status = {int(Status.CREDITED)} and cause <> {int(Cause.MOVED)})
            as acts
    from unnest(%(accounts)s, %(first)s, %(end)s) as own(account_id, first_day, end_day)
    join act on act.account_id = own.account_id and day >= first_day and day < end_day
    group by own.account_id, scene_id, partner_id
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
        _cells(cursor, members[(begin <= month) & (month <= end)], month)
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


def _cells(cursor: psycopg.Cursor[Any], members: Ints, month: int) -> Ints:
    """What each of these brought in a month, by scene and source, as columns."""
    given = {
        "accounts": int8_array(members[:, 0]),
        "subjects": int8_array(np.unique(members[:, 1])),
        "first": int8_array(members[:, 2]),
        "end": int8_array(members[:, 3]),
        "month": month,
    }
    cursor.execute(_SUMS, given)
    ((*columns,),) = cursor.fetchall()
    return np.array([column or [] for column in columns], np.int64)


def _months(cursor: psycopg.Cursor[Any], from_day: int, to_day: int) -> list[int]:
    """The stored months that these days touch."""
    cursor.execute(
        "select right(inhrelid::regclass::text, 6)::int as month from pg_inherits"
        " where inhparent = 'activity'::regclass order by month"
    )
    first, last = calendar_months(np.array([from_day, to_day - 1], np.int64)).tolist()
    return [month for (month,) in cursor.fetchall() if first <= month <= last]
