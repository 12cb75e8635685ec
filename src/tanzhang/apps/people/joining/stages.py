"""At which stage a cohort is, and who sees a feature: stored, read anew each time, decided by two.

A change is in force from the moment of its decision, in every process: nobody keeps a copy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import psycopg
from django.db import transaction

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.joining.models import StageChange, StageDecision
from tanzhang.engine.packs.joining.section import Feature, Joining, is_for_everyone
from tanzhang.engine.packs.joining.words import EVERYONE
from tanzhang.problems import Problem

Cursor = psycopg.Cursor[Any]

COHORT, FEATURE = "cohort", "feature"

#: A cohort's stages: shown, taking people, full or ended, and over, so that everybody is in.
ANNOUNCED, OPEN, CLOSED = "announced", "open", "closed"

#: Where a cohort may go from where it is.
NEXT_STAGES: Final[Mapping[str, tuple[str, ...]]] = {
    ANNOUNCED: (OPEN, EVERYONE),
    OPEN: (CLOSED, EVERYONE),
    CLOSED: (OPEN, EVERYONE),
    EVERYONE: (),
}

#: Decisions by which a change is in force.
_IN_FORCE: Final = ("approved", "alone")

#: Whoever changes stages holds this advisory lock to the end of the transaction: "stag".
_LOCK: Final = 0x73746167

_STAGES: Final = """
select distinct on (kind, name) kind, name, value
from stage_change join stage_decision on change_id = id and decision in ('approved', 'alone')
where programme_id = %s order by kind, name, id desc
"""


@dataclass(frozen=True, slots=True)
class Stages:
    """What was decided; what nobody decided about is as the programme's file has it."""

    decided: Mapping[tuple[str, str], str]

    def of_cohort(self, name: str) -> str:
        """The stage of a cohort."""
        return self.decided.get((COHORT, name), ANNOUNCED)

    def audience(self, feature: Feature) -> tuple[str, ...]:
        """Who sees a feature: cohorts, or everyone. A cohort that is over is everyone."""
        stored = self.decided.get((FEATURE, feature.id))
        named = tuple(stored.split(",")) if stored else feature.audience
        if any(self.of_cohort(name) == EVERYONE for name in named):
            return (EVERYONE,)
        return named


@dataclass(frozen=True, slots=True)
class StageEntry:
    """One change with its decision; ``decision`` is empty while it waits."""

    id: int
    programme_id: int
    kind: str
    name: str
    value: str
    proposed_by: str
    proposed_at: datetime
    note: str
    decision: str
    decided_by: str
    decided_at: datetime | None
    decision_note: str


def stages(programme_id: int) -> Stages:
    """What is in force now."""
    with bulk_transaction() as cursor:
        return stages_by(cursor, programme_id)


def stages_by(cursor: Cursor, programme_id: int) -> Stages:
    """What is in force, as this transaction sees it."""
    cursor.execute(_STAGES, [programme_id])
    return Stages({(kind, name): value for kind, name, value in cursor.fetchall()})


def move_cohort(
    programme_id: int, joining: Joining, name: str, stage: str, *, by: str, note: str
) -> StageEntry:
    """Bring a cohort to another stage; that it is over for good needs a second person.

    Raises ``joining.cohort_unknown``, ``joining.stage_out_of_order``, ``joining.change_waits``,
    ``joining.person_missing`` and ``joining.note_missing``.
    """
    if name not in joining.cohorts:
        known = ", ".join(joining.cohorts)
        raise Problem("joining.cohort_unknown", cohort=name, known=known)
    with transaction.atomic():
        _lock()
        now = stages(programme_id).of_cohort(name)
        if stage not in NEXT_STAGES[now]:
            possible = ", ".join(NEXT_STAGES[now]) or "–"
            raise Problem("joining.stage_out_of_order", cohort=name, stage=now, possible=possible)
        return _store(programme_id, COHORT, name, stage, by, note, alone=stage != EVERYONE)


