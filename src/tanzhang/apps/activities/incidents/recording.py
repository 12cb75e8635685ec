"""Incidents on record: opened with whom they affect, and every step with its instant.

A notable incident is reported within four hours of being noticed (国家网络安全事件报告管理办法,
Art. 4, in force since 2025-11-01, for ordinary operators; operators of critical infrastructure have
one hour). People are told what happened, which kinds of data, what harm may come of it, what was
done, what they can do, and whom to ask (PIPL Art. 57).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from tanzhang.apps.activities.incidents.affected import IncidentQuery
from tanzhang.apps.activities.incidents.models import (
    Incident,
    IncidentMove,
    IncidentStep,
    Suspect,
)
from tanzhang.problems import Problem

#: How long an ordinary operator has to report, from when it noticed.
TO_REPORT: Final = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What people and the authority are told, in plain words."""

    kinds: str  #: of data
    cause: str
    harm: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of handling."""

    at: datetime
    move: IncidentMove
    made_by: str
    words: str


@dataclass(frozen=True, slots=True)
class IncidentEntry:
    """An incident as it stands."""

    id: int
    query: IncidentQuery
    noticed_at: datetime
    opened_at: datetime
    opened_by: str
    people: int
    told: Circumstances
    steps: Sequence[Step]

    @property
    def report_by(self) -> datetime:
        """By when the authority has to know."""
        return self.noticed_at + TO_REPORT

    @property
    def reported_at(self) -> datetime | None:
        """When it was told."""
        made = (step.at for step in self.steps if step.move is IncidentMove.REPORTED)
        return min(made, default=None)

    def left(self, now: datetime) -> timedelta | None:
        """How long is left to report, below zero if it is late; None once it is done."""
        return None if self.reported_at is not None else self.report_by - now

    @property
    def is_closed(self) -> bool:
        """Whether nothing is left to do."""
        return any(step.move is IncidentMove.CLOSED for step in self.steps)


def open_incident(
    query: IncidentQuery, told: Circumstances, *, people: int, noticed_at: datetime, by: str
) -> int:
    """Put an incident on record; its number. Raises ``incidents.words_missing``."""
    if not by.strip() or not told.cause.strip():
        raise Problem("incidents.words_missing")
    made = Incident.objects.create(
        suspect=query.suspect,
        name=query.name,
        since=query.since,
        until=query.until,
        noticed_at=noticed_at,
        opened_at=timezone.now(),
        people=people,
        opened_by=by.strip(),
        kinds=told.kinds,
        cause=told.cause,
        harm=told.harm,
        remedy=told.remedy,
    )
    return int(made.pk)


def note_incident_step(number: int, move: IncidentMove, words: str, *, by: str) -> None:
    """Note a step. Raises ``incidents.number_unknown``, ``.closed`` and ``.words_missing``."""
    if not by.strip() or not words.strip():
        raise Problem("incidents.words_missing")
    with transaction.atomic():
        if incident(number).is_closed:
            raise Problem("incidents.closed", number=number)
        IncidentStep.objects.create(
            incident_id=number,
            at=timezone.now(),
            move=move,
            made_by=by.strip(),
            words=words.strip(),
        )


def incident(number: int) -> IncidentEntry:
    """One incident. Raises ``incidents.number_unknown``."""
    found = Incident.objects.filter(pk=number).first()
    if found is None:
        raise Problem("incidents.number_unknown", number=number)
    return _entry(found)


def all_incidents() -> list[IncidentEntry]:
    """Every incident, the oldest first."""
    return [_entry(found) for found in Incident.objects.order_by("id")]


def _entry(found: Any) -> IncidentEntry:
    made = IncidentStep.objects.filter(incident_id=found.pk).order_by("id")
    return IncidentEntry(
        id=found.pk,
        query=IncidentQuery(Suspect(found.suspect), found.name, found.since, found.until),
        noticed_at=found.noticed_at,
        opened_at=found.opened_at,
        opened_by=found.opened_by,
        people=found.people,
        told=Circumstances(found.kinds, found.cause, found.harm, found.remedy),
        steps=[Step(step.at, IncidentMove(step.move), step.made_by, step.words) for step in made],
    )
