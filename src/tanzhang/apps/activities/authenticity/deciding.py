"""People decide: what was put aside counts or does not, watches end, sanctions are taken.

What a decision does to an act is done by the orders that exist (hold and release), never by a
change of a row. Releasing what is worth much needs two persons.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db import transaction

from tanzhang.apps.activities.authenticity.models import (
    Quarantine,
    QuarantineDecision,
    Sanction,
    Verdict,
    Watch,
    WatchEnd,
)
from tanzhang.apps.activities.authenticity.worth import worth_mg
from tanzhang.apps.activities.holding import whereabouts
from tanzhang.apps.activities.posting.unsettled import hold, release
from tanzhang.apps.activities.suspicion.telling import refuse_release
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people
from tanzhang.problems import Problem

#: An act worth more than this is released by two persons (this project's choice).
TWO_PERSONS_ABOVE_MG: Final = 5_000_000

#: The ladder of sanctions: warning, seven days, twenty-one days, for good.
LADDER_DAYS: Final = {1: 0, 2: 7, 3: 21, 4: None}


def decide(
    events: Iterable[uuid.UUID], verdict: Verdict, rules: RulesInForce, *, by: str, note: str
) -> dict[uuid.UUID, Verdict]:
    """Release or refuse acts that were put aside; what became of each.

    A release that needs another person becomes a proposal, and a release once somebody else says
    so too. Raises ``authenticity.note_missing``, ``authenticity.event_not_aside``,
    ``authenticity.proposed_by_yourself`` and what ``refuse_release`` raises; then nothing is done.
    """
    if not note.strip():
        raise Problem("authenticity.note_missing")
    with transaction.atomic():
        return {key: _decide(key, verdict, rules, by, note.strip()) for key in events}


def was_put_aside(key: uuid.UUID) -> bool:
    """Whether a rule ever put an event aside, so that the desk decides about it."""
    return Quarantine.objects.filter(event_key=key).exists()


def _decide(key: uuid.UUID, verdict: Verdict, rules: RulesInForce, by: str, note: str) -> Verdict:
    place = whereabouts(key)
    if place is None or not was_put_aside(key):
        raise Problem("authenticity.event_not_aside", event=key.hex)
    proposed_by = None
    if verdict is Verdict.RELEASE:
        refuse_release(key)
        proposed_by = _proposer(key)
        needs_two = worth_mg(key, place[1], rules) > TWO_PERSONS_ABOVE_MG
        if needs_two and proposed_by is None:
            verdict = Verdict.PROPOSE
        elif needs_two and proposed_by == by:
            raise Problem("authenticity.proposed_by_yourself")
        proposed_by = proposed_by if needs_two else None
    with bulk_transaction() as cursor:
        QuarantineDecision.objects.create(
            event_key=key,
            decision=verdict,
            decided_by=by,
            proposed_by=proposed_by,
            note=people.words_about(cursor, place[1], note),
        )
        if verdict is Verdict.RELEASE:
            release(cursor, [place])
        elif verdict is Verdict.REFUSE:
            hold(cursor, [place])
    return verdict


def _proposer(key: uuid.UUID) -> str | None:
    """Who proposed to release an act, if that is the last that was decided of it."""
    last = QuarantineDecision.objects.filter(event_key=key).order_by("-id").first()
    return last.decided_by if last is not None and last.decision == Verdict.PROPOSE else None


def end_watches(account_id: int, *, by: str, note: str) -> int:
    """End every watch on an account; how many. Its acts are judged one by one again."""
    if not note.strip():
        raise Problem("authenticity.note_missing")
    ended = WatchEnd.objects.values_list("watch_id", flat=True)
    live = Watch.objects.filter(account_id=account_id).exclude(id__in=ended)
    with bulk_transaction() as cursor:
        kept = people.words_of_account(cursor, account_id, note.strip())
        made = [WatchEnd(watch=watch, ended_by=by, note=kept) for watch in live]
        return len(WatchEnd.objects.bulk_create(made))


def next_step(account_id: int) -> int:
    """The step of the ladder that follows those that were taken: 1 to 4."""
    last = Sanction.objects.filter(account_id=account_id).order_by("-step").first()
    return 1 if last is None else min(last.step + 1, 4)


def sanction(account_id: int, step: int, *, by: str, note: str) -> None:
    """Take a step of the ladder against an account; only a person does, never a rule.

    From the second step on the account is frozen, beneath a restriction if there is one; an account
    that is closed or frozen for another reason stays as it is, and the step is only written down.
    Raises ``authenticity.note_missing`` and ``authenticity.step_skipped``: nobody is shut out who
    was not warned.
    """
    if not note.strip():
        raise Problem("authenticity.note_missing")
    if not 1 <= step <= next_step(account_id):
        raise Problem("authenticity.step_skipped", step=step, next=next_step(account_id))
    days = LADDER_DAYS[step]
    until = None if not days else datetime.now(UTC) + timedelta(days=days)
    with bulk_transaction() as cursor:
        people.hold_states(cursor, [account_id])
        kept = people.words_of_account(cursor, account_id, note.strip())
        Sanction.objects.create(
            account_id=account_id, step=step, until=until, taken_by=by, note=kept
        )
        if step > 1:
            _freeze(cursor, account_id, step)


def _freeze(cursor: people.Cursor, account_id: int, step: int) -> None:
    """Freeze an account that is in use, or that a sanction froze before.

    One that is restricted stays so, and is found frozen once the restriction is lifted.
    """
    standing = people.account_state(cursor, [account_id])[account_id]
    beneath = people.state_beneath(cursor, account_id)
    is_in_use = beneath.state in (people.State.OPEN, people.State.DORMANT)
    if not is_in_use and not beneath.is_sanctioned:
        return
    reason = f"{people.BY_SANCTION}{step}"
    people.set_account_state(cursor, [account_id], people.State.FROZEN, reason)
    if standing.state is people.State.RESTRICTED:
        people.set_account_state(cursor, [account_id], standing.state, standing.reason)


def sanction_until(account_id: int) -> datetime | None:
    """When the sanction ends that froze an account; None if it is for good.

    The last step that freezes counts, whatever warning came after it.
    """
    last = Sanction.objects.filter(account_id=account_id, step__gt=1).latest("id")
    until: datetime | None = last.until
    return until


def thaw_sanctioned() -> int:
    """Open accounts again whose time of a sanction is over; how many. Done from time to time.

    The last step that freezes counts, whatever warning came after it.
    """
    with bulk_transaction() as cursor:
        held = _sanctioned(cursor, _over())
        people.hold_states(cursor, held)
        # Asked again: somebody may have taken a further step while we waited.
        thawed = _sanctioned(cursor, [number for number in _over() if number in held])
        if thawed:
            people.set_account_state(cursor, thawed, people.State.OPEN, "sanction_over")
    return len(thawed)


def _over() -> list[int]:
    """Accounts whose last sanction that freezes has had its time."""
    freezing = Sanction.objects.filter(step__gt=1).order_by("account_id", "-id")
    last = freezing.distinct("account_id").values_list("account_id", "until")
    now = datetime.now(UTC)
    return [account_id for account_id, until in last if until is not None and until < now]


def _sanctioned(cursor: people.Cursor, account_ids: list[int]) -> list[int]:
    """Those of these accounts that a sanction froze, and nothing else."""
    states = people.account_state(cursor, account_ids)
    return [account_id for account_id, standing in states.items() if standing.is_sanctioned]