def show_feature(
    programme_id: int,
    joining: Joining,
    name: str,
    audience: tuple[str, ...],
    *,
    by: str,
    note: str,
) -> StageEntry:
    """Show a feature to other people than before; what matters needs a second person.

    Raises ``joining.feature_unknown``, ``joining.audience_unknown``, ``joining.audience_unclear``,
    ``joining.change_without_effect``, and what ``move_cohort`` raises.
    """
    feature = joining.features.get(name)
    if feature is None:
        raise Problem("joining.feature_unknown", feature=name, known=", ".join(joining.features))
    for who in audience or ("",):
        if who != EVERYONE and who not in joining.cohorts:
            known = ", ".join((*joining.cohorts, EVERYONE))
            raise Problem("joining.audience_unknown", audience=who, known=known)
    if is_for_everyone(audience) and len(audience) > 1:
        raise Problem("joining.audience_unclear")
    with transaction.atomic():
        _lock()
        if set(stages(programme_id).audience(feature)) == set(audience):
            raise Problem("joining.change_without_effect", name=name)
        value = ",".join(dict.fromkeys(audience))
        return _store(programme_id, FEATURE, name, value, by, note, alone=not feature.needs_two)


def approve_change(number: int, *, by: str, note: str = "") -> StageEntry:
    """Put a change of somebody else into force, at once and everywhere.

    Raises ``joining.change_unknown``, ``joining.change_decided``, ``joining.same_person`` and
    ``joining.person_missing``.
    """
    return _decide(number, "approved", by, note)


def refuse_change(number: int, *, by: str, note: str = "") -> StageEntry:
    """Refuse a change of somebody else for good. Raises what ``approve_change`` raises."""
    return _decide(number, "refused", by, note)


def withdraw_change(number: int, *, by: str, note: str = "") -> StageEntry:
    """Take one's own change back. Raises ``joining.other_person``, and as ``approve_change``."""
    return _decide(number, "withdrawn", by, note)


def stage_changes(programme_id: int | None = None) -> list[StageEntry]:
    """All changes, the youngest first: the journal of what was shown to whom, and by whom."""
    found = StageChange.objects.select_related("stagedecision").order_by("-id")
    if programme_id is not None:
        found = found.filter(programme_id=programme_id)
    return [_entry(row) for row in found]


def stage_change(number: int) -> StageEntry:
    """One change. Raises ``joining.change_unknown``."""
    row = StageChange.objects.select_related("stagedecision").filter(pk=number).first()
    if row is None:
        raise Problem("joining.change_unknown", change=number)
    return _entry(row)


def _store(
    programme_id: int, kind: str, name: str, value: str, by: str, note: str, *, alone: bool
) -> StageEntry:
    who, why = _person(by), note.strip()
    if not why:
        raise Problem("joining.note_missing")
    waiting = StageChange.objects.filter(
        programme_id=programme_id, kind=kind, name=name, stagedecision=None
    ).first()
    if waiting is not None:
        raise Problem("joining.change_waits", name=name, change=waiting.id)
    row = StageChange.objects.create(
        programme_id=programme_id, kind=kind, name=name, value=value, proposed_by=who, note=why
    )
    if alone:
        StageDecision.objects.create(
            change=row, decision="alone", proposed_by=who, decided_by=who, note=""
        )
    return stage_change(row.id)


@transaction.atomic
def _decide(number: int, decision: str, by: str, note: str) -> StageEntry:
    _lock()
    who, entry = _person(by), stage_change(number)
    if entry.decision:
        raise Problem("joining.change_decided", change=number, person=entry.decided_by)
    is_own = who.lower() == entry.proposed_by.lower()
    if is_own and decision != "withdrawn":
        raise Problem("joining.same_person", person=entry.proposed_by)
    if not is_own and decision == "withdrawn":
        raise Problem("joining.other_person", person=entry.proposed_by)
    StageDecision.objects.create(
        change_id=number,
        decision=decision,
        proposed_by=entry.proposed_by,
        decided_by=who,
        note=note,
    )
    return stage_change(number)


def _entry(row: StageChange) -> StageEntry:
    decision: StageDecision | None = getattr(row, "stagedecision", None)
    return StageEntry(
        id=row.id,
        programme_id=row.programme_id,
        kind=row.kind,
        name=row.name,
        value=row.value,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        note=row.note,
        decision=decision.decision if decision else "",
        decided_by=decision.decided_by if decision else "",
        decided_at=decision.decided_at if decision else None,
        decision_note=decision.note if decision else "",
    )


def _person(name: str) -> str:
    stripped = name.strip()
    if not stripped:
        raise Problem("joining.person_missing")
    return stripped


def _lock() -> None:
    with bulk_transaction() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
