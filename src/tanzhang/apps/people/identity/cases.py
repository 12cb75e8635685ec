"""Cases that wait or that staff decide: how each stands, and every step that was taken in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import psycopg
from django.utils import timezone

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.erasure.words import words_of_account
from tanzhang.apps.people.identity.models import CaseKind, Step
from tanzhang.apps.people.selectors import account_numbered
from tanzhang.apps.people.vault import api as vault
from tanzhang.problems import Problem

#: Steps after which nothing more comes; after ``DONE`` of a death its rights are still used.
ENDS: Final = (Step.CANCELLED, Step.REFUSED, Step.DONE)

_CASES: Final = """
select identity_case.id, kind, account_id, opened_at, opens_at, opened_by, reason, documents,
       (select array_agg(step order by id) from identity_case_step where case_id = identity_case.id)
from identity_case where {where} order by identity_case.id desc limit 200
"""


@dataclass(frozen=True, slots=True)
class CaseEntry:
    """A case. ``documents`` are SM3 digests in hexadecimal; ``steps`` the names of its steps."""

    id: int
    kind: CaseKind
    account_id: int
    opened_at: datetime
    opens_at: datetime | None
    opened_by: str
    reason: str
    documents: Sequence[str]
    steps: Sequence[Step]

    @property
    def is_open(self) -> bool:
        """Whether it has not ended."""
        return not set(ENDS) & {*self.steps}

    @property
    def is_checked(self) -> bool:
        """Whether it was shown by more than a phone whose account it is about."""
        return Step.CHECKED in self.steps

    def waiting_is_over(self, now: datetime) -> bool:
        """Whether the waiting has ended, by time or because two persons ended it."""
        return Step.SHORTENED in self.steps or (self.opens_at is not None and self.opens_at <= now)


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of a case; ``documents`` in hexadecimal."""

    at: datetime
    step: Step
    by: str
    note: str
    documents: Sequence[str]


@dataclass(frozen=True, slots=True)
class NewCase:
    """What opening a case needs; ``documents`` are digests of 32 bytes."""

    account_id: int
    kind: CaseKind
    by: str
    reason: str
    opens_at: datetime | None = None
    documents: Sequence[bytes] = ()


def open_case(cursor: psycopg.Cursor[Any], wanted: NewCase, at: datetime) -> int:
    """Open a case; an account has one of a kind at a time (``identity.case_open_already``)."""
    cursor.execute("select pg_advisory_xact_lock(%s)", [wanted.account_id])
    known = _cases(cursor, "account_id = %s and kind = %s", [wanted.account_id, wanted.kind.value])
    if any(case.is_open for case in known):
        raise Problem("identity.case_open_already")
    cursor.execute(
        "insert into identity_case (account_id, kind, opened_at, opens_at, opened_by, reason,"
        " documents) values (%s, %s, %s, %s, %s, %s, %s) returning id",
        [
            *(wanted.account_id, wanted.kind.value, at, wanted.opens_at, wanted.by),
            words_of_account(cursor, wanted.account_id, wanted.reason),
            [*wanted.documents],
        ],
    )
    return int(cursor.fetchall()[0][0])


def add_step(
    cursor: psycopg.Cursor[Any],
    case_id: int,
    step: Step,
    *,
    by: str,
    note: str = "",
    documents: Sequence[bytes] = (),
    at: datetime | None = None,
) -> None:
    """Note a step. A case that has ended takes none but ``USED`` (``identity.case_ended``).

    With a recovery ends what is known of the phone from which it was asked.
    """
    case = locked_case(cursor, case_id)
    if not case.is_open and not (step is Step.USED and Step.DONE in case.steps):
        raise Problem("identity.case_ended")
    kept = words_of_account(cursor, case.account_id, note)
    cursor.execute(
        "insert into identity_case_step (case_id, step, by, note, documents, at)"
        " values (%s, %s, %s, %s, %s, %s)",
        [case_id, step.value, by, kept, [*documents], at or timezone.now()],
    )
    if case.kind is CaseKind.RECOVERY and step in ENDS:
        account = account_numbered(case.account_id, even_restricted=True)
        assert account is not None
        vault.store(cursor, account.subject_id, {"recovery_phone": ""})


def locked_case(cursor: psycopg.Cursor[Any], case_id: int) -> CaseEntry:
    """A case that nobody else takes a step in meanwhile. Raises ``identity.case_unknown``."""
    cursor.execute("select pg_advisory_xact_lock(%s, %s)", [_LOCK, case_id])
    found = _cases(cursor, "identity_case.id = %s", [case_id])
    if not found:
        raise Problem("identity.case_unknown")
    return found[0]


_LOCK: Final = 0x63617365


def identity_case(case_id: int) -> CaseEntry:
    """A case by its number. Raises ``identity.case_unknown``."""
    with bulk_transaction() as cursor:
        found = _cases(cursor, "identity_case.id = %s", [case_id])
    if not found:
        raise Problem("identity.case_unknown")
    return found[0]


def cases_of(account_id: int) -> list[CaseEntry]:
    """Every case about an account, the latest first."""
    with bulk_transaction() as cursor:
        return _cases(cursor, "account_id = %s", [account_id])


def latest_cases() -> list[CaseEntry]:
    """The latest cases of all."""
    with bulk_transaction() as cursor:
        return _cases(cursor, "true", [])


def open_recovery(account_id: int) -> CaseEntry | None:
    """The case in which somebody asks for an account, if one waits."""
    return next(
        (one for one in cases_of(account_id) if one.is_open and one.kind is CaseKind.RECOVERY), None
    )


def cancel_cases(account_id: int, *, by: str, at: datetime | None = None) -> bool:
    """End what waits or is undecided, because she logged in; whether it did."""
    waiting = [case for case in cases_of(account_id) if case.is_open]
    for case in waiting:
        with bulk_transaction() as cursor:
            add_step(cursor, case.id, Step.CANCELLED, by=by, at=at)
    return bool(waiting)


def cancel_recovery(account_id: int, *, by: str) -> bool:
    """End the case in which somebody asks for an account, because its owner says so; whether one
    waited. One that ended in the same moment is as it is."""
    with bulk_transaction() as cursor:
        found = open_recovery(account_id)
        if found is None or not locked_case(cursor, found.id).is_open:
            return False
        add_step(cursor, found.id, Step.CANCELLED, by=by)
    return True


def case_steps(case_id: int) -> list[StepLine]:
    """Every step of a case, the earliest first."""
    with bulk_transaction() as cursor:
        cursor.execute(
            "select at, step, by, note, documents from identity_case_step where case_id = %s"
            " order by id",
            [case_id],
        )
        return [
            StepLine(at, Step(step), by, note, [bytes(one).hex() for one in documents])
            for at, step, by, note, documents in cursor.fetchall()
        ]


def _cases(cursor: psycopg.Cursor[Any], where: str, values: Sequence[Any]) -> list[CaseEntry]:
    cursor.execute(_CASES.format(where=where).encode(), [*values])
    return [
        CaseEntry(
            id=number,
            kind=CaseKind(kind),
            account_id=account_id,
            opened_at=opened_at,
            opens_at=opens_at,
            opened_by=by,
            reason=reason,
            documents=[bytes(one).hex() for one in documents],
            steps=[Step(step) for step in steps or ()],
        )
        for number, kind, account_id, opened_at, opens_at, by, reason, documents, steps in (
            cursor.fetchall()
        )
    ]
