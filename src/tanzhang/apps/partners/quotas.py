"""How often and how much: one row for each partner and quota, so that no two partners ever meet.

A quota counts within a fixed period by the database's clock, the same for all machines. A refused
call writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import connection

from tanzhang.problems import Problem

MINUTE_S: Final = 60
DAY_S: Final = 86_400  #: days of UTC

#: What is granted without an agreement that says otherwise.
CALLS_A_MINUTE: Final = 600
ITEMS_A_DAY: Final = 5_000_000

#: Takes ``amount`` of a quota if there is room, by the seconds of the period (``period_s``).
TAKE: Final = """
with clock as (select extract(epoch from clock_timestamp())::bigint as now_s), taken as (
    insert into quota_use as q (partner_id, name, period, used)
    select %(partner)s, %(name)s, now_s / %(period_s)s, %(amount)s from clock
    where %(amount)s <= %(limit)s
    on conflict (partner_id, name) do update set period = excluded.period,
        used = excluded.used + case when q.period = excluded.period then q.used else 0 end
        where q.period <> excluded.period or q.used + excluded.used <= %(limit)s
    returning used
)
select (select used from taken), %(period_s)s - now_s %% %(period_s)s from clock
"""


@dataclass(frozen=True, slots=True)
class QuotaState:
    """What is left of a quota: the numbers of the ``RateLimit-*`` headers."""

    limit: int
    remaining: int
    reset_s: int


def allow(partner_id: int, endpoint: str, calls_a_minute: int = CALLS_A_MINUTE) -> QuotaState:
    """Count one call of an endpoint (a name from our own list, never a path as it was sent).

    Raises ``partners.rate_limited`` with ``limit`` and ``reset_s``, the seconds to wait.
    """
    used, reset_s = _take(partner_id, f"calls {endpoint}", MINUTE_S, 1, calls_a_minute)
    if used is None:
        raise Problem("partners.rate_limited", limit=calls_a_minute, reset_s=reset_s)
    return QuotaState(calls_a_minute, calls_a_minute - used, reset_s)


def allow_items(partner_id: int, items: int, items_a_day: int = ITEMS_A_DAY) -> QuotaState:
    """Count the items of a batch, all or none. Days are those of UTC.

    Raises ``partners.items_over_quota`` with ``items``, ``limit`` and ``reset_s``.
    """
    used, reset_s = _take(partner_id, "items", DAY_S, items, items_a_day)
    if used is None:
        raise Problem("partners.items_over_quota", items=items, limit=items_a_day, reset_s=reset_s)
    return QuotaState(items_a_day, items_a_day - used, reset_s)


def allow_today(partner_id: int, name: str, calls_a_day: int) -> None:
    """Count one of what is dear; ``name`` is from our own list. Days are those of UTC.

    Raises ``partners.rate_limited`` with ``limit`` and ``reset_s``.
    """
    used, reset_s = _take(partner_id, f"today {name}", DAY_S, 1, calls_a_day)
    if used is None:
        raise Problem("partners.rate_limited", limit=calls_a_day, reset_s=reset_s)


def items_today(partner_id: int) -> int:
    """How many items of today's quota are used."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select used from quota_use where partner_id = %s and name = 'items'"
            " and period = extract(epoch from clock_timestamp())::bigint / %s",
            [partner_id, DAY_S],
        )
        found = cursor.fetchone()
    return 0 if found is None else int(found[0])


def _take(
    partner_id: int, name: str, period_s: int, amount: int, limit: int
) -> tuple[int | None, int]:
    """What is used with this, or ``None`` if there is no room; seconds until the next period."""
    told: dict[str, int | str] = {"partner": partner_id, "name": name, "period_s": period_s}
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {**told, "amount": amount, "limit": limit})
        found = cursor.fetchall()[0]
    return found[0], int(found[1])
