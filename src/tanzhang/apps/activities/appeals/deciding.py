"""A human decides an appeal, and what follows for the act.

Nobody decides again what she decided first, and from a stated worth on two persons decide. What a
decision does to an act is a fact of settlement's like any other (a release, a hold, an earlier
revision that stands again): the worker posts the difference as a new row beside the old one.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any

import psycopg

from tanzhang.apps.activities.appeals.models import AppealAbout, AppealMove, Remedy
from tanzhang.apps.activities.appeals.reading import AppealEntry, open_appeal
from tanzhang.apps.activities.appeals.writing import add_step
from tanzhang.apps.activities.authenticity.models import QuarantineDecision, Sanction
from tanzhang.apps.activities.holding import whereabouts
from tanzhang.apps.activities.models import EventIdentity, SuspicionDecision, SuspicionProposal
from tanzhang.apps.activities.posting.unsettled import hold, release, restate
from tanzhang.apps.activities.suspicion.stored_facts import facts_of
from tanzhang.apps.activities.suspicion.telling import refuse_release, suspected
from tanzhang.apps.database import bulk_transaction
from tanzhang.problems import Problem

Cursor = psycopg.Cursor[Any]

#: What can be done about an act; what is not about an act is put right elsewhere, or not.
ABOUT_ACTS = (Remedy.NONE, Remedy.RELEASE, Remedy.SET_ASIDE, Remedy.RESTATE, Remedy.CORRECTED)
ABOUT_ELSE = (Remedy.NONE, Remedy.ELSEWHERE)


def decide_appeal(
    number: int,
    remedy: Remedy,
    words: str,
    *,
    by: str,
    earlier: Collection[str] = (),
    revision: int | None = None,
) -> AppealMove:
    """Decide an appeal, or propose how; whether it is ``DECIDED`` or ``PROPOSED``.

    ``by`` and ``earlier`` (those who made the first decision) are log-ins, perhaps after ``role:``.
    Raises ``appeals.number_unknown``, ``.ended``, ``.answer_missing``, ``.proposal_open``,
    ``.first_decider``, ``.remedy_unfit``, ``.revision_unknown``, and
    ``suspicion.not_one_persons`` where a suspicion holds the act.
    """
    with bulk_transaction() as cursor:
        found = open_appeal(cursor, number)
        if not words.strip():
            raise Problem("appeals.answer_missing")
        if found.proposal is not None:
            raise Problem("appeals.proposal_open", number=number, person=found.proposal.made_by)
        _refuse_first_deciders(found, by, earlier)
        _refuse_unfit(found, remedy, revision)
        move = AppealMove.PROPOSED if found.needs_two else AppealMove.DECIDED
        if move is AppealMove.DECIDED:
            _carry_out(cursor, found, remedy, revision)
        told = {"remedy": remedy, "revision": revision}
        add_step(cursor, number, found.subject_id, move, by=by, words=words, **told)  # type: ignore[arg-type]
    return move


def agree_on_appeal(number: int, *, by: str, earlier: Collection[str] = ()) -> Remedy:
    """Another person agrees to what was proposed, and it is done.

    Raises ``appeals.nothing_proposed`` and ``appeals.same_person`` besides.
    """
    with bulk_transaction() as cursor:
        found = open_appeal(cursor, number)
        proposal = found.proposal
        if proposal is None or proposal.remedy is None:
            raise Problem("appeals.nothing_proposed", number=number)
        if login_of(by) == login_of(proposal.made_by):
            raise Problem("appeals.same_person", person=proposal.made_by)
        _refuse_first_deciders(found, by, earlier)
        _refuse_unfit(found, proposal.remedy, proposal.revision)
        _carry_out(cursor, found, proposal.remedy, proposal.revision)
        add_step(
            cursor,
            number,
            found.subject_id,
            AppealMove.DECIDED,
            by=f"{proposal.made_by}, {by}",
            words=proposal.words or "",
            remedy=proposal.remedy,
            revision=proposal.revision,
        )
    return proposal.remedy


def disagree_on_appeal(number: int, words: str, *, by: str) -> None:
    """Another person, or the proposer, lets a proposal go; the appeal is open again."""
    with bulk_transaction() as cursor:
        found = open_appeal(cursor, number)
        if found.proposal is None:
            raise Problem("appeals.nothing_proposed", number=number)
        add_step(cursor, number, found.subject_id, AppealMove.DISAGREED, by=by, words=words)


def ask_partner(number: int, words: str, *, by: str) -> None:
    """Ask the partner to look at its report again; it reads ``words``, not the person's own.

    Raises ``appeals.not_about_an_act`` and ``appeals.answer_missing``.
    """
    with bulk_transaction() as cursor:
        found = open_appeal(cursor, number)
        if found.partner_id is None:
            raise Problem("appeals.not_about_an_act", number=number)
        if not words.strip():
            raise Problem("appeals.answer_missing")
        add_step(cursor, number, found.subject_id, AppealMove.ASKED_PARTNER, by=by, words=words)


def answer_as_partner(number: int, partner_id: int, words: str, *, by: str) -> None:
    """The partner says what it found. A correction comes as a revision, through its own door."""
    with bulk_transaction() as cursor:
        found = open_appeal(cursor, number)
        if found.partner_id != partner_id or found.last is not AppealMove.ASKED_PARTNER:
            raise Problem("appeals.number_unknown", number=number)
        if not words.strip():
            raise Problem("appeals.answer_missing")
        add_step(cursor, number, found.subject_id, AppealMove.PARTNER_ANSWERED, by=by, words=words)


def remedies_for(found: AppealEntry) -> tuple[Remedy, ...]:
    """What can follow from an appeal."""
    return ABOUT_ACTS if found.about is AppealAbout.ACT else ABOUT_ELSE


def first_deciders(disputed: AppealEntry) -> set[str]:
    """Who made the decision that is disputed, by log-in.

    About an account: who took sanctions against it. About an act: who decided at the desk for
    doubtful acts, or in a suspicion.
    """
    if disputed.event is None:
        taken = Sanction.objects.filter(account_id=disputed.account_id)
        return {login_of(name) for name in taken.values_list("taken_by", flat=True)}
    key = uuid.UUID(disputed.event)
    at_the_desk = QuarantineDecision.objects.filter(event_key=key)
    pairs = at_the_desk.values_list("proposed_by", "decided_by")
    names = [name for pair in pairs for name in pair if name]
    found = suspected(key)
    if found is not None:
        of_it = {"suspicion_id": found.suspicion_id}
        proposals = SuspicionProposal.objects.filter(**of_it)
        names += proposals.values_list("proposed_by", flat=True)
        decisions = SuspicionDecision.objects.filter(**of_it)
        names += decisions.values_list("decided_by", flat=True)
    return {login_of(name) for name in names}


def login_of(name: str) -> str:
    """The log-in of ``role:log-in``, as names are compared."""
    return name.rpartition(":")[2].strip().casefold()


def _refuse_first_deciders(found: AppealEntry, by: str, earlier: Collection[str]) -> None:
    first = {login_of(name) for name in earlier} | first_deciders(found)
    if login_of(by) in first:
        raise Problem("appeals.first_decider", person=login_of(by))


def _refuse_unfit(found: AppealEntry, remedy: Remedy, revision: int | None) -> None:
    if remedy not in remedies_for(found) or (remedy is Remedy.RESTATE) != (revision is not None):
        raise Problem("appeals.remedy_unfit", number=found.id, remedy=remedy.value)


def _carry_out(cursor: Cursor, found: AppealEntry, remedy: Remedy, revision: int | None) -> None:
    """Bring the fact that follows; a worker settles it like any other."""
    if found.event is None or remedy in (Remedy.NONE, Remedy.CORRECTED):
        return
    key = uuid.UUID(found.event)
    place = whereabouts(key)
    if place is None:
        raise Problem("appeals.act_unknown")
    match remedy:
        case Remedy.RELEASE:
            refuse_release(key)
            release(cursor, [place])
        case Remedy.SET_ASIDE:
            hold(cursor, [place])
        case Remedy.RESTATE:
            _restate(cursor, key, revision)


def _restate(cursor: Cursor, key: uuid.UUID, revision: int | None) -> None:
    known = EventIdentity.objects.filter(event_key=key, revision=revision).exists()
    items = facts_of(cursor, {key: revision}) if known and revision is not None else None
    if items is None or items.is_empty():
        raise Problem("appeals.revision_unknown", revision=revision)
    restate(cursor, items)
