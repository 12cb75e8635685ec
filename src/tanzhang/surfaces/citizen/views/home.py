"""Home: what the account holds, what the last weeks brought, where each gram stands."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tanzhang.apps.activities.api import Home, Waiting, home as read_home, stamp
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.people.api import AccountEntry, open_recovery
from tanzhang.surfaces.citizen.asking import is_to_ask
from tanzhang.surfaces.citizen.news import News, news_of
from tanzhang.surfaces.citizen.states import state_lines
from tanzhang.surfaces.citizen.tabs import tabs
from tanzhang.surfaces.citizen.units import name_of_points
from tanzhang.surfaces.citizen.visitor import for_citizens, today_of
from tanzhang.surfaces.look import moments
from tanzhang.surfaces.look.charts import Column, Share


@require_safe
@for_citizens
def home(request: HttpRequest, account: AccountEntry) -> HttpResponse:
    """The page."""
    shown = context(account) | {
        "tabs": tabs(),
        "is_to_ask": is_to_ask(request),
        "is_asked_for": open_recovery(account.id) is not None,
    }
    return render(request, "citizen/home.html", shown)


def context(account: AccountEntry) -> dict[str, Any]:
    """What the part that grows while one watches shows."""
    rules = rulebook_in_force()
    today = today_of(account, rules)
    # Before the page is read: what is posted in between shows twice rather than never.
    seen = stamp(account, today)
    found = read_home(account, rules, moments.language(), today)
    return {
        "home": found,
        "points_name": name_of_points(account, rules),
        "columns": [Column(_label(week.monday), week.reduction_mg) for week in found.weeks],
        "scenes": _shares(found),
        "partners": [Share(share.title, share.reduction_mg) for share in found.partners],
        "waiting_count": _pending(found.waiting),
        "states": state_lines(found.states, found.waiting),
        "has_acts": bool(found.latest or found.waiting.acts),
        "news": _news(found, seen),
    }


def _pending(waiting: Waiting) -> str:
    """How many acts wait, where that can be said: behind a long queue nobody counted them all."""
    if waiting.is_whole:
        return str(len(waiting.acts))
    if not waiting.acts:
        return gettext("not counted yet")
    return gettext("%(count)s or more") % {"count": len(waiting.acts)}


def _label(monday: date) -> str:
    """A week's first day, short enough to stand under its bar."""
    if moments.language() == "zh":
        return f"{monday.month}/{monday.day}"
    return moments.day(monday, "short")


def _shares(found: Home) -> list[Share]:
    records = reverse("citizen:records")
    return [
        Share(share.title, share.reduction_mg, share.code, f"{records}?scene={share.code}")
        for share in found.scenes
    ]


def _news(found: Home, seen: str) -> News:
    latest = found.latest[0] if found.latest else None
    return news_of(reverse("citizen:live", args=["home"]), seen, found.waiting, latest)
