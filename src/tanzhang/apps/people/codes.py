"""One-time codes: who holds the phone may log in to the account that was opened with it.

A code lives five minutes and five guesses. Whether a phone is known is told only to who typed the
right code: until then known and unknown numbers get the same answer, and cost the same.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import psycopg
from django.utils import timezone

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.phones import normalised, phone_index
from tanzhang.apps.people.providers import provider
from tanzhang.apps.people.selectors import installation_secret
from tanzhang.problems import Problem

LIFE: Final = timedelta(minutes=5)
ATTEMPTS: Final = 5

#: Codes that may be asked for within ``WINDOW``: for one phone, and from one address (behind which
#: there may be a whole office).
WINDOW: Final = timedelta(hours=1)
PER_PHONE: Final = 5
PER_ADDRESS: Final = 30

#: Rows older than this are of no use to anybody.
KEPT: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AskedCode:
    """A code under way. ``shown`` is the code itself where the provider lets the page show it."""

    id: int
    shown: str | None


def ask_code(phone: str, address: str, at: datetime | None = None) -> AskedCode:
    """Send a code to a phone. ``address`` is the network address of whoever asks.

    Raises ``people.phone_malformed``, ``people.codes_unavailable`` and ``people.codes_too_many``.
    """
    now = at or timezone.now()
    carrier, number = provider(), normalised(phone)
    secret = installation_secret()
    index = phone_index(secret, number)
    address_index = hmac.digest(secret, b"address\0" + address.encode(), "sm3")
    code = f"{secrets.randbelow(10**6):06d}"
    with bulk_transaction() as cursor:
        _check_rate(cursor, index, address_index, now)
        cursor.execute(
            "insert into one_time_code (made_at, expires_at, attempts, phone_index, address_index,"
            " code_hash) values (%s, %s, 0, %s, %s, %s) returning id",
            [now, now + LIFE, index, address_index, _code_hash(secret, index, code)],
        )
        asked = cursor.fetchall()[0][0]
        cursor.execute("select from phone_login where phone_index = %s", [index])
        is_known = cursor.fetchone() is not None
    reached = is_known or carrier.reaches_strangers
    return AskedCode(asked, carrier.deliver(number, code) if reached else None)


def check_code(asked: int, typed: str, at: datetime | None = None) -> int:
    """The account of the phone that the code was sent to; the code is used up.

    Raises ``people.code_expired`` (too late, too many guesses, used already), ``people.code_wrong``
    and, for the right code of a phone without an account, ``people.phone_unknown``.
    """
    now = at or timezone.now()
    secret = installation_secret()
    with bulk_transaction() as cursor:
        # Counted before it is compared, and committed whatever comes: no guess is free.
        cursor.execute(
            "update one_time_code set attempts = attempts + 1 where id = %s and attempts < %s"
            " and used_at is null and expires_at > %s returning phone_index, code_hash",
            [asked, ATTEMPTS, now],
        )
        found = cursor.fetchone()
    if found is None:
        raise Problem("people.code_expired")
    index, expected = bytes(found[0]), bytes(found[1])
    digits = "".join(str(int(sign)) for sign in typed if sign.isdecimal())
    if not hmac.compare_digest(_code_hash(secret, index, digits), expected):
        raise Problem("people.code_wrong")
    with bulk_transaction() as cursor:
        cursor.execute(
            "update one_time_code set used_at = %s where id = %s and used_at is null returning id",
            [now, asked],
        )
        if cursor.fetchone() is None:
            raise Problem("people.code_expired")
        cursor.execute("select account_id from phone_login where phone_index = %s", [index])
        account = cursor.fetchone()
    if account is None:
        raise Problem("people.phone_unknown")
    return int(account[0])


def _check_rate(
    cursor: psycopg.Cursor[Any], index: bytes, address_index: bytes, now: datetime
) -> None:
    """One asker at a time for one phone, so that no two slip under the limit together."""
    cursor.execute(
        "select pg_advisory_xact_lock(%s)", [int.from_bytes(index[:8], "big", signed=True)]
    )
    cursor.execute("delete from one_time_code where made_at < %s", [now - KEPT])
    cursor.execute(
        "select count(*) filter (where phone_index = %s), count(*) filter (where address_index ="
        " %s) from one_time_code where made_at > %s and (phone_index = %s or address_index = %s)",
        [index, address_index, now - WINDOW, index, address_index],
    )
    by_phone, by_address = cursor.fetchall()[0]
    if by_phone >= PER_PHONE or by_address >= PER_ADDRESS:
        raise Problem("people.codes_too_many")


def _code_hash(secret: bytes, index: bytes, code: str) -> bytes:
    """Keyed, and bound to the phone: a stolen table gives no code away."""
    return hmac.digest(secret, b"code\0" + index + code.encode("ascii"), "sm3")
