"""Decisions made by the computer: every record that it did not count in full, and by which rule."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tanzhang.apps.activities import api as activities
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.people.api import AccountEntry
from tanzhang.surfaces.citizen.tabs import tabs
from tanzhang.surfaces.citizen.visitor import for_citizens
from tanzhang.surfaces.look import moments

#: Decisions on one page.
LINES: Final = 30


@require_safe
@for_citizens
def decisions(request: HttpRequest, account: AccountEntry) -> HttpResponse:
    """The page; ``?before=`` is the place of a record after which it goes on."""
    rules = rulebook_in_force()
    found = activities.decisions(
        account, rules, moments.language(), before=request.GET.get("before", ""), lines=LINES
    )
    programme = rules.programme_code(account.programme_id)
    context = {
        "lines": found.lines,
        "older": found.older,
        "zone": rules.programme(programme).time_zone,
        "tabs": tabs(),
    }
    return render(request, "citizen/decisions.html", context)
