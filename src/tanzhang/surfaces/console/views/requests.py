"""Rights requests: what people asked for, by when they have an answer, and answering."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people
from tanzhang.apps.people.api import RequestEntry, RequestKind, RequestState, StepEntry
from tanzhang.problems import Problem
from tanzhang.surfaces.console.journal import lines_about, record
from tanzhang.surfaces.console.models import Kind, Verb
from tanzhang.surfaces.console.noting import note_look, reader_name
from tanzhang.surfaces.console.pages import allowed, go, may, page
from tanzhang.surfaces.console.trail import trail
from tanzhang.surfaces.console.words import word_of

#: What a second person carries out by one press. An erasure needs the journal and the backups, and
#: whoever wants to close her account does it herself.
_CARRIED_OUT = (RequestKind.RESTRICT,)


@allowed("look")
def requests(request: HttpRequest) -> HttpResponse:
    """What waits for an answer, the most urgent first; no words of anybody."""
    now = timezone.now()
    with bulk_transaction() as cursor:
        found = people.open_requests(cursor)
    rows = [(each, _urgency(each, now)) for each in found]
    return page(request, "requests", _("Rights requests"), rows=rows)


@allowed("look")
def one(request: HttpRequest, number: int) -> HttpResponse:
    """One request with its steps. Whoever opens it is written down for the person."""
    with bulk_transaction() as cursor:
        found = people.request_numbered(cursor, number)
        steps = people.steps_of(cursor, found)
    note_look(request, found.subject_id, ["request"], purpose="rights_request")
    checked_by = _checked_by(found, steps)
    is_other = bool(checked_by) and checked_by != request.user.get_username().casefold()
    can_carry = found.kind in _CARRIED_OUT and found.is_open
    return page(
        request,
        "request",
        _("Request %(number)s") % {"number": number},
        crumbs=trail("requests"),
        found=found,
        kind=word_of("request", found.kind),
        steps=steps,
        urgency=_urgency(found, timezone.now()),
        states=_states(),
        may_answer=found.is_open and may(request, "hold"),
        can_carry=can_carry,
        checked_by=checked_by,
        may_carry=can_carry and is_other and may(request, "approve"),
        erases=found.is_open and found.kind is RequestKind.DELETE,
        lines=lines_about(Kind.REQUEST, str(number)),
    )


@allowed("hold", posts=True)
def answer(request: HttpRequest, number: int) -> HttpResponse:
    """Go on with a request, or end it, with what the person is told."""
    try:
        state = RequestState(request.POST.get("state", ""))
    except ValueError:
        raise Problem("rights.request_unknown", number=number) from None
    if state.value not in dict(_states()):  # only the person herself takes a request back
        raise Problem("rights.request_unknown", number=number)
    words = request.POST.get("words", "")
    with transaction.atomic():
        with bulk_transaction() as cursor:
            people.take_step(cursor, number, state, by=reader_name(request), words=words)
        record(request, Verb.ANSWERED, Kind.REQUEST, str(number), state.value)
    messages.success(request, _("Written down; the person reads it now."))
    return go("request", number)


@allowed("approve", posts=True)
def carry_out(request: HttpRequest, number: int) -> HttpResponse:
    """Do what a request asks and another person has checked, and tell the person."""
    with transaction.atomic():
        with bulk_transaction() as cursor:
            found = people.request_numbered(cursor, number)
            checked_by = _checked_by(found, people.steps_of(cursor, found))
            if found.kind not in _CARRIED_OUT or not checked_by:
                raise Problem("rights.not_checked", number=number)
            if checked_by == request.user.get_username().casefold():
                raise Problem("rights.same_person", number=number)
            words = request.POST.get("words", "")
            by = reader_name(request)
            people.take_step(cursor, number, RequestState.DONE, by=by, words=words)
            account = people.account_numbered(found.account_id, even_restricted=True)
            assert account is not None
            reason = f"request {number}"
            people.set_account_state(cursor, [account.id], people.State.RESTRICTED, reason)
        record(request, Verb.APPROVED, Kind.REQUEST, str(number), found.kind.value)
    messages.success(request, _("It is done, and the person reads it now."))
    return go("request", number)


def _checked_by(found: RequestEntry, steps: Sequence[StepEntry]) -> str:
    """Who of the staff last said that she works on a request which stands there; or nobody."""
    if found.state is not RequestState.WORKING:
        return ""
    return steps[-1].made_by.rpartition(":")[2].casefold()


def _states() -> list[tuple[str, str]]:
    """The states that staff can choose."""
    return [
        (RequestState.WORKING.value, _("Somebody works on it")),
        (RequestState.WAITING.value, _("Waits for an answer of the person")),
        (RequestState.DONE.value, _("Done")),
        (RequestState.REFUSED.value, _("Refused, with the reason")),
    ]


def _urgency(found: RequestEntry, now: datetime) -> str:
    if not found.is_open:
        return ""
    if people.is_overdue(found.due_on, now):
        return "past"
    return "soon" if people.runs_out(found.due_on, now) else ""
