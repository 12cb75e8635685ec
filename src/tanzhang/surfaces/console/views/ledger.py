"""The books, to read: what programmes gave out, and the log with its roots."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tanzhang.apps.activities.api import kilograms, piece
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.ledger import api as books
from tanzhang.problems import Problem
from tanzhang.surfaces.console.pages import PAGE_ROWS, allowed, page, spoken
from tanzhang.surfaces.console.paging import number_of
from tanzhang.surfaces.console.trail import trail


@allowed("look")
def ledger(request: HttpRequest) -> HttpResponse:
    """What was given out, and the latest places in the log."""
    issued = [_issued(line) for line in books.issued()]
    places = books.log_lines(PAGE_ROWS, number_of(request, "before"))
    more = places[-1].position if len(places) == PAGE_ROWS else None
    return page(request, "ledger", _("Ledger"), issued=issued, places=places, more=more)


def _issued(line: books.Issued) -> dict[str, Any]:
    """What a programme gave out, with each unit of its points by name."""
    rules, lang = rulebook_in_force(), spoken()
    programme = rules.programme_code(line.programme_id)
    return {
        "programme": programme,
        "reduction": kilograms(line.reduction_mg, lang),
        "points": [
            (amount, rules.points_title(programme, unit)[lang] if len(line.points) > 1 else "")
            for unit, amount in line.points.items()
        ],
    }


@allowed("look")
def place(request: HttpRequest, position: int) -> HttpResponse:
    """One place in the log."""
    line = books.log_line(position)
    if line is None:
        raise Problem("console.page_unknown", name=str(position))
    title = _("Position %(position)s") % {"position": position}
    return page(
        request,
        "place",
        title,
        crumbs=trail("ledger"),
        place=line,
        piece=piece(line.piece_id),
    )
