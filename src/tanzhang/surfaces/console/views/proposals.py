"""Two-person activation: one proposes from which day a version counts, another approves."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from tanzhang.apps.activities.api import change_rules
from tanzhang.apps.catalogue import api as catalogue
from tanzhang.apps.catalogue.api import ActivationEntry
from tanzhang.problems import Problem
from tanzhang.stored_time import day_number
from tanzhang.surfaces.console.effects import effects
from tanzhang.surfaces.console.journal import lines_about, record
from tanzhang.surfaces.console.models import Kind, Verb
from tanzhang.surfaces.console.pages import allowed, go, may, page, spoken
from tanzhang.surfaces.console.trail import trail


def waiting_for(request: HttpRequest) -> list[ActivationEntry]:
    """The proposals that whoever asks may decide: open ones of others."""
    if not may(request, "approve"):
        return []
    own = request.user.get_username()
    return [p for p in catalogue.activations() if not p.decision and p.proposed_by != own]


@allowed("look")
def proposals(request: HttpRequest) -> HttpResponse:
    """All proposals, open ones first."""
    found = sorted(catalogue.activations(), key=lambda entry: bool(entry.decision))
    return page(request, "proposals", _("Proposals"), rows=found)


@allowed("look")
def proposal(request: HttpRequest, number: int) -> HttpResponse:
    """One proposal, what it changes, and its decision."""
    entry = _entry(number)
    own = entry.proposed_by == request.user.get_username()
    return page(
        request,
        "proposal",
        _("Proposal %(number)s") % {"number": number},
        crumbs=trail("proposals"),
        entry=entry,
        sentences=entry.sentences(spoken()),
        links=[_link(name) for name in entry.versions],
        previews=[] if entry.decision else _previews(number),
        own=own,
        may_decide=not entry.decision and may(request, "approve"),
        may_withdraw=not entry.decision and own and may(request, "propose"),
        lines=lines_about(Kind.PROPOSAL, str(number)),
    )


@allowed("propose", posts=True)
def make(request: HttpRequest) -> HttpResponse:
    """Propose that a version counts from a day on."""
    note = _note(request)
    with transaction.atomic():
        number = catalogue.propose_activation(
            [request.POST.get("version", "")],
            from_day=_day(request.POST.get("from_day", "")),
            by=request.user.get_username(),
            note=note,
        )
        record(request, Verb.PROPOSED, Kind.PROPOSAL, str(number), note)
    messages.success(request, _("The proposal waits for another person's approval."))
    return go("proposal", number)


@allowed("approve", posts=True)
def approve(request: HttpRequest, number: int) -> HttpResponse:
    """Put a proposal of somebody else into force, and have all it reaches settled anew."""
    note = _note(request)

    def activate() -> list[catalogue.RulesChange]:
        change = catalogue.approve_activation(number, by=request.user.get_username(), note=note)
        record(request, Verb.APPROVED, Kind.PROPOSAL, str(number), note)
        return [change]

    asked = change_rules(activate)
    if asked.events:
        text = _("It is in force. Acts that are being settled again: %(count)s.")
        messages.success(request, text % {"count": f"{asked.events:,}"})
    else:
        messages.success(request, _("It is in force. No stored act is touched by it."))
    return go("proposal", number)


@allowed("approve", posts=True)
def decline(request: HttpRequest, number: int) -> HttpResponse:
    """Decline a proposal of somebody else for good."""
    note = _note(request)
    with transaction.atomic():
        catalogue.refuse_activation(number, by=request.user.get_username(), note=note)
        record(request, Verb.DECLINED, Kind.PROPOSAL, str(number), note)
    return go("proposal", number)


@allowed("propose", posts=True)
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take one's own proposal back."""
    note = _note(request)
    with transaction.atomic():
        catalogue.withdraw_activation(number, by=request.user.get_username(), note=note)
        record(request, Verb.WITHDRAWN, Kind.PROPOSAL, str(number), note)
    return go("proposal", number)


def _entry(number: int) -> ActivationEntry:
    entry = next((entry for entry in catalogue.activations() if entry.id == number), None)
    if entry is None:
        raise Problem("catalogue.proposal_unknown", proposal=number)
    return entry


def _previews(number: int) -> list[dict[str, object]]:
    """What each version of an open proposal would change, in sentences and by its examples."""
    lang = spoken()
    library = catalogue.rulebook_in_force().library
    return [
        {
            "name": found.name,
            "against": found.against,
            "changes": [change.text(lang) for change in found.changes],
            "effects": (
                effects(library, found.against, found.name, lang)
                if found.name.partition("@")[0] in library.packs
                else []
            ),
        }
        for found in catalogue.preview_of_proposal(number).versions
    ]


def _note(request: HttpRequest) -> str:
    note = request.POST.get("note", "").strip()
    if not note:
        raise Problem("console.note_missing")
    return note


def _day(text: str) -> int:
    try:
        return day_number(date.fromisoformat(text))
    except ValueError:
        raise Problem("console.day_invalid", given=text) from None


def _link(name: str) -> tuple[str, str]:
    code, _sign, version = name.partition("@")
    is_pack = code in catalogue.rulebook_in_force().library.packs
    address = reverse(f"console:{'pack' if is_pack else 'programme'}", args=[code])
    return name, f"{address}?version={version}"
