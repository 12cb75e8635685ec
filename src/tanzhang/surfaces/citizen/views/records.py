"""Records: the account's acts as a statement, by day, filtered by scene and month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from tanzhang.apps.activities.api import Filter, RecordPage, naming, records as read_records, stamp
from tanzhang.apps.catalogue.api import RulesInForce, rulebook_in_force
from tanzhang.apps.people.api import AccountEntry
from tanzhang.surfaces.citizen.news import News, news_of
from tanzhang.surfaces.citizen.tabs import tabs
from tanzhang.surfaces.citizen.visitor import for_citizens, today_of
from tanzhang.surfaces.look import moments

#: So many months are offered; older ones are reached by turning pages.
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a list to choose from."""

    value: str
    label: str
    chosen: bool


@require_safe
@for_citizens
def records(request: HttpRequest, account: AccountEntry) -> HttpResponse:
    """The page."""
    return render(request, "citizen/records.html", context(account, request.GET) | {"tabs": tabs()})


def context(account: AccountEntry, asked: QueryDict) -> dict[str, Any]:
    """What the list of records shows for the filter of an address."""
    rules = rulebook_in_force()
    today = today_of(account, rules)
    chosen = _filter(asked)
    seen = stamp(account, today)
    page = read_records(account, rules, moments.language(), today, chosen)
    kept = {"scene": chosen.scene, "month": asked.get("month", "") if chosen.month else ""}
    return {
        "page": page,
        "today": today,
        "asked": chosen,
        "scenes": list(_scenes(account, rules, chosen)),
        "months": list(_months(today, chosen)),
        "is_filtered": bool(chosen.scene or chosen.month),
        "older": _address(**kept, before=page.older) if page.older else "",
        "news": _news(page, seen, _address("citizen:live", **kept)),
    }


def _filter(asked: QueryDict) -> Filter:
    year, _, month = asked.get("month", "").partition("-")
    is_month = year.isascii() and year.isdecimal() and len(year) == 4 and month in _MONTH_NUMBERS
    return Filter(
        scene=asked.get("scene", ""),
        month=int(year) * 100 + int(month) if is_month else None,
        before=asked.get("before", ""),
    )


_MONTH_NUMBERS = {f"{number:02d}" for number in range(1, 13)}


def _address(name: str = "citizen:records", **asked: str) -> str:
    path = reverse(name, args=["records"]) if name == "citizen:live" else reverse(name)
    kept = {key: value for key, value in asked.items() if value}
    return f"{path}?{urlencode(kept)}" if kept else path


def _scenes(account: AccountEntry, rules: RulesInForce, chosen: Filter) -> Iterator[Choice]:
    names = naming(account, rules, moments.language())
    for code, title in sorted(names.scenes.values(), key=lambda scene: scene[1]):
        yield Choice(code, title, code == chosen.scene)


def _months(today: date, chosen: Filter) -> Iterator[Choice]:
    first = today.replace(day=1)
    for _ in range(MONTHS):
        number = first.year * 100 + first.month
        yield Choice(f"{first:%Y-%m}", moments.day(first, "month"), number == chosen.month)
        first = (first - timedelta(days=1)).replace(day=1)


def _news(page: RecordPage, seen: str, address: str) -> News:
    latest = page.days[0].records[0] if page.days else None
    return news_of(address, seen, page.waiting, latest)
