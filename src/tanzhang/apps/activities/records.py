"""The citizen's records: a statement, the latest first, page by page.

A page begins where the last one ended (by start and event key, so that new acts shift nothing), and
reads two months, then six more, and only then everything older.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any, Final

import psycopg

from tanzhang.apps.activities.current import CurrentAct, Months, Wanted, current_acts
from tanzhang.apps.activities.naming import Naming, Record, month_of, naming
from tanzhang.apps.activities.waiting import Waiting, waiting
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.api import AccountEntry

PAGE: Final = 20
_PLACE: Final = re.compile(r"([0-9]{1,16})-([0-9a-f]{32})")


@dataclass(frozen=True, slots=True)
class RecordDay:
    """The acts of one local day that are on this page."""

    day: date
    records: Sequence[Record]


@dataclass(frozen=True, slots=True)
class RecordPage:
    """One page; ``older`` names the place at which the next one begins, empty after the last."""

    zone: str
    days: Sequence[RecordDay]
    waiting: Waiting
    older: str


@dataclass(frozen=True, slots=True)
class Filter:
    """Which records: of one scene, of one month (YYYYMM), older than a place."""

    scene: str = ""
    month: int | None = None
    before: str = ""

    @property
    def is_first(self) -> bool:
        """Whether this is the page on which new acts appear."""
        return not self.before


def records(
    account: AccountEntry, rules: RulesInForce, lang: str, today: date, chosen: Filter
) -> RecordPage:
    """One page of an account's records. A filter that means nothing is as good as none."""
    names = naming(account, rules, lang)
    scene_id = rules.scene_ids.get((names.programme, chosen.scene))
    after = place_of(chosen.before)
    wanted = Wanted(scene_id, after, PAGE + 1)
    start = names.day(after[0]) if after else today + timedelta(days=1)
    with bulk_transaction() as cursor:
        found = _page(cursor, account, wanted, start, chosen.month)
        still = waiting(cursor, account, names) if chosen.is_first else Waiting((), True)
    shown = [names.record(act) for act in found[:PAGE]]
    days = groupby(shown, key=lambda record: record.day)
    return RecordPage(
        zone=names.zone.key,
        days=[RecordDay(day, list(own)) for day, own in days],
        waiting=_fitting(still, chosen, names),
        older=f"{found[PAGE - 1].started_us}-{found[PAGE - 1].event}" if found[PAGE:] else "",
    )


def _fitting(still: Waiting, chosen: Filter, names: Naming) -> Waiting:
    known = {code for code, _ in names.scenes.values()}
    acts = [
        act
        for act in still.acts
        if (chosen.scene not in known or act.scene == chosen.scene)
        and chosen.month in (None, month_of(act.day))
    ]
    return Waiting(acts, still.is_whole)


def _page(
    cursor: psycopg.Cursor[Any],
    account: AccountEntry,
    wanted: Wanted,
    start: date,
    month: int | None,
) -> list[CurrentAct]:
    found: list[CurrentAct] = []
    limit = wanted.limit or PAGE
    for months in [Months([month])] if month else _backwards(start):
        rest = Wanted(wanted.scene_id, wanted.after, limit - len(found))
        found += current_acts(cursor, account, months, rest)
        if len(found) == limit:
            break
    return found


def _backwards(start: date) -> Iterator[Months]:
    """The month of ``start`` and the one before, six more, all that are older."""
    number = start.year * 12 + start.month - 1
    listed = [place // 12 * 100 + place % 12 + 1 for place in range(number, number - 8, -1)]
    yield Months(listed[:2])
    yield Months(listed[2:])
    yield Months(before=listed[-1])


def place_of(text: str) -> tuple[int, str] | None:
    """The place that an address names; None for anything else, which begins at the top."""
    found = _PLACE.fullmatch(text)
    return (int(found[1]), found[2]) if found else None
