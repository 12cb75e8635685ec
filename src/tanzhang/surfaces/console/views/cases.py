"""Cases of people: who wants to come back, who has died; what only two persons do."""

from __future__ import annotations

import re

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from tanzhang.apps.people import api as people
from tanzhang.apps.people.api import AccountEntry, CaseKind, Step
from tanzhang.problems import Problem
from tanzhang.surfaces.console.journal import lines_about, record
from tanzhang.surfaces.console.models import Kind, Verb
from tanzhang.surfaces.console.noting import note_look
from tanzhang.surfaces.console.pages import allowed, go, may, page
from tanzhang.surfaces.console.personal import masked_recovery_phone
from tanzhang.surfaces.console.trail import trail


@allowed("look")
def cases(request: HttpRequest) -> HttpResponse:
    """The latest cases; whom they are about stands in each alone."""
    return page(request, "cases", _("Cases of people"), rows=people.latest_cases())


@allowed("look")
def case(request: HttpRequest, number: int) -> HttpResponse:
    """One case. Whoever opens it is written down for the person."""
    found = people.identity_case(number)
    account = _account(found.account_id)
    note_look(request, account.subject_id, ["case"], purpose="identity_case")
    proposals = people.proposals_in(number)
    waiting = next((one for one in proposals if not one.decision), None)
    own = waiting is not None and waiting.proposed_by == request.user.get_username()
    wish = "shorten" if found.kind is CaseKind.RECOVERY else "confirm_death"
    is_confirmed = found.kind is CaseKind.DEATH and Step.DONE in found.steps
    # The vault holds one such number: that of the case which is open.
    asks = found.is_open and found.kind is CaseKind.RECOVERY
    return page(
        request,
        "case",
        _("Case %(number)s") % {"number": number},
        crumbs=trail("cases"),
        found=found,
        account=account,
        steps=people.case_steps(number),
        proposals=proposals,
        waiting=waiting,
        own=own,
        wish=wish,
        is_over=found.waiting_is_over(timezone.now()),
        asked_from=masked_recovery_phone(account.subject_id) if asks else "",
        may_check=asks and may(request, "hold"),
        may_propose=found.is_open and waiting is None and may(request, "hold"),
        may_decide=waiting is not None and not own and may(request, "approve"),
        may_refuse=found.is_open and may(request, "hold"),
        kin_rights=people.KIN_RIGHTS if is_confirmed and may(request, "hold") else (),
        lines=lines_about(Kind.CASE, str(number)),
    )


@allowed("hold", posts=True)
def report(request: HttpRequest, handle: str) -> HttpResponse:
    """Open a case about a death."""
    account, note = people.account(handle), _note(request)
    if account is None:
        raise Problem("console.page_unknown", name=handle)
    with transaction.atomic():
        number = people.report_death(
            account.id,
            by=request.user.get_username(),
            reason=note,
            documents=digests_in(request.POST.get("documents", "")),
        )
        _record(request, Verb.ADDED, number, note)
    return go("case", number)


@allowed("hold", posts=True)
def check(request: HttpRequest, number: int) -> HttpResponse:
    """Note that documents were seen and are in order."""
    note, documents = _note(request), digests_in(request.POST.get("documents", ""))
    with transaction.atomic():
        who = request.user.get_username()
        people.check_documents(number, by=who, note=note, documents=documents)
        _record(request, Verb.CHANGED, number, note)
    return go("case", number)


@allowed("hold", posts=True)
def propose(request: HttpRequest, number: int) -> HttpResponse:
    """Propose what a second person has to decide."""
    note, kind = _note(request), people.identity_case(number).kind
    wish = "shorten" if kind is CaseKind.RECOVERY else "confirm_death"
    with transaction.atomic():
        people.propose_step(number, wish, by=request.user.get_username(), note=note)
        _record(request, Verb.PROPOSED, number, note)
    messages.success(request, _("The proposal waits for another person's approval."))
    return go("case", number)


@allowed("approve", posts=True)
def decide(request: HttpRequest, number: int) -> HttpResponse:
    """Decide what somebody else proposed."""
    note, approve = _note(request), request.POST.get("decision") == "approve"
    waiting = next((one for one in people.proposals_in(number) if not one.decision), None)
    if waiting is None:
        raise Problem("identity.proposal_unknown")
    with transaction.atomic():
        people.decide_case(waiting.id, approve=approve, by=request.user.get_username(), note=note)
        verb = Verb.APPROVED if approve else Verb.DECLINED
        _record(request, verb, number, note)
    return go("case", number)


@allowed("hold", posts=True)
def refuse(request: HttpRequest, number: int) -> HttpResponse:
    """End a case."""
    note = _note(request)
    with transaction.atomic():
        people.refuse_case(number, by=request.user.get_username(), note=note)
        _record(request, Verb.DECLINED, number, note)
    return go("case", number)


@allowed("hold", posts=True)
def kin(request: HttpRequest, number: int) -> HttpResponse:
    """Use a right for next of kin."""
    note, right = _note(request), request.POST.get("right", "")
    if right not in people.KIN_RIGHTS:
        raise Problem("identity.proposal_unfit")
    with transaction.atomic():
        who = request.user.get_username()
        people.use_kin_right(number, right, by=who, note=note)
        _record(request, Verb.CHANGED, number, f"{right}: {note}")
    return go("case", number)


def _record(request: HttpRequest, verb: Verb, number: int, note: str) -> None:
    account_id = people.identity_case(number).account_id
    account = people.account_numbered(account_id, even_restricted=True)
    assert account is not None
    record(request, verb, Kind.CASE, str(number), note, of=account.subject_id)


def digests_in(text: str) -> list[bytes]:
    """The SM3 digests that somebody pasted. Raises ``identity.digest_malformed``."""
    words = text.split()
    if not all(re.fullmatch(r"[0-9a-fA-F]{64}", word) for word in words):
        raise Problem("identity.digest_malformed")
    return [bytes.fromhex(word) for word in words]


def _account(number: int) -> AccountEntry:
    found = people.account_numbered(number)
    assert found is not None  # a case is about an account that is there
    return found


def _note(request: HttpRequest) -> str:
    note = request.POST.get("note", "").strip()
    if not note:
        raise Problem("console.note_missing")
    return note
