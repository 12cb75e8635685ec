"""Children under 14: a guardian consents for them, and at 14 they decide anew (PIPL 31)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import psycopg

from tanzhang.apps.people.consenting.purposes import GUARDIAN, SHARE
from tanzhang.apps.people.consenting.windows import consent_live
from tanzhang.problems import Problem

OF_AGE: Final = 14

#: What is never done with a child's data, whoever asks.
NEVER: Final = (SHARE,)


def turns_fourteen(born: date | int, time_zone: str) -> int:
    """When somebody born on a day, or in a year, is certainly 14: microseconds UTC.

    Of a year nobody knows the day, so that it is the end of the year in which she turns 14.
    """
    day = date(born + OF_AGE + 1, 1, 1) if isinstance(born, int) else _birthday(born)
    start = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(time_zone))
    return int(start.timestamp()) * 1_000_000


def _birthday(born: date) -> date:
    """The day on which somebody turns 14; who was born on 29 February waits for 1 March."""
    try:
        return born.replace(year=born.year + OF_AGE)
    except ValueError:
        return date(born.year + OF_AGE, 3, 1)


def note_birth(
    cursor: psycopg.Cursor[Any],
    account_id: int,
    born: date | int,
    *,
    at_us: int,
    time_zone: str = "UTC",
) -> bool:
    """Note that an account's owner is a child, if she is; whether she is.

    Call it in the transaction that opens the account. Of the birthday itself nothing is kept here.
    """
    fourteen_us = turns_fourteen(born, time_zone)
    if fourteen_us <= at_us:
        return False
    cursor.execute(
        "insert into child (account_id, subject_id, fourteen_us)"
        " select id, subject_id, %s from account where id = %s",
        [fourteen_us, account_id],
    )
    return True


def is_child(cursor: psycopg.Cursor[Any], account_id: int, at_us: int) -> bool:
    """Whether an account's owner is under 14 at an instant; then no ranking shows her either."""
    cursor.execute(
        "select exists (select from child where account_id = %s and fourteen_us > %s)",
        [account_id, at_us],
    )
    return bool(cursor.fetchall()[0][0])


def needs_guardian(cursor: psycopg.Cursor[Any], account_id: int, at_us: int) -> bool:
    """Whether an account's owner is a child for whom no guardian has agreed."""
    return is_child(cursor, account_id, at_us) and not consent_live(
        cursor, account_id, None, GUARDIAN, at_us
    )


def may_agree(cursor: psycopg.Cursor[Any], account_id: int, purpose: str, at_us: int) -> bool:
    """Whether a purpose is one that an account's owner can agree to at her age."""
    return purpose not in NEVER or not is_child(cursor, account_id, at_us)


def refuse_child(cursor: psycopg.Cursor[Any], account_id: int, purpose: str, at_us: int) -> None:
    """Raises ``consenting.child_may_not`` for what a child under 14 cannot agree to."""
    if not may_agree(cursor, account_id, purpose, at_us):
        raise Problem("consenting.child_may_not")
