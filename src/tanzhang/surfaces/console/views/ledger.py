"""The books, to read: what programmes gave out, and the log with its roots."""

from __future__ import annotations

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
    lang = spoken()
    issued = [
        {
            "programme": rulebook_in_force().programme_code(line.programme_id),
            "reduction": kilograms(line.reduction_mg, lang),
            "points": line.points,
        }
        for line in books.issued()
    ]
    places = books.log_lines(PAGE_ROWS, number_of(request, "before"))
    more = places[-1].position if len(places) == PAGE_ROWS else None
    return page(request, "ledger", _("Ledger"), issued=issued, places=places, more=more)


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
