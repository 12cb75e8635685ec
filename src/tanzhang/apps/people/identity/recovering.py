"""Coming back: who has lost every way in asks, waits, and is let in unless somebody objects.

She names the account and shows a phone that is hers now. All ways in that the account has are told
at once, and any log-in while she waits ends it: whoever can log in needs no recovery. Whoever is
sanctioned comes back too, to the page on which she can appeal. Time alone is
no proof either: the case must besides be *checked*, by the identity number that a host vouched for
or by staff who saw documents. Nobody shortens the waiting alone.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import psycopg
from django.utils import timezone

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.identity.cases import (
    CaseEntry,
    NewCase,
    add_step,
    locked_case,
    open_case,
)
from tanzhang.apps.people.identity.events import SELF, note_identity
from tanzhang.apps.people.identity.log_ins import Way, note_log_in, refuse_ended
from tanzhang.apps.people.identity.models import CaseKind, EventKind, Step
from tanzhang.apps.people.identity.notices import tell_ways_in
from tanzhang.apps.people.identity.vouching import is_vouched
from tanzhang.apps.people.opening import link_phone
from tanzhang.apps.people.phones import normalised
from tanzhang.apps.people.selectors import AccountEntry, account_numbered
from tanzhang.apps.people.vault import api as vault
from tanzhang.problems import Problem

DEFAULT_DAYS: Final = 7

#: After a case that ended without success the next one waits: asking again and again is no way in.
REST: Final = timedelta(days=30)


def waiting_time() -> timedelta:
    """How long a person waits before her account opens; ``TANZHANG_RECOVERY_DAYS``, 1 to 90.

    Raises ``identity.days_malformed``.
    """
    said = os.environ.get("TANZHANG_RECOVERY_DAYS", "") or str(DEFAULT_DAYS)
    if not said.isdecimal() or not 1 <= int(said) <= 90:
        raise Problem(
            "identity.days_malformed", variable="TANZHANG_RECOVERY_DAYS", least=1, most=90
        )
    return timedelta(days=int(said))


@dataclass(frozen=True, slots=True)
class Recovery:
    """What asking for an account needs: ``phone`` was shown to be hers by a code.

    ``digests`` (``identity_digests``) of a number are compared with what a host vouched for.
    """

    account: AccountEntry
    phone: str
    digests: Mapping[str, str] = field(default_factory=dict)


def ask_recovery(wanted: Recovery, at: datetime | None = None) -> CaseEntry:
    """Begin to wait.

    Raises ``identity.case_open_already``, ``identity.case_too_soon`` and what ``refuse_ended``
    raises.
    """
    now, account = at or timezone.now(), wanted.account
    with bulk_transaction() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [account.id])
        refuse_ended(cursor, account.id, may_be_sanctioned=True)
        _refuse_too_soon(cursor, account.id, now)
        new = NewCase(
            account_id=account.id,
            kind=CaseKind.RECOVERY,
            by=SELF,
            reason="",
            opens_at=now + waiting_time(),
        )
        case_id = open_case(cursor, new, now)
        vault.store(cursor, account.subject_id, {"recovery_phone": normalised(wanted.phone)})
        if is_vouched(cursor, account.subject_id, wanted.digests):
            add_step(cursor, case_id, Step.CHECKED, by="vouched number", at=now)
        told = tell_ways_in(cursor, account)
        add_step(cursor, case_id, Step.NOTIFIED, by="system", note=", ".join(told), at=now)
        return locked_case(cursor, case_id)


def check_documents(case_id: int, *, by: str, note: str, documents: Sequence[bytes]) -> None:
    """Staff saw documents and found them in order; of these only digests (SM3) are kept.

    Raises ``identity.documents_missing``.
    """
    if not documents:
        raise Problem("identity.documents_missing")
    with bulk_transaction() as cursor:
        add_step(cursor, case_id, Step.CHECKED, by=by, note=note, documents=documents)


def refuse_case(case_id: int, *, by: str, note: str) -> None:
    """Staff ends a case. Raises ``identity.reason_missing``."""
    if not note.strip():
        raise Problem("identity.reason_missing")
    with bulk_transaction() as cursor:
        add_step(cursor, case_id, Step.REFUSED, by=by, note=note.strip())


def come_back(phone: str, at: datetime | None = None) -> AccountEntry:
    """The account for whose recovery this phone was shown, once its waiting is over.

    The phone was shown once more by a code; from now on it opens the account. Raises
    ``identity.recovery_unknown``, ``identity.recovery_waits``, ``identity.recovery_unchecked`` and
    what ``refuse_ended`` raises.
    """
    now = at or timezone.now()
    with bulk_transaction() as cursor:
        for subject_id in vault.find(cursor, "recovery_phone", normalised(phone)):
            cursor.execute(
                "select identity_case.id from identity_case join account"
                " on account.id = account_id where subject_id = %s and identity_case.kind = %s"
                " order by identity_case.id desc",
                [subject_id, CaseKind.RECOVERY.value],
            )
            for (case_id,) in cursor.fetchall():
                case = locked_case(cursor, case_id)
                if case.is_open:
                    return _let_in(cursor, case, phone, now)
    raise Problem("identity.recovery_unknown")


def _let_in(
    cursor: psycopg.Cursor[Any], case: CaseEntry, phone: str, now: datetime
) -> AccountEntry:
    if not case.waiting_is_over(now):
        assert case.opens_at is not None
        raise Problem("identity.recovery_waits", opens=f"{case.opens_at:%Y-%m-%d %H:%M} UTC")
    if not case.is_checked:
        raise Problem("identity.recovery_unchecked")
    # Last: whoever has shown nothing learns nothing.
    refuse_ended(cursor, case.account_id, may_be_sanctioned=True)
    account = account_numbered(case.account_id)
    assert account is not None
    add_step(cursor, case.id, Step.DONE, by=SELF, at=now)
    link_phone(account, phone)
    note_identity(cursor, account.id, EventKind.RECOVERED, about=case.id, at=now)
    note_log_in(cursor, account.id, Way.PHONE, now)
    return account


def _refuse_too_soon(cursor: psycopg.Cursor[Any], account_id: int, now: datetime) -> None:
    cursor.execute(
        "select from identity_case join identity_case_step step on step.case_id = identity_case.id"
        " where account_id = %s and kind = %s and step = any(%s) and step.at > %s",
        [
            *(account_id, CaseKind.RECOVERY.value),
            *([Step.CANCELLED.value, Step.REFUSED.value], now - REST),
        ],
    )
    if cursor.fetchone() is not None:
        raise Problem("identity.case_too_soon")
