"""Another phone number: shown by a code to the old number and one to the new.

A number is a way in and no identity. Who gets a number that was somebody else's opens her own
account by it; the earlier account is told, keeps its other ways in, and is out of the number's
reach at once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import psycopg
from django.utils import timezone

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.codes import use_code
from tanzhang.apps.people.identity.events import QUIET, note_identity
from tanzhang.apps.people.identity.models import EventKind
from tanzhang.apps.people.opening import link_phone
from tanzhang.apps.people.phone_logins import account_of_phone
from tanzhang.apps.people.selectors import AccountEntry
from tanzhang.apps.people.told_numbers import is_news
from tanzhang.problems import Problem

#: How fresh a log-in through a host must be to stand for the old number.
FRESH: Final = timedelta(minutes=15)


def has_phone(account_id: int) -> bool:
    """Whether a phone opens the account."""
    with bulk_transaction() as cursor:
        cursor.execute("select from phone_login where account_id = %s", [account_id])
        return cursor.fetchone() is not None


def prove_old_number(account: AccountEntry, asked: int, typed: str) -> None:
    """Show that the number that opens the account now is hers. Raises what ``use_code`` raises.

    ``identity.number_not_old`` if the code went to a number that opens another account, or none.
    """
    if account_of_phone(use_code(asked, typed)) != account.id:
        raise Problem("identity.number_not_old")


def host_stands_for_it(
    account: AccountEntry, host_id: int, sent_at: datetime, at: datetime | None = None
) -> bool:
    """Whether the host that began this very log-in by sending her stands for the old number.

    It does for a quarter of an hour, unless the account was opened to it within the last day: else
    whoever finds a phone unlocked could let a host of her own in, and take the account by it.
    """
    now = at or timezone.now()
    with bulk_transaction() as cursor:
        is_new = _is_new_host(cursor, account.id, host_id, now)
    return now - sent_at <= FRESH and not is_new


def change_number(account: AccountEntry, asked: int, typed: str) -> None:
    """Let the number that the code went to open the account, and the old one no more.

    The caller has seen ``prove_old_number`` or ``host_stands_for_it``. Raises what ``use_code``
    raises.
    """
    give_number(account, use_code(asked, typed))


def give_number(account: AccountEntry, number: str, at: datetime | None = None) -> None:
    """Let a number open the account, whoever's it was."""
    with bulk_transaction() as cursor:
        link_phone(account, number)
        note_identity(cursor, account.id, EventKind.NUMBER_CHANGED, at=at)


def take_number(
    account: AccountEntry, number: str, host_id: int, at: datetime | None = None
) -> bool:
    """Let a number that a host tells of an open account's owner open it; whether that is new.

    What a host tells that was added within the last day is not taken yet, and what is no news
    (``is_news``) never: she may have changed her number here, or told another host.
    """
    now = at or timezone.now()
    with bulk_transaction() as cursor:
        if _is_new_host(cursor, account.id, host_id, now):
            return False
        if not is_news(cursor, account.id, host_id, number) or not link_phone(account, number):
            return False
        note_identity(
            cursor, account.id, EventKind.NUMBER_CHANGED, by="host", about=host_id, at=now
        )
        return True


def _is_new_host(cursor: psycopg.Cursor[Any], account_id: int, host_id: int, now: datetime) -> bool:
    cursor.execute(
        "select from identity_event where account_id = %s and kind = %s and about = %s and at > %s",
        [account_id, EventKind.HOST_ADDED.value, host_id, now - QUIET],
    )
    return cursor.fetchone() is not None
