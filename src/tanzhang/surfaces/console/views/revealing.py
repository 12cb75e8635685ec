"""Showing somebody's personal data to staff: chosen fields, for a reason, for ten minutes.

Nothing is granted that could outlive the moment: the answer to the form shows the fields once and
leaves the screen by itself. Whoever wants to look again says why again.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tanzhang.apps.people import api as people
from tanzhang.problems import Problem
from tanzhang.surfaces.console.pages import allowed, page, spoken
from tanzhang.surfaces.console.personal import SHOWN_S, purposes, revealed_lines
from tanzhang.surfaces.console.trail import trail


@allowed("reveal", posts=True)
def show(request: HttpRequest, handle: str) -> HttpResponse:
    """Show the fields that were chosen, and note who saw them and why."""
    entry = people.account(handle)
    if entry is None:
        raise Problem("console.page_unknown", name=handle)
    purpose, reason = request.POST.get("purpose", ""), request.POST.get("reason", "").strip()
    fields = [name for name in request.POST.getlist("field") if name in people.vault.declared()]
    if purpose not in purposes() or len(reason) < 4 or not fields:
        raise Problem("console.reveal_incomplete")
    answer = page(
        request,
        "revealed",
        entry.handle,
        crumbs=trail("accounts"),
        entry=entry,
        lines=revealed_lines(
            request,
            entry.subject_id,
            fields,
            purpose=purpose,
            reason=reason,
            lang=spoken(),
        ),
        purpose=purposes()[purpose],
        reason=reason,
        minutes=SHOWN_S // 60,
    )
    answer["Cache-Control"] = "no-store"
    answer["Refresh"] = f"{SHOWN_S}; url={reverse('console:account', args=[entry.handle])}"
    return answer
