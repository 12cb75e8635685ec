"""Suspicions: what a compromised key signed, and the two persons who decide what becomes of it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tanzhang.apps.activities import api as activities
from tanzhang.apps.activities.api import Resolution
from tanzhang.problems import Problem
from tanzhang.surfaces.console.journal import lines_about, record
from tanzhang.surfaces.console.models import Kind, Verb
from tanzhang.surfaces.console.pages import allowed, go, may, page, spoken
from tanzhang.surfaces.console.trail import trail


@allowed("look")
def suspicions(request: HttpRequest) -> HttpResponse:
    """All suspicions, the youngest first."""
    rows = [
        (entry, activities.kilograms(entry.reduction_mg, spoken()))
        for entry in reversed(activities.suspicions())
    ]
    return page(request, "suspicions", _("Suspicions"), rows=rows)


@allowed("look")
def suspicion(request: HttpRequest, number: int) -> HttpResponse:
    """One suspicion: what is at stake, and who decided what."""
    entry = activities.suspicion(number)
    proposals = activities.proposals_about(number)
    waiting = next((made for made in proposals if made.decision is None), None)
    own = waiting is not None and waiting.proposed_by == request.user.get_username()
    return page(
        request,
        "suspicion",
        _("Suspicion %(number)s") % {"number": number},
        crumbs=trail("partners", "suspicions"),
        entry=entry,
        amount=activities.kilograms(entry.reduction_mg, spoken()),
        proposals=proposals,
        waiting=waiting,
        own=own,
        may_propose=entry.state == "open" and may(request, "hold"),
        may_decide=waiting is not None and not own and may(request, "approve"),
        may_withdraw=own and may(request, "hold"),
        lines=lines_about(Kind.SUSPICION, str(number)),
    )


@allowed("hold", posts=True)
def confirm(request: HttpRequest, number: int) -> HttpResponse:
    """Propose that everything counts again."""
    return _propose(request, number, Resolution.CONFIRM)


@allowed("hold", posts=True)
def reverse(request: HttpRequest, number: int) -> HttpResponse:
    """Propose that nothing of it ever counts."""
    return _propose(request, number, Resolution.REVERSE)


@allowed("approve", posts=True)
def approve(request: HttpRequest, number: int) -> HttpResponse:
    """Approve what somebody else proposed."""
    done = _decide(request, number, Verb.APPROVED, activities.approve_resolution)
    messages.success(request, _("It is decided; what is left to do is done in the background."))
    return done


@allowed("approve", posts=True)
def decline(request: HttpRequest, number: int) -> HttpResponse:
    """Decline what somebody else proposed."""
    return _decide(request, number, Verb.DECLINED, activities.refuse_resolution)


@allowed("hold", posts=True)
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take one's own proposal back."""
    return _decide(request, number, Verb.WITHDRAWN, activities.withdraw_resolution)


def _propose(request: HttpRequest, number: int, resolution: Resolution) -> HttpResponse:
    """Make a proposal and write it down, both or neither."""
    note, who = _note(request), request.user.get_username()
    with transaction.atomic():
        activities.propose_resolution(number, resolution, by=who, note=note)
        record(request, Verb.PROPOSED, Kind.SUSPICION, str(number), note)
    messages.success(request, _("The proposal waits for another person's approval."))
    return go("suspicion", number)


def _decide(
    request: HttpRequest, number: int, verb: Verb, decide: Callable[..., Resolution]
) -> HttpResponse:
    """Decide a proposal and write it down, both or neither."""
    note = _note(request)
    with transaction.atomic():
        decide(number, by=request.user.get_username(), note=note)
        record(request, verb, Kind.SUSPICION, str(number), note)
    return go("suspicion", number)


def _note(request: HttpRequest) -> str:
    note = request.POST.get("note", "").strip()
    if not note:
        raise Problem("console.note_missing")
    return note
