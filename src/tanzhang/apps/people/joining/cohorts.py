"""Entering a cohort and leaving it: places are counted under a lock, and none is given twice."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

import psycopg

from tanzhang.apps.database import bulk_transaction, int8_array
from tanzhang.apps.people.joining.lists import account_is_listed
from tanzhang.apps.people.joining.stages import OPEN, stages_by
from tanzhang.apps.people.selectors import AccountEntry
from tanzhang.engine.packs.joining.section import Cohort, Joining
from tanzhang.engine.rules import Ints
from tanzhang.problems import Problem

Cursor = psycopg.Cursor[Any]

#: Keeps the locks of cohorts apart from others: "coho".
_LOCK: Final = 0x636F686F


@dataclass(frozen=True, slots=True)
class Seat:
    """Her place in a cohort, in the order of coming; ``is_new`` if she took it just now."""

    number: int
    is_new: bool


def enter_cohort(cursor: Cursor, account: AccountEntry, cohort: Cohort, *, listed: bool) -> Seat:
    """Take a place. ``listed`` says that she is on the cohort's list, if it has one.

    Raises ``joining.cohort_not_open``, ``joining.not_invited`` and ``joining.cohort_full``. Of any
    number of people who ask at once, as many are let in as there are places.
    """
    _lock(cursor, account.programme_id, cohort.id)
    cursor.execute(
        "select number from cohort_member where programme_id = %s and cohort = %s"
        " and account_id = %s and left_at is null",
        [account.programme_id, cohort.id, account.id],
    )
    known = cursor.fetchone()
    if known is not None:
        return Seat(int(known[0]), False)
    if stages_by(cursor, account.programme_id).of_cohort(cohort.id) != OPEN:
        raise Problem("joining.cohort_not_open")
    if cohort.people_list and not listed:
        raise Problem("joining.not_invited")
    if not has_room(cursor, account.programme_id, cohort):
        raise Problem("joining.cohort_full")
    cursor.execute(
        "insert into cohort_member (programme_id, cohort, account_id, subject_id, number)"
        " select %s, %s, %s, %s, 1 + coalesce(max(number), 0) from cohort_member"
        " where programme_id = %s and cohort = %s returning number",
        [
            *(account.programme_id, cohort.id, account.id, account.subject_id),
            *(account.programme_id, cohort.id),
        ],
    )
    return Seat(int(cursor.fetchall()[0][0]), True)


def has_room(cursor: Cursor, programme_id: int, cohort: Cohort) -> bool:
    """Whether a place is free; sure only under the cohort's lock."""
    if cohort.places is None:
        return True
    return member_count(cursor, programme_id, cohort.id) < cohort.places


def member_count(cursor: Cursor, programme_id: int, cohort: str) -> int:
    """How many are in a cohort now."""
    cursor.execute(
        "select count(*) from cohort_member"
        " where programme_id = %s and cohort = %s and left_at is null",
        [programme_id, cohort],
    )
    return int(cursor.fetchall()[0][0])


def ask_to_enter(
    account: AccountEntry, joining: Joining, name: str, partner_id: int | None
) -> Seat:
    """Let the owner of an account enter a cohort if she may; ``partner_id`` is that of its list.

    Raises ``joining.cohort_unknown`` and what ``enter_cohort`` raises.
    """
    cohort = joining.cohorts.get(name)
    if cohort is None:
        known = ", ".join(joining.cohorts)
        raise Problem("joining.cohort_unknown", cohort=name, known=known)
    with bulk_transaction() as cursor:
        people = joining.lists.get(cohort.people_list)
        listed = people is not None and account_is_listed(cursor, account, people, partner_id)
        return enter_cohort(cursor, account, cohort, listed=listed)


def leave_cohort(account: AccountEntry, name: str) -> bool:
    """Give the place back; whether she had one. What she did meanwhile stays as it is."""
    with bulk_transaction() as cursor:
        _lock(cursor, account.programme_id, name)
        cursor.execute(
            "update cohort_member set left_at = now() where programme_id = %s and cohort = %s"
            " and account_id = %s and left_at is null returning id",
            [account.programme_id, name, account.id],
        )
        return cursor.fetchone() is not None


def cohorts_of(cursor: Cursor, account_id: int) -> dict[str, int]:
    """The cohorts that an account is in, with her number in each."""
    cursor.execute(
        "select cohort, number from cohort_member where account_id = %s and left_at is null",
        [account_id],
    )
    return dict(cursor.fetchall())


def members_among(
    cursor: Cursor, programme_id: int, cohorts: Collection[str], account_ids: Ints
) -> set[int]:
    """Those of these accounts that are in one of these cohorts."""
    cursor.execute(
        "select distinct account_id from cohort_member where programme_id = %s"
        " and cohort = any(%s) and account_id = any(%s) and left_at is null",
        [programme_id, [*cohorts], int8_array(account_ids)],
    )
    return {int(account_id) for (account_id,) in cursor.fetchall()}


def member_counts(programme_id: int) -> dict[str, int]:
    """How many are in each cohort; cohorts without anybody are not there."""
    with bulk_transaction() as cursor:
        cursor.execute(
            "select cohort, count(*) from cohort_member"
            " where programme_id = %s and left_at is null group by cohort",
            [programme_id],
        )
        return dict(cursor.fetchall())


def _lock(cursor: Cursor, programme_id: int, cohort: str) -> None:
    digest = hashlib.new("sm3", f"{programme_id}\0{cohort}".encode()).digest()
    second = int.from_bytes(digest[:4], "big", signed=True)
    cursor.execute("select pg_advisory_xact_lock(%s, %s)", [_LOCK, second])
