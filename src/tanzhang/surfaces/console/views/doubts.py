"""The review desk: acts that were put aside, the evidence side by side, and who decides."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tanzhang.apps.activities import api as activities
from tanzhang.apps.activities.api import Verdict
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.problems import Problem
from tanzhang.surfaces.console.journal import lines_about, record
from tanzhang.surfaces.console.models import Kind, Verb
from tanzhang.surfaces.console.noting import note_look, reader_name
from tanzhang.surfaces.console.pages import PAGE_ROWS, allowed, go, may, page, spoken
from tanzhang.surfaces.console.trail import trail
from tanzhang.surfaces.console.words import word_of

#: What is written down of each verdict.
_VERBS = {
    Verdict.RELEASE: Verb.RELEASED,
    Verdict.REFUSE: Verb.DECLINED,
    Verdict.PROPOSE: Verb.PROPOSED,
}


@allowed("look")
def doubts(request: HttpRequest) -> HttpResponse:
    """What waits for a person: by score or by age; or what rules refused."""
    by = "age" if request.GET.get("by") == "age" else "score"
    refused = request.GET.get("show") == "refused"
    rows = activities.review_queue(rulebook_in_force(), spoken(), PAGE_ROWS, by=by, refused=refused)
    return page(
        request,
        "doubts",
        _("Acts in doubt"),
        rows=rows,
        by=by,
        refused=refused,
        may_decide=may(request, "hold"),
    )


@allowed("look")
def doubt(request: HttpRequest, name: str) -> HttpResponse:
    """One act: what speaks against it, what came with it, its person, its device, its partner."""
    key, subject = _known(name)
    found = activities.doubtful(key, subject, rulebook_in_force(), spoken())
    note_look(request, subject, ["act", "signals"], purpose="review")
    return page(
        request,
        "doubt",
        _("Act in doubt %(key)s …") % {"key": key.hex[:12]},
        crumbs=trail("doubts"),
        found=found,
        step_word=word_of("sanction", str(activities.next_step(found.account_id))),
        actions=lines_about(Kind.ACT, key.hex),
        may_decide=may(request, "hold"),
    )


@allowed("hold", posts=True)
def decide(request: HttpRequest) -> HttpResponse:
    """Decide one act or many with one reason."""
    names = request.POST.getlist("event")
    verdict = Verdict.RELEASE if request.POST.get("verdict") == "release" else Verdict.REFUSE
    if not names:
        raise Problem("console.act_unknown", event="–")
    keys = dict(map(_known, names))  # with whose they are
    note, who = request.POST.get("note", ""), request.user.get_username()
    with transaction.atomic():
        made = activities.decide(keys, verdict, rulebook_in_force(), by=who, note=note)
        for key, told in made.items():
            record(request, _VERBS[told], Kind.ACT, key.hex, note, of=keys[key])
            if told is not Verdict.PROPOSE:
                activities.remove_picture_of(key)
    _tell(request, list(made.values()))
    return go("doubt", next(iter(keys)).hex) if len(keys) == 1 else go("doubts")


@allowed("hold")
def picture(request: HttpRequest, name: str) -> HttpResponse:
    """The picture that was handed in for an act; whom it concerns can see who looked at it."""
    key, subject = _known(name)
    found = activities.doubtful(key, subject, rulebook_in_force(), spoken())
    if found.photo is None:
        raise Problem("authenticity.photo_gone")
    shown = activities.picture_for_review(
        found.photo, reader=reader_name(request), reason=_("Review of an act in doubt")
    )
    return HttpResponse(shown, content_type="image/jpeg", headers={"Cache-Control": "no-store"})


@allowed("hold", posts=True)
def unwatch(request: HttpRequest, name: str) -> HttpResponse:
    """End the watch on the account of an act."""
    key, subject = _known(name)
    found = activities.doubtful(key, subject, rulebook_in_force(), spoken())
    note, who = request.POST.get("note", ""), request.user.get_username()
    with transaction.atomic():
        activities.end_watches(found.account_id, by=who, note=note)
        record(request, Verb.RESUMED, Kind.ACT, key.hex, note, of=subject)
    messages.success(request, _("The account's acts are judged one by one again."))
    return go("doubt", key.hex)


@allowed("hold", posts=True)
def sanction(request: HttpRequest, name: str) -> HttpResponse:
    """Take the next step of the ladder against the account of an act."""
    key, subject = _known(name)
    found = activities.doubtful(key, subject, rulebook_in_force(), spoken())
    note, who = request.POST.get("note", ""), request.user.get_username()
    with transaction.atomic():
        step = activities.next_step(found.account_id)
        activities.sanction(found.account_id, step, by=who, note=note)
        record(request, Verb.SUSPENDED, Kind.ACT, key.hex, note, of=subject)
    messages.success(request, _("The sanction is taken; the citizen may appeal against it."))
    return go("doubt", key.hex)


@allowed("look")
def audit(request: HttpRequest) -> HttpResponse:
    """The sample of accepted acts, and how much judging is estimated to miss."""
    standing = activities.audit_standing()
    return page(
        request,
        "audit",
        _("Sample of accepted acts"),
        picks=activities.audit_queue(PAGE_ROWS),
        standing=standing,
        may_decide=may(request, "hold"),
    )


@allowed("hold", posts=True)
def note_audit(request: HttpRequest, name: str) -> HttpResponse:
    """Write down what looking at a sampled act found."""
    key, subject = _known(name)
    missed = request.POST.get("finding") == "missed"
    note, who = request.POST.get("note", ""), request.user.get_username()
    with transaction.atomic():
        activities.note_audit(key, rulebook_in_force(), missed=missed, by=who, note=note)
        verb = Verb.HELD if missed else Verb.APPROVED
        record(request, verb, Kind.ACT, key.hex, note, of=subject)
    return go("audit")


def _tell(request: HttpRequest, made: Sequence[Verdict]) -> None:
    if Verdict.PROPOSE in made:
        messages.warning(request, _("What is worth much waits for another person's word."))
    if set(made) != {Verdict.PROPOSE}:
        messages.success(request, _("It is decided; a worker carries it out in a moment."))


def _known(name: str) -> tuple[uuid.UUID, int]:
    key = activities.find_event(name)
    place = None if key is None else activities.whereabouts(key)
    if key is None or place is None:
        raise Problem("console.act_unknown", event=name)
    return key, place[1]
