"""Appeals as they are read: by who wrote them, by who decides, by the partner that is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import psycopg

from tanzhang.apps.activities.appeals.models import AppealAbout, AppealMove, Remedy
from tanzhang.apps.people.api import read_words
from tanzhang.engine.acts import Status
from tanzhang.problems import Problem

Cursor = psycopg.Cursor[Any]

#: From so much on two persons decide: 5 kg, as at the desk for doubtful acts.
TWO_PERSONS_FROM_MG: Final = 5_000_000

_APPEALS: Final = """
select a.id, a.subject_id, a.account_id, a.about, a.made_at, a.due_on,
       encode(uuid_send(a.event_key), 'hex'), a.outcome_no, a.status, a.worth_mg, a.partner_id,
       a.words, s.move
from appeal a left join lateral (
    select move from appeal_step where appeal_id = a.id order by id desc limit 1) s on true
where {whose} order by {order}
"""

_OPEN: Final = "(s.move is null or s.move not in ('decided', 'withdrawn'))"


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step; ``words`` is what the person is told, None where her key is gone."""

    at: datetime
    move: AppealMove
    remedy: Remedy | None
    revision: int | None
    made_by: str
    words: str | None


@dataclass(frozen=True, slots=True)
class AppealEntry:
    """An appeal with all its steps, the first step first."""

    id: int
    subject_id: int
    account_id: int
    about: AppealAbout
    made_at: datetime
    due_on: date
    event: str | None  #: the event key, 32 hexadecimal digits
    outcome_no: int | None
    status: str | None  #: of the act when it was disputed
    worth_mg: int
    partner_id: int | None
    words: str | None
    steps: Sequence[StepLine]

    @property
    def last(self) -> AppealMove | None:
        """The last move; None while nobody has looked at it."""
        return self.steps[-1].move if self.steps else None

    @property
    def is_open(self) -> bool:
        """Whether a decision is still to come."""
        return self.last not in (AppealMove.DECIDED, AppealMove.WITHDRAWN)

    @property
    def needs_two(self) -> bool:
        """Whether one person proposes and another agrees."""
        return self.worth_mg >= TWO_PERSONS_FROM_MG

    @property
    def proposal(self) -> StepLine | None:
        """What waits for another person's word."""
        return self.steps[-1] if self.last is AppealMove.PROPOSED else None

    @property
    def decision(self) -> StepLine | None:
        """How it ended, if somebody decided."""
        return self.steps[-1] if self.last is AppealMove.DECIDED else None


def appeal_numbered(cursor: Cursor, number: int) -> AppealEntry:
    """One appeal. Raises ``appeals.number_unknown``."""
    found = _read(cursor, "a.id = %s", [number])
    if not found:
        raise Problem("appeals.number_unknown", number=number)
    return found[0]


def open_appeal(cursor: Cursor, number: int) -> AppealEntry:
    """The appeal, locked until the transaction ends.

    Raises ``appeals.number_unknown`` and ``appeals.ended``.
    """
    cursor.execute("select pg_advisory_xact_lock(hashtextextended('appeal-step', %s))", [number])
    found = appeal_numbered(cursor, number)
    if not found.is_open:
        raise Problem("appeals.ended", number=number)
    return found


def appeals_of(cursor: Cursor, subject_id: int, event: str | None = None) -> list[AppealEntry]:
    """A person's appeals, the latest first; only those about one act if it is named."""
    if event is None:
        return _read(cursor, "a.subject_id = %s", [subject_id], "a.id desc")
    whose = "a.subject_id = %s and a.event_key = %s::uuid"
    return _read(cursor, whose, [subject_id, event], "a.id desc")


def open_appeals(cursor: Cursor) -> list[AppealEntry]:
    """What is to be decided, the most urgent first."""
    return _read(cursor, _OPEN, [], "a.due_on, a.id")


def asked_of(cursor: Cursor, partner_id: int) -> list[AppealEntry]:
    """The appeals about which a partner was asked and has not answered, the oldest first."""
    return _read(cursor, "a.partner_id = %s and s.move = 'asked_partner'", [partner_id], "a.id")


def _read(
    cursor: Cursor, whose: str, given: Sequence[object], order: str = "a.id"
) -> list[AppealEntry]:
    cursor.execute(_APPEALS.format(whose=whose, order=order), given)
    rows = cursor.fetchall()
    steps = _steps(cursor, {row[0]: row[1] for row in rows})
    return [_entry(cursor, row, steps.get(row[0], ())) for row in rows]


def _entry(cursor: Cursor, row: tuple[Any, ...], steps: Sequence[StepLine]) -> AppealEntry:
    number, subject, account, about, made_at, due_on, event, outcome, status, *rest = row
    worth_mg, partner, sealed, _move = rest
    return AppealEntry(
        id=number,
        subject_id=subject,
        account_id=account,
        about=AppealAbout(about),
        made_at=made_at,
        due_on=due_on,
        event=event,
        outcome_no=outcome,
        status=None if status is None else Status(status).name.lower(),
        worth_mg=worth_mg,
        partner_id=partner,
        words=read_words(cursor, subject, label(number), sealed),
        steps=steps,
    )


def _steps(cursor: Cursor, subjects: dict[int, int]) -> dict[int, list[StepLine]]:
    """The steps of these appeals (number -> whose)."""
    cursor.execute(
        "select id, appeal_id, at, move, remedy, revision, made_by, words from appeal_step"
        " where appeal_id = any(%s) order by id",
        [list(subjects)],
    )
    found: dict[int, list[StepLine]] = {}
    for step, number, at, move, remedy, revision, made_by, sealed in cursor.fetchall():
        words = read_words(cursor, subjects[number], step_label(step), sealed)
        done = None if remedy is None else Remedy(remedy)
        line = StepLine(at, AppealMove(move), done, revision, made_by, words)
        found.setdefault(number, []).append(line)
    return found


def label(number: int) -> str:
    """What the words of an appeal are sealed for."""
    return f"appeal|{number}"


def step_label(number: int) -> str:
    """What the words of a step are sealed for."""
    return f"appeal-step|{number}"
