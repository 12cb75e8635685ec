"""One-time codes: who holds the phone may log in to the account that was opened with it.

A code lives five minutes and five guesses. Whether a phone is known is told only to who typed the
right code: until then known and unknown numbers get the same answer, in the same time, because the
message is sent after the answer.
"""

from __future__ import annotations

import hmac
import logging
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import psycopg
from django.utils import timezone

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.networks import network_of
from tanzhang.apps.people.phone_logins import account_of_phone, phone_indexes
from tanzhang.apps.people.phones import normalised
from tanzhang.apps.people.providers import CodeProvider, provider
from tanzhang.apps.people.vault import api as vault
from tanzhang.apps.people.vault.secret import installation_secret
from tanzhang.problems import Problem

LIFE: Final = timedelta(minutes=5)
ATTEMPTS: Final = 5

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

#: Codes that may be asked for within an hour and within a day: for one phone, and from one network
#: (behind which there may be a whole office).
PER_PHONE: Final = {HOUR: 5, DAY: 10}
PER_NETWORK: Final = {HOUR: 30, DAY: 100}

#: What the sealed number of a code is bound to.
_ASIDE: Final = "code"

#: Rows older than this are of no use to anybody.
KEPT: Final = DAY

log = logging.getLogger("tanzhang.people")

#: Messages on their way to the operator's provider.
_postmen = ThreadPoolExecutor(4, "codes")


@dataclass(frozen=True, slots=True)
class AskedCode:
    """A code under way. ``shown`` is the code itself where the page shows it."""

    id: int
    shown: str | None


def ask_code(
    phone: str, address: str, at: datetime | None = None, *, to_anybody: bool = False
) -> AskedCode:
    """Send a code to a phone. ``address`` is the network address of whoever asks.

    A number that opens no account gets no message, unless it is ``to_anybody``: whoever asks has
    shown already who she is, and now shows that the number is hers.

    Raises ``people.phone_malformed``, ``people.codes_unavailable``, ``people.codes_too_many`` and
    ``people.codes_too_many_today``.
    """
    now = at or timezone.now()
    carrier, number = _provider(), normalised(phone)
    secret = installation_secret()
    address_index = hmac.digest(secret, b"address\0" + network_of(address).encode(), "sm3")
    code = f"{secrets.randbelow(10**6):06d}"
    with bulk_transaction() as cursor:
        indexes = phone_indexes(cursor, number)
        index = indexes.newest
        _check_rate(cursor, indexes.every, address_index, now)
        cursor.execute(
            "insert into one_time_code (made_at, expires_at, attempts, phone_index, sealed_phone,"
            " address_index, code_hash) values (%s, %s, 0, %s, %s, %s, %s) returning id",
            [
                *(now, now + LIFE, index, vault.put_aside(cursor, _ASIDE, number)),
                *(address_index, _code_hash(secret, index, code)),
            ],
        )
        asked = cursor.fetchall()[0][0]
        cursor.execute("select from phone_login where phone_index = any(%s)", [indexes.every])
        is_known = cursor.fetchone() is not None
    if carrier is None:
        return AskedCode(asked, code)
    _postmen.submit(_deliver, carrier if is_known or to_anybody else None, number, code)
    return AskedCode(asked, None)


def _provider() -> CodeProvider | None:
    try:
        return provider()
    except Problem:
        log.warning("Nobody can log in by phone.", extra={"unset": "TANZHANG_CODES"})
        raise


def _deliver(carrier: CodeProvider | None, number: str, code: str) -> None:
    """Send a message; for a phone that shall get none there is no carrier."""
    if carrier is None:
        return
    try:
        carrier.deliver(number, code)
    except Exception:
        log.error("A one-time code could not be delivered.", exc_info=True)


def check_code(asked: int, typed: str, at: datetime | None = None) -> int:
    """The account of the phone that the code was sent to; the code is used up.

    Raises what ``use_code`` raises and, for the right code of a phone without an account,
    ``people.phone_unknown``.
    """
    account_id = account_of_phone(use_code(asked, typed, at))
    if account_id is None:
        raise Problem("people.phone_unknown")
    return account_id


def use_code(asked: int, typed: str, at: datetime | None = None) -> str:
    """The number of the phone that the code was sent to; the code is used up.

    Raises ``people.code_expired`` (too late, too many guesses, used already) and
    ``people.code_wrong``.
    """
    now = at or timezone.now()
    secret = installation_secret()
    with bulk_transaction() as cursor:
        # Counted before it is compared, and committed whatever comes: no guess is free.
        cursor.execute(
            "update one_time_code set attempts = attempts + 1 where id = %s and attempts < %s"
            " and used_at is null and expires_at > %s and sealed_phone is not null"
            " returning phone_index, code_hash, sealed_phone",
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
        return vault.take_aside(cursor, _ASIDE, found[2])


def spend_code(asked: int) -> None:
    """Let a code that was used vouch for one more step, and for no second one.

    A page that lets her go on by what she has shown remembers it in the session, which two requests
    at once read as it was before either. Raises ``people.code_expired``.
    """
    with bulk_transaction() as cursor:
        cursor.execute(
            "update one_time_code set sealed_phone = null"
            " where id = %s and used_at is not null and sealed_phone is not null returning id",
            [asked],
        )
        if cursor.fetchone() is None:
            raise Problem("people.code_expired")


def _check_rate(
    cursor: psycopg.Cursor[Any], indexes: list[bytes], address_index: bytes, now: datetime
) -> None:
    """One asker at a time for one phone, and for one network, so that no two slip under a limit."""
    for index in (indexes[-1], address_index):  # the last index of a phone never changes
        lock = int.from_bytes(index[:8], "big", signed=True)
        cursor.execute("select pg_advisory_xact_lock(%s)", [lock])
    cursor.execute("delete from one_time_code where made_at < %s", [now - KEPT])
    for window, code in ((DAY, "people.codes_too_many_today"), (HOUR, "people.codes_too_many")):
        cursor.execute(
            "select (select count(*) from one_time_code"
            " where phone_index = any(%s) and made_at > %s),"
            " (select count(*) from one_time_code where address_index = %s and made_at > %s)",
            [indexes, now - window, address_index, now - window],
        )
        by_phone, by_network = cursor.fetchall()[0]
        if by_phone >= PER_PHONE[window] or by_network >= PER_NETWORK[window]:
            raise Problem(code)


def _code_hash(secret: bytes, index: bytes, code: str) -> bytes:
    """Keyed, and bound to the phone: a stolen table gives no code away."""
    return hmac.digest(secret, b"code\0" + index + code.encode("ascii"), "sm3")
