"""An account's acts as they stand: of each event the last outcome, with its differences summed.

Every screen about a citizen's acts reads these rows. Partitions are by month, and planning a query
costs by the partition that it may touch; so whoever can name months does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import psycopg

from tanzhang.apps.activities.models import Cause
from tanzhang.apps.people.api import AccountEntry

# The last outcome of each event in its month, but for events that have moved away.
_CURRENT: Final = """
select encode(uuid_send(event_key), 'hex'), scene_id, partner_id, pack_id, pack_version_id, day,
       started_us, ended_us, status, reason, gross_mg, credited_mg, points
from (
    select event_key, account_id, scene_id, partner_id, pack_id, pack_version_id, day, started_us,
           ended_us, status, reason, cause, gross_mg,
           (sum(credited_mg) over event)::bigint as credited_mg,
           (sum(points) over event)::bigint as points,
           row_number() over (event order by outcome_no desc) as place
    from activity where subject_id = %(subject)s {months}
    window event as (partition by month, event_key)
) outcome
where place = 1 and cause <> %(moved)s and account_id = %(account)s {more}
order by started_us desc, event_key desc {limit}
"""


@dataclass(frozen=True, slots=True)
class CurrentAct:
    """One act as it stands, in stored numbers; ``day`` is local, in days since 1970-01-01."""

    event: str
    scene_id: int
    partner_id: int
    pack_id: int
    pack_version_id: int | None
    day: int
    started_us: int
    ended_us: int
    status: int
    reason: int
    gross_mg: int
    credited_mg: int
    points: int


@dataclass(frozen=True, slots=True)
class Months:
    """Which months (YYYYMM) are read: the listed ones, or all before one."""

    listed: Sequence[int] = ()
    before: int | None = None

    def condition(self) -> str:
        """The part of a query, with its parameters named."""
        if self.listed:
            return "and month = any(%(months)s)"
        return "" if self.before is None else "and month < %(before_month)s"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which acts: of a scene, and after a place in the order (the latest first)."""

    scene_id: int | None = None
    after: tuple[int, str] | None = None  #: started_us and event key
    limit: int | None = None
    statuses: Sequence[int] = ()  #: any, if none is named

    def condition(self) -> str:
        """The part of a query, with its parameters named."""
        scene = "" if self.scene_id is None else "and scene_id = %(scene)s"
        place = (
            "" if self.after is None else "and (started_us, event_key) < (%(us)s, %(key)s::uuid)"
        )
        status = "and status = any(%(statuses)s)" if self.statuses else ""
        return f"{scene} {place} {status}"


def current_acts(
    cursor: psycopg.Cursor[Any],
    account: AccountEntry,
    months: Months = Months(),
    wanted: Wanted = Wanted(),
) -> list[CurrentAct]:
    """An account's acts, the latest first."""
    after_us, after_key = wanted.after or (None, None)
    statement = _CURRENT.format(
        months=months.condition(),
        more=wanted.condition(),
        limit="" if wanted.limit is None else "limit %(limit)s",
    )
    given = {
        "subject": account.subject_id,
        "account": account.id,
        "moved": int(Cause.MOVED),
        "months": [*months.listed],
        "before_month": months.before,
        "scene": wanted.scene_id,
        "us": after_us,
        "key": after_key,
        "limit": wanted.limit,
        "statuses": [int(status) for status in wanted.statuses],
    }
    cursor.execute(statement, {name: given[name] for name in given if f"%({name})s" in statement})
    return [CurrentAct(*row) for row in cursor.fetchall()]
