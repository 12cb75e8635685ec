"""Impact assessments: what may be done with a partner's data, on the word of two persons."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from tanzhang.apps.activities.api import fields_of_partner
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.partners.api import partner, partner_codes
from tanzhang.apps.people import api as people
from tanzhang.apps.people.api import AssessmentEntry, Proposal
from tanzhang.config.staff import staff_names
from tanzhang.problems import Problem
from tanzhang.surfaces.console.journal import lines_about, record
from tanzhang.surfaces.console.models import Kind, Verb
from tanzhang.surfaces.console.pages import allowed, go, may, page, spoken
from tanzhang.surfaces.console.trail import trail


@allowed("look")
def assessments(request: HttpRequest) -> HttpResponse:
    """All assessments, the youngest first, and how many people's data are handled.

    Beside these numbers: those from which on the law asks for more, and whether they are reached.
    """
    codes, now, staff = partner_codes(), timezone.now(), staff_names()
    found = people.volumes(now)
    rows = [
        (e, codes[e.partner_id], _purpose(e.purpose), state, _is_orphan(e, state, staff))
        for e, state in ((each, each.state(now)) for each in people.assessments())
    ]
    return page(
        request,
        "assessments",
        _("Impact assessments"),
        rows=rows,
        volumes=found,
        thresholds=[
            (each, each.threshold.law[spoken()], each.threshold.duty[spoken()])
            for each in people.measured_thresholds(found)
        ],
        partners=sorted(codes.values()),
        purposes=[(p.code, p.title[spoken()]) for p in people.purposes().values()],
        may_propose=may(request, "switch"),
        staff=staff,
        myself=request.user.get_username(),
    )


@allowed("look")
def assessment(request: HttpRequest, number: int) -> HttpResponse:
    """One assessment, and who decided what."""
    entry, now = people.assessment(number), timezone.now()
    own = entry.proposed_by.casefold() == request.user.get_username().casefold()
    waits = not entry.decision
    return page(
        request,
        "assessment",
        _("Impact assessment %(number)s") % {"number": number},
        crumbs=trail("partners", "assessments"),
        entry=entry,
        partner_code=partner_codes()[entry.partner_id],
        purpose=_purpose(entry.purpose),
        state=entry.state(now),
        orphan=_is_orphan(entry, entry.state(now), staff_names()),
        own=own and waits,
        may_decide=waits and not own and may(request, "approve"),
        may_withdraw=waits and own and may(request, "switch"),
        may_end=entry.state(now) in ("live", "coming") and may(request, "switch"),
        lines=lines_about(Kind.ASSESSMENT, str(number)),
    )


@allowed("switch", posts=True)
def propose(request: HttpRequest) -> HttpResponse:
    """Propose that all a partner reports may be handled for one purpose, until a day."""
    said = {name: request.POST.get(name, "").strip() for name in request.POST}
    code, purpose = said.get("partner", ""), said.get("purpose", "")
    proposal = Proposal(
        partner_id=partner(code).id,
        purpose=purpose,
        fields=_fields(code, purpose),
        country=said.get("country", "").upper() or people.HOME,
        mechanism=said.get("mechanism") or None,
        contract=said.get("contract") or None,
        necessity=said.get("necessity", ""),
        impact=said.get("impact", ""),
        measures=said.get("measures", ""),
        owner=_owner(said.get("owner", "")),
        valid_until=_until(said.get("until", "")),
    )
    with transaction.atomic():
        number = people.propose_assessment(proposal, by=request.user.get_username())
        record(request, Verb.PROPOSED, Kind.ASSESSMENT, str(number))
    messages.success(request, _("The proposal waits for another person's approval."))
    return go("assessment", number)


@allowed("approve", posts=True)
def approve(request: HttpRequest, number: int) -> HttpResponse:
    """Approve what somebody else proposed."""
    return _decide(request, number, Verb.APPROVED, people.approve_assessment)


@allowed("approve", posts=True)
def decline(request: HttpRequest, number: int) -> HttpResponse:
    """Decline what somebody else proposed."""
    return _decide(request, number, Verb.DECLINED, people.refuse_assessment)


@allowed("switch", posts=True)
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take one's own proposal back."""
    return _decide(request, number, Verb.WITHDRAWN, people.withdraw_assessment)


@allowed("switch", posts=True)
def end(request: HttpRequest, number: int) -> HttpResponse:
    """End an assessment before its time: at once nothing is collected by it any more."""
    note = _note(request)
    with transaction.atomic():
        people.end_assessment(
            number,
            by=request.user.get_username(),
            reason=note,
            data_left=request.POST.get("data_left", ""),
        )
        record(request, Verb.SUSPENDED, Kind.ASSESSMENT, str(number), note)
    return go("assessment", number)


@allowed("look")
def certificate(request: HttpRequest, number: int) -> HttpResponse:
    """What became of the partner's data, to be handed over."""
    return HttpResponse(people.certificate(number), content_type="application/json")


def _decide(
    request: HttpRequest, number: int, verb: Verb, decide: Callable[..., None]
) -> HttpResponse:
    """Decide a proposal and write it down, both or neither."""
    note = _note(request)
    with transaction.atomic():
        decide(number, by=request.user.get_username(), note=note)
        record(request, verb, Kind.ASSESSMENT, str(number), note)
    return go("assessment", number)


def _fields(code: str, purpose: str) -> list[str]:
    """What would be handled: of a partner that reads, what it reads; else what it reports."""
    if purpose in (people.SHARE, people.CROSS_BORDER):
        return list(people.BALANCE_FIELDS)
    rules = rulebook_in_force()
    programme = rules.programme_code(partner(code).programme_id)
    return sorted(fields_of_partner(rules, programme, code).get(purpose, ()))


def _purpose(code: str) -> str:
    return people.purposes()[code].title[spoken()]


def _owner(name: str) -> str:
    """Whoever is to answer for a connection; nobody, if no such log-in is open here."""
    return name if name in staff_names() else ""


def _is_orphan(entry: AssessmentEntry, state: str, staff: Collection[str]) -> bool:
    """Whether whoever answers for a connection that is used, or to be, has no open log-in."""
    is_wanted = state in ("live", "coming", "waiting") and not entry.is_fictitious
    return is_wanted and entry.owner not in staff


def _until(text: str) -> datetime:
    """The end of the day that was named, a day of China's."""
    try:
        named = datetime.strptime(text, "%Y-%m-%d").date()
        return people.day_begins(named + timedelta(days=1))
    except (ValueError, OverflowError):  # nothing comes after the last day of the calendar
        raise Problem("console.day_invalid", given=text) from None


def _note(request: HttpRequest) -> str:
    note = request.POST.get("note", "").strip()
    if not note:
        raise Problem("console.note_missing")
    return note
