"""Letting a partner read one's balance: consent of its own, and every reading noted.

A partner that may report for a person may not therefore read what others reported. Withdrawal takes
effect at once, because every reading asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import psycopg

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.consenting.giving import Press, grant, withdraw
from tanzhang.apps.people.consenting.processing import refuse_reader
from tanzhang.apps.people.consenting.purposes import SHARE
from tanzhang.apps.people.consenting.windows import ENDS, LAPSING, now_us
from tanzhang.apps.people.selectors import AccountEntry
from tanzhang.problems import Problem

MOST_LISTED: Final = 200


@dataclass(frozen=True, slots=True)
class Share:
    """A partner that may read an account's balance, or might. ``to_us`` is None while it may."""

    partner_id: int
    from_us: int | None
    to_us: int | None

    @property
    def is_live(self) -> bool:
        """Whether it may now."""
        return self.from_us is not None and self.to_us is None


@dataclass(frozen=True, slots=True)
class Reading:
    """That a partner read something of a person."""

    at: datetime
    partner_id: int
    what: str


def share(
    account: AccountEntry,
    partner_id: int,
    *,
    text_id: int,
    at_us: int,
    press: Press | None = None,
) -> None:
    """Let a partner read the balance from ``at_us`` on; nothing happens if it may already.

    Raises what ``grant`` raises.
    """
    grant(account, partner_id, text_id=text_id, at_us=at_us, purpose=SHARE, press=press)


def stop_sharing(account: AccountEntry, partner_id: int, *, at_us: int | None = None) -> None:
    """Let a partner read no more from ``at_us`` on; nothing happens if it may not."""
    withdraw(account, partner_id, at_us=at_us, purpose=SHARE)


def shares_of(account_id: int) -> list[Share]:
    """Every partner that knows the account, with the latest consent to let it read."""
    with bulk_transaction() as cursor:
        cursor.execute(
            "select distinct on (link.partner_id) link.partner_id, from_us,"
            f" least(to_us, case when {ENDS} <= %s then {ENDS} end)"
            " from (select distinct partner_id, account_id from partner_link where account_id = %s)"
            " link left join consent on consent.account_id = link.account_id"
            " and consent.partner_id = link.partner_id and purpose = %s"
            f" {LAPSING}"
            " order by link.partner_id, to_us is null desc, from_us desc",
            [now_us(), account_id, SHARE],
        )
        return [Share(*row) for row in cursor.fetchall()]


def note_reading(
    cursor: psycopg.Cursor[Any], account: AccountEntry, partner_id: int, what: str
) -> None:
    """Note that a partner now reads ``what``. Raises ``people.not_shared`` if it may not, and
    ``consenting.recipient_abroad`` or ``consenting.not_assessed`` where the law is not met.

    It is part of the transaction that reads: what was not noted was not read.
    """
    consent_id = _live(cursor, account.id, partner_id)
    if consent_id is None:
        raise Problem("people.not_shared")
    refuse_reader(cursor, account.id, partner_id, now_us())
    cursor.execute(
        "insert into disclosure (subject_id, consent_id, partner_id, what) values (%s, %s, %s, %s)",
        [account.subject_id, consent_id, partner_id, what],
    )


def readings_of(subject_id: int) -> list[Reading]:
    """Who read what of a person, the latest first."""
    with bulk_transaction() as cursor:
        cursor.execute(
            "select at, partner_id, what from disclosure where subject_id = %s"
            " order by id desc limit %s",
            [subject_id, MOST_LISTED],
        )
        return [Reading(*row) for row in cursor.fetchall()]


def _live(cursor: psycopg.Cursor[Any], account_id: int, partner_id: int) -> int | None:
    """The consent by which a partner may read now, kept from ending while it reads."""
    cursor.execute(
        "select consent.id from consent"
        f" {LAPSING}"
        f" where consent.account_id = %s and partner_id = %s and purpose = %s and to_us is null"
        f" and coalesce({ENDS} > %s, true) for share of consent",
        [account_id, partner_id, SHARE, now_us()],
    )
    row = cursor.fetchone()
    return None if row is None else int(row[0])
