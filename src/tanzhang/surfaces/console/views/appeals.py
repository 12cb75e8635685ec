"""Appeals: what somebody disputes beside what is known of the act, and the humans who decide."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from tanzhang.apps.activities import api as activities
from tanzhang.apps.activities.api import AppealEntry, AppealMove, Remedy, login_of
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners.api import partner_codes
from tanzhang.apps.people import api as people
from tanzhang.problems import Problem
from tanzhang.surfaces.console.journal import deciders_about, lines_about, record
from tanzhang.surfaces.console.models import Kind, Verb
from tanzhang.surfaces.console.noting import note_look, reader_name
from tanzhang.surfaces.console.pages import allowed, go, may, page, spoken
from tanzhang.surfaces.console.trail import trail


@allowed("look")
def appeals(request: HttpRequest) -> HttpResponse:
    """The appeals that wait for a decision, the most urgent first; no words of anybody."""
    now = timezone.now()
    with bulk_transaction() as cursor:
        rows = [(each, _urgency(each, now)) for each in activities.open_appeals(cursor)]
    return page(request, "appeals", _("Appeals"), rows=rows, codes=partner_codes())


@allowed("look")
def appeal(request: HttpRequest, number: int) -> HttpResponse:
    """One appeal with the evidence beside it. Whoever opens it is written down for the person."""
    with bulk_transaction() as cursor:
        found = activities.appeal_numbered(cursor, number)
    note_look(request, found.subject_id, ["appeal", "act"], purpose="appeal")
    lang, who = spoken(), login_of(request.user.get_username())
    told = None
    if found.event is not None:
        told = activities.biography(uuid.UUID(found.event), rulebook_in_force(), lang)
    first = _first_deciders(found)
    open_to_her = found.is_open and may(request, "hold") and who not in first
    waiting = found.proposal
    own = waiting is not None and login_of(waiting.made_by) == who
    return page(
        request,
        "appeal",
        _("Appeal %(number)s") % {"number": number},
        crumbs=trail("appeals"),
        found=found,
        told=told,
        account=people.account_numbered(found.account_id),
        worth=activities.grams(found.worth_mg, lang),
        partner=partner_codes().get(found.partner_id) if found.partner_id else None,
        urgency=_urgency(found, timezone.now()),
        remedies=_remedies(found),
        revisions=_revisions(told),
        first=sorted(first),
        may_decide=open_to_her and waiting is None,
        may_agree=open_to_her and waiting is not None and not own,
        may_let_go=found.is_open and waiting is not None and may(request, "hold"),
        lines=lines_about(Kind.APPEAL, str(number)),
    )


@allowed("hold", posts=True)
def decide(request: HttpRequest, number: int) -> HttpResponse:
    """Decide an appeal, or propose how where two persons decide."""
    remedy = _remedy(request.POST.get("remedy", ""), number)
    words, given = request.POST.get("words", ""), request.POST.get("revision", "")
    revision = int(given) if remedy is Remedy.RESTATE and given.isdecimal() else None
    with transaction.atomic():
        move = activities.decide_appeal(
            number,
            remedy,
            words,
            by=reader_name(request),
            earlier=_first_deciders(_entry(number)),
            revision=revision,
        )
        verb = Verb.DECIDED if move is AppealMove.DECIDED else Verb.PROPOSED
        record(request, verb, Kind.APPEAL, str(number), remedy.value)
    if verb is Verb.PROPOSED:
        messages.success(request, _("It waits for another person's word."))
    else:
        messages.success(request, _("It is decided; whoever appealed reads the answer now."))
    return go("appeal", number)


@allowed("hold", posts=True)
def agree(request: HttpRequest, number: int) -> HttpResponse:
    """Agree to what somebody else proposed."""
    with transaction.atomic():
        first = _first_deciders(_entry(number))
        remedy = activities.agree_on_appeal(number, by=reader_name(request), earlier=first)
        record(request, Verb.AGREED, Kind.APPEAL, str(number), remedy.value)
    messages.success(request, _("It is decided; whoever appealed reads the answer now."))
    return go("appeal", number)


@allowed("hold", posts=True)
def disagree(request: HttpRequest, number: int) -> HttpResponse:
    """Let a proposal go."""
    words = request.POST.get("words", "")
    with transaction.atomic():
        activities.disagree_on_appeal(number, words, by=reader_name(request))
        record(request, Verb.DISAGREED, Kind.APPEAL, str(number))
    return go("appeal", number)


@allowed("hold", posts=True)
def ask(request: HttpRequest, number: int) -> HttpResponse:
    """Ask the partner to look at its report again."""
    words = request.POST.get("words", "")
    with transaction.atomic():
        activities.ask_partner(number, words, by=reader_name(request))
        record(request, Verb.ASKED, Kind.APPEAL, str(number))
    messages.success(request, _("The partner sees the question in its portal."))
    return go("appeal", number)


def _entry(number: int) -> AppealEntry:
    with bulk_transaction() as cursor:
        return activities.appeal_numbered(cursor, number)


def _first_deciders(found: AppealEntry) -> set[str]:
    """Who made the decision that is disputed: by order here, or about a suspicion."""
    here = set() if found.event is None else deciders_about(found.event)
    return here | activities.first_deciders(found)


def _remedies(found: AppealEntry) -> list[tuple[str, str]]:
    """What can follow, with its words."""
    known = {
        Remedy.NONE: _("It stays as it is."),
        Remedy.RELEASE: _("Release it: it counts again."),
        Remedy.SET_ASIDE: _("Set it aside: what it was worth is posted back."),
        Remedy.RESTATE: _("An earlier revision of the report stands again."),
        Remedy.CORRECTED: _("The partner has sent a correction, or will."),
        Remedy.ELSEWHERE: _("It was put right elsewhere, for example the account is free again."),
    }
    return [(remedy.value, known[remedy]) for remedy in activities.remedies_for(found)]


def _revisions(told: Any) -> list[int]:
    """The revisions that an outcome was posted for, but for the present one."""
    if told is None or told.story is None:
        return []
    return sorted({line.revision for line in told.story.history} - {told.story.revision})


def _urgency(found: AppealEntry, now: datetime) -> str:
    """``past`` or ``soon`` for a clock that has run out or soon will; empty for any other."""
    if not found.is_open:
        return ""
    if people.is_overdue(found.due_on, now):
        return "past"
    return "soon" if people.runs_out(found.due_on, now) else ""


def _remedy(given: str, number: int) -> Remedy:
    try:
        return Remedy(given)
    except ValueError:
        raise Problem("appeals.remedy_unfit", number=number, remedy=given[:20]) from None
