"""Why this number: everything behind one act, and how to disagree."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tanzhang.apps.activities.api import Why, own_doubts, why as read_why
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.people.api import AccountEntry
from tanzhang.engine.packs import FactorLine
from tanzhang.engine.units import parse_unit
from tanzhang.problems import Problem
from tanzhang.surfaces.citizen.tabs import tabs
from tanzhang.surfaces.citizen.timeline import entries
from tanzhang.surfaces.citizen.units import name_of_points
from tanzhang.surfaces.citizen.visitor import for_citizens
from tanzhang.surfaces.look import moments


@require_safe
@for_citizens
def why(request: HttpRequest, account: AccountEntry, event: str) -> HttpResponse:
    """The page; another citizen's event is as if it did not exist."""
    try:
        found = read_why(account, event, rulebook_in_force(), moments.language())
    except Problem as problem:
        if problem.code == "ledger.event_waiting":
            return render(request, "citizen/why_waiting.html", {"tabs": tabs()})
        if problem.code == "ledger.event_unknown":
            raise Http404 from None
        raise
    doubts = own_doubts(event, account.subject_id, rulebook_in_force(), moments.language())
    context = _context(found) | {
        "tabs": tabs(),
        "doubts": doubts,
        "points_name": name_of_points(account, rulebook_in_force()),
    }
    return render(request, "citizen/why.html", context)


def _context(found: Why) -> dict[str, Any]:
    told = found.told.explanation
    inputs = [step for step in told.steps if not step.in_words] if told else []
    return {
        "why": found,
        "explanation": told,
        "data": [step for step in inputs if step.name != "rounding"],
        "factors": [_figure(line) for line in told.factors] if told else [],
        "changes": entries(found.changes),
        "standard": _standards().get(found.methodology.standard, "") if found.methodology else "",
    }


def _figure(line: FactorLine) -> dict[str, str]:
    return {
        "title": line.title[moments.language()],
        "value": line.value,
        "unit": parse_unit(line.unit).write(moments.language()),
        "label": line.dated[moments.language()],
        "kind": line.mark.kind,
        "source": line.mark.source[moments.language()],
    }


def _standards() -> dict[str, str]:
    return {
        "programme": gettext("A rule of one programme"),
        "group": gettext("A group standard"),
        "industry": gettext("An industry standard"),
        "local": gettext("A local standard"),
        "national": gettext("A national standard"),
        "international": gettext("An international standard"),
        "report": gettext("A published report"),
    }
