"""Two persons decide what becomes of a suspicion: one proposes, another approves.

A confirmation lets everything count again, as if nothing had happened. A reversal posts nothing:
what is held stays held for ever, and what stands in another's place stays there.
"""

from __future__ import annotations

from django.db import transaction

from tanzhang.apps.activities.door import lock_door
from tanzhang.apps.activities.suspicion.models import (
    Resolution,
    Stage,
    Suspicion,
    SuspicionDecision,
    SuspicionProposal,
    SuspicionStep,
)
from tanzhang.apps.database import bulk_transaction
from tanzhang.problems import Problem


def propose_resolution(suspicion_id: int, resolution: Resolution, *, by: str, note: str) -> int:
    """Propose to confirm or to reverse a suspicion; the proposal's number.

    Raises ``suspicion.number_unknown``, ``suspicion.listing`` while not everything is listed,
    ``suspicion.resolved``, ``suspicion.proposal_open``, ``suspicion.person_missing`` and
    ``suspicion.note_missing``.
    """
    who, why = _person(by), note.strip()
    if not why:
        raise Problem("suspicion.note_missing")
    with transaction.atomic():
        _lock(suspicion_id)
        if resolution_of(suspicion_id) is not None:
            raise Problem("suspicion.resolved", suspicion=suspicion_id)
        if not is_listed(suspicion_id):
            raise Problem("suspicion.listing", suspicion=suspicion_id)
        waiting = open_proposal(suspicion_id)
        if waiting is not None:
            raise Problem("suspicion.proposal_open", suspicion=suspicion_id, proposal=waiting.pk)
        made = SuspicionProposal.objects.create(
            suspicion_id=suspicion_id, resolution=resolution, proposed_by=who, note=why
        )
    return int(made.pk)


def approve_resolution(suspicion_id: int, *, by: str, note: str = "") -> Resolution:
    """Another person approves the open proposal; what was decided.

    Raises ``suspicion.number_unknown``, ``suspicion.resolved``, ``suspicion.nothing_proposed``,
    ``suspicion.same_person`` and ``suspicion.person_missing``. What is left to do is done by
    ``carrying.carry_on_suspicions``.
    """
    return _decide(suspicion_id, "approved", by, note)


def refuse_resolution(suspicion_id: int, *, by: str, note: str = "") -> Resolution:
    """Another person refuses the open proposal. Raises what ``approve_resolution`` raises."""
    return _decide(suspicion_id, "refused", by, note)


def withdraw_resolution(suspicion_id: int, *, by: str, note: str = "") -> Resolution:
    """The proposer takes the proposal back. Raises ``suspicion.other_person`` besides."""
    return _decide(suspicion_id, "withdrawn", by, note)


def resolution_of(suspicion_id: int) -> Resolution | None:
    """What was decided, if anything was."""
    decided = SuspicionDecision.objects.filter(suspicion_id=suspicion_id, decision="approved")
    found = decided.values_list("proposal__resolution", flat=True).first()
    return None if found is None else Resolution(found)


def open_proposal(suspicion_id: int) -> SuspicionProposal | None:
    """The proposal that nobody has decided yet."""
    made = SuspicionProposal.objects.filter(suspicion_id=suspicion_id, suspiciondecision=None)
    return made.first()


def is_listed(suspicion_id: int) -> bool:
    """Whether all that is suspect has been found."""
    done = SuspicionStep.objects.filter(suspicion_id=suspicion_id, stage=Stage.LIST, last=True)
    return done.exists()


def _decide(suspicion_id: int, decision: str, by: str, note: str) -> Resolution:
    who = _person(by)
    with transaction.atomic():
        _lock(suspicion_id)
        if resolution_of(suspicion_id) is not None:
            raise Problem("suspicion.resolved", suspicion=suspicion_id)
        proposal = open_proposal(suspicion_id)
        if proposal is None:
            raise Problem("suspicion.nothing_proposed", suspicion=suspicion_id)
        own = who.lower() == proposal.proposed_by.lower()
        if own and decision != "withdrawn":
            raise Problem("suspicion.same_person", person=proposal.proposed_by)
        if decision == "withdrawn" and not own:
            raise Problem("suspicion.other_person", person=proposal.proposed_by)
        SuspicionDecision.objects.create(
            proposal=proposal,
            suspicion_id=suspicion_id,
            decision=decision,
            proposed_by=proposal.proposed_by,
            decided_by=who,
            note=note.strip(),
        )
    return Resolution(proposal.resolution)


def _lock(suspicion_id: int) -> None:
    """One decision at a time. Raises ``suspicion.number_unknown``."""
    found = Suspicion.objects.filter(pk=suspicion_id).first()
    if found is None:
        raise Problem("suspicion.number_unknown", suspicion=suspicion_id)
    with bulk_transaction() as cursor:
        lock_door(cursor, found.partner_id)


def _person(name: str) -> str:
    if not name.strip():
        raise Problem("suspicion.person_missing")
    return name.strip()
