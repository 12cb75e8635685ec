"""Writing an appeal, and taking it back."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import psycopg

from tanzhang.apps.activities.appeals.models import AppealAbout, AppealMove, Remedy
from tanzhang.apps.activities.appeals.reading import (
    appeals_of,
    label,
    open_appeal,
    step_label,
)
from tanzhang.apps.activities.authenticity.worth import worth_mg
from tanzhang.apps.activities.models import Cause
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.api import HERSELF, AccountEntry, due_after_days, vault
from tanzhang.problems import Problem

Cursor = psycopg.Cursor[Any]

MOST_LETTERS: Final = 2_000

# How an act stands: its last row, in the month that it has not moved away from. A held act has no
# amount of its own, so that its worth is the most that was ever computed for it.
_ACT: Final = """
select month, outcome_no, status, worth_mg, partner_id from (
    select distinct on (month) month, outcome_no, status, partner_id, cause,
           max(gross_mg) over () as worth_mg
    from activity where subject_id = %s and account_id = %s and event_key = %s and month = any(
        select month from event_identity where event_key = %s)
    order by month, outcome_no desc) last
where cause <> %s
"""


@dataclass(frozen=True, slots=True)
class _Act:
    month: int
    outcome_no: int
    status: int
    worth_mg: int
    partner_id: int


def appeal(
    account: AccountEntry,
    event_key: uuid.UUID | None,
    about: AppealAbout,
    words: str,
    *,
    at: datetime | None = None,
) -> int:
    """Write an appeal down; its number. ``event_key`` is given where it is about an act.

    Raises ``appeals.act_unknown``, ``appeals.words_missing``, ``appeals.words_too_long`` and
    ``appeals.made_already`` while another one about the same is open.
    """
    text, moment = _text(words), at or datetime.now(UTC)
    if not text:
        raise Problem("appeals.words_missing")
    with bulk_transaction() as cursor:
        _lock(cursor, account.subject_id)
        act = None if about is not AppealAbout.ACT else _act(cursor, account, event_key)
        event = event_key.hex if act is not None and event_key is not None else None
        for known in appeals_of(cursor, account.subject_id, event):
            if known.is_open and known.about is about and known.event == event:
                raise Problem("appeals.made_already", number=known.id)
        cursor.execute("select nextval(pg_get_serial_sequence('appeal', 'id'))")
        number = int(cursor.fetchall()[0][0])
        cursor.execute(
            "insert into appeal (id, subject_id, account_id, made_at, due_on, worth_mg, event_key,"
            " month, outcome_no, status, partner_id, about, made_by, words)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                number,
                account.subject_id,
                account.id,
                moment,
                due_after_days(moment),
                _worth_mg(act, event_key, account) if act and event_key else 0,
                event_key if act else None,
                *((act.month, act.outcome_no, act.status, act.partner_id) if act else (None,) * 4),
                about.value,
                HERSELF,
                vault.seal(cursor, account.subject_id, label(number), text.encode()),
            ],
        )
    return number


def _worth_mg(act: _Act, event_key: uuid.UUID, account: AccountEntry) -> int:
    """What is at stake: an act that was held from the start has no gross of its own yet."""
    return max(act.worth_mg, worth_mg(event_key, account.subject_id, rulebook_in_force()))


def withdraw_appeal(account: AccountEntry, number: int) -> None:
    """Take an appeal of one's own back. Raises ``appeals.number_unknown`` and ``appeals.ended``."""
    with bulk_transaction() as cursor:
        found = open_appeal(cursor, number)
        if found.subject_id != account.subject_id:
            raise Problem("appeals.number_unknown", number=number)
        add_step(cursor, number, account.subject_id, AppealMove.WITHDRAWN, by=HERSELF)


def add_step(
    cursor: Cursor,
    number: int,
    subject_id: int,
    move: AppealMove,
    *,
    by: str,
    words: str = "",
    remedy: Remedy | None = None,
    revision: int | None = None,
) -> None:
    """Write a step down. Raises ``appeals.words_too_long``."""
    text = _text(words)
    cursor.execute("select nextval(pg_get_serial_sequence('appeal_step', 'id'))")
    step = int(cursor.fetchall()[0][0])
    sealed = vault.seal(cursor, subject_id, step_label(step), text.encode()) if text else None
    cursor.execute(
        "insert into appeal_step (id, appeal_id, at, move, remedy, revision, made_by, words)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s)",
        [
            step,
            number,
            datetime.now(UTC),
            move.value,
            None if remedy is None else remedy.value,
            revision,
            by,
            sealed,
        ],
    )


def _act(cursor: Cursor, account: AccountEntry, event_key: uuid.UUID | None) -> _Act:
    given = [account.subject_id, account.id, event_key, event_key, int(Cause.MOVED)]
    cursor.execute(_ACT, given)
    found = cursor.fetchone()
    if found is None:
        raise Problem("appeals.act_unknown")
    return _Act(*found)


def _lock(cursor: Cursor, subject_id: int) -> None:
    """One writer of a person's appeals at a time, until the transaction ends."""
    cursor.execute("select pg_advisory_xact_lock(hashtextextended('appeal', %s))", [subject_id])


def _text(words: str) -> str:
    text = words.strip()
    if len(text) > MOST_LETTERS:
        raise Problem("appeals.words_too_long", most=MOST_LETTERS)
    return text
