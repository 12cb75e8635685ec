"""The citizen's home: what she holds, what the last weeks brought, and where each gram stands.

The total is her balance. All else is read from the rows of the last eight weeks, which lie in
three months at most, so that the page costs the same however long the book is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from tanzhang.apps.activities.current import CurrentAct, Months, current_acts
from tanzhang.apps.activities.naming import Record, month_of, naming
from tanzhang.apps.activities.waiting import Waiting, waiting
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.ledger.api import balance_of
from tanzhang.apps.people.api import AccountEntry
from tanzhang.engine.acts import Status
from tanzhang.stored_time import date_of, day_number

#: This week and the seven before it, from Monday to Sunday.
WEEKS: Final = 8
LATEST: Final = 5


@dataclass(frozen=True, slots=True)
class WeekTotal:
    """What one week brought, which begins on this Monday."""

    monday: date
    reduction_mg: int


@dataclass(frozen=True, slots=True)
class Share:
    """What one scene or one partner brought in the last eight weeks."""

    code: str
    title: str
    acts: int  #: that were credited
    reduction_mg: int


@dataclass(frozen=True, slots=True)
class StateTotal:
    """How many acts of the last eight weeks have one status.

    ``taken_mg`` is what they would have brought and did not: to a limit, or to another report.
    """

    status: str
    acts: int
    reduction_mg: int
    taken_mg: int


@dataclass(frozen=True, slots=True)
class Home:
    """An account as its owner first sees it; grams and points stand apart."""

    account: AccountEntry
    programme_title: str
    today: date
    total_mg: int
    points: int
    month_mg: int
    today_mg: int
    waiting: Waiting
    zone: str
    weeks: Sequence[WeekTotal]
    scenes: Sequence[Share]
    partners: Sequence[Share]
    states: Sequence[StateTotal]
    latest: Sequence[Record]


def home(account: AccountEntry, rules: RulesInForce, lang: str, today: date) -> Home:
    """The home of one account on a local day of its programme: a read, nothing is settled."""
    names = naming(account, rules, lang)
    monday = today - timedelta(days=today.weekday())
    first = monday - timedelta(weeks=WEEKS - 1)
    tomorrow = today + timedelta(days=1)  # the clock of who reports may be ahead
    months = sorted(
        {month_of(first + timedelta(days=day)) for day in range((tomorrow - first).days + 1)}
    )
    with bulk_transaction() as cursor:
        total_mg, points = balance_of(cursor, account.subject_id, account.id)
        acts = current_acts(cursor, account, Months(months))
        still = waiting(cursor, account, names)
    recent = [act for act in acts if day_number(first) <= act.day <= day_number(today)]
    return Home(
        account=account,
        programme_title=rules.programme_file(names.programme).title[lang],
        today=today,
        total_mg=total_mg,
        points=points,
        month_mg=_sum(act for act in acts if month_of(date_of(act.day)) == month_of(today)),
        today_mg=_sum(act for act in acts if act.day == day_number(today)),
        waiting=still,
        zone=names.zone.key,
        weeks=_weeks(recent, first),
        scenes=_shares([(*names.scenes[act.scene_id], act) for act in recent]),
        partners=_shares([(*names.partners[act.partner_id], act) for act in recent]),
        states=_states(recent),
        latest=[names.record(act) for act in acts[:LATEST]],
    )


def _sum(acts: Iterable[CurrentAct]) -> int:
    return sum(act.credited_mg for act in acts)


def _weeks(acts: Sequence[CurrentAct], first: date) -> list[WeekTotal]:
    totals = [0] * WEEKS
    for act in acts:
        totals[(act.day - day_number(first)) // 7] += act.credited_mg
    return [WeekTotal(first + timedelta(weeks=place), total) for place, total in enumerate(totals)]


def _shares(named: Sequence[tuple[str, str, CurrentAct]]) -> list[Share]:
    """By code, the largest first; what brought nothing is left to the states."""
    shares = []
    for code, title in dict.fromkeys((code, title) for code, title, _ in named):
        own = [act for known, _, act in named if known == code]
        counted = sum(act.status == Status.CREDITED for act in own)
        shares.append(Share(code, title, counted, _sum(own)))
    found = [share for share in shares if share.acts]
    return sorted(found, key=lambda share: (-share.reduction_mg, share.code))


def _states(acts: Sequence[CurrentAct]) -> list[StateTotal]:
    totals = []
    for status in Status:
        own = [act for act in acts if act.status == status]
        if own:
            held_back = sum(act.gross_mg - act.credited_mg for act in own)
            totals.append(StateTotal(status.name.lower(), len(own), _sum(own), held_back))
    return totals
