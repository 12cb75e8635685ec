"""Letting somebody into an account who has shown a way in: what else has to hold, and what follows.

A phone or channel by which nobody has come for long opens its account alone no more, however often
she comes by another way: the number may have been given out again. A host that sends her over after
a long silence has just made sure of her, so that wakes all ways; the identity number that a host
vouched for wakes the one with which it is given.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

import psycopg
from django.utils import timezone

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.erasure.models import State
from tanzhang.apps.people.erasure.states import account_state
from tanzhang.apps.people.identity.cases import cancel_cases
from tanzhang.apps.people.identity.events import note_identity
from tanzhang.apps.people.identity.models import CaseKind, EventKind, Step
from tanzhang.apps.people.identity.vouching import identity_digests, is_vouched
from tanzhang.apps.people.selectors import account_numbered
from tanzhang.problems import Problem

DEFAULT_MONTHS: Final = 12

#: A month of this rule; nobody counts days of a year here.
MONTH: Final = timedelta(days=30)


class Way(StrEnum):
    """How somebody came in."""

    PHONE = "phone"
    HOST = "host"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Admitted:
    """That somebody is let in; ``cancelled``: a recovery that waited, or a death that
    somebody reported, has thereby ended."""

    cancelled: bool


def dormant_after() -> timedelta:
    """After how long unused an account is dormant; ``TANZHANG_DORMANT_MONTHS``, 1 to 120.

    Raises ``identity.days_malformed``.
    """
    said = os.environ.get("TANZHANG_DORMANT_MONTHS", "") or str(DEFAULT_MONTHS)
    if not said.isdecimal() or not 1 <= int(said) <= 120:
        variable = "TANZHANG_DORMANT_MONTHS"
        raise Problem("identity.days_malformed", variable=variable, least=1, most=120)
    return int(said) * MONTH


def admit(account_id: int, way: Way, at: datetime | None = None) -> Admitted:
    """Let in whoever has shown this way in.

    Raises ``identity.frozen`` (a death was confirmed), ``identity.dormant`` (this way in is not
    enough any more), ``identity.account_ended``.
    """
    now = at or timezone.now()
    with bulk_transaction() as cursor:
        refuse_ended(cursor, account_id, may_be_sanctioned=True)
        asleep = _is_asleep(cursor, account_id, way, now)
        if asleep and way is not Way.HOST:
            raise Problem("identity.dormant")
        if asleep:
            note_identity(cursor, account_id, EventKind.WOKE, by=way.value, at=now)
        note_log_in(cursor, account_id, way, now)
    return Admitted(cancel_cases(account_id, by="log-in", at=now))


def refuse_asleep(account_id: int, way: Way, at: datetime | None = None) -> None:
    """A way in that would not let her in shows nothing else either.

    Raises ``identity.dormant`` and what ``refuse_ended`` raises.
    """
    with bulk_transaction() as cursor:
        refuse_ended(cursor, account_id)
        if _is_asleep(cursor, account_id, way, at or timezone.now()):
            raise Problem("identity.dormant")


def wake(account_id: int, way: Way, id_number: str, at: datetime | None = None) -> Admitted:
    """Let in whoever has shown a way in and knows the number that a host vouched for.

    Raises ``identity.number_differs`` and what ``admit`` raises but ``identity.dormant``.
    """
    now, account = at or timezone.now(), account_numbered(account_id)
    assert account is not None
    with bulk_transaction() as cursor:
        refuse_ended(cursor, account_id, may_be_sanctioned=True)
        if not is_vouched(cursor, account.subject_id, identity_digests(id_number)):
            raise Problem("identity.number_differs")
        note_identity(cursor, account_id, EventKind.WOKE, by=way.value, at=now)
        note_log_in(cursor, account_id, way, now)
    return Admitted(cancel_cases(account_id, by="log-in", at=now))


#: When a way in last was known to be hers: she came by it, or it was shown anew to be hers. A host
#: is asked for the whole account, so any way counts for it.
_LAST_HERS: Final = """
select greatest(
  coalesce(
    greatest(
      (select max(at) from last_log_in
       where account_id = account.id and (way = %(way)s or %(way)s = 'host')),
      (select max(linked_at) from channel_login
       where account_id = account.id and %(way)s = 'channel')),
    opened_at),
  (select max(at) from identity_event where account_id = account.id
   and (kind = 'woke' and by in (%(way)s, 'host') or kind = 'number_changed' and %(way)s = 'phone'))
) from account where id = %(account)s
"""


def _is_asleep(cursor: psycopg.Cursor[Any], account_id: int, way: Way, now: datetime) -> bool:
    """Whether this way in was not used for long, however often she came by another."""
    cursor.execute(_LAST_HERS, {"way": way.value, "account": account_id})
    last: datetime = cursor.fetchall()[0][0]
    return now - last >= dormant_after()


def note_log_in(cursor: psycopg.Cursor[Any], account_id: int, way: Way, now: datetime) -> None:
    """Note that an account was opened, and how."""
    cursor.execute(
        "insert into last_log_in (account_id, at, way) values (%s, %s, %s)"
        " on conflict (account_id, way) do update set at = excluded.at",
        [account_id, now, way.value],
    )


def refuse_ended(
    cursor: psycopg.Cursor[Any], account_id: int, *, may_be_sanctioned: bool = False
) -> None:
    """Nobody opens an account whose owner has died, that is erased, or that a sanction froze.

    Whoever is sanctioned is let in to appeal: ``may_be_sanctioned``. Raises ``identity.frozen``,
    ``identity.account_ended`` and ``identity.sanctioned``.
    """
    standing = account_state(cursor, [account_id])[account_id]
    cursor.execute(
        "select from identity_case join identity_case_step on case_id = identity_case.id"
        " where account_id = %s and kind = %s and step = %s",
        [account_id, CaseKind.DEATH.value, Step.DONE.value],
    )
    is_frozen = standing.state is State.FROZEN and not standing.is_sanctioned
    if is_frozen or cursor.fetchone() is not None:
        raise Problem("identity.frozen")
    if standing.state is State.ERASED:
        raise Problem("identity.account_ended")
    if standing.is_sanctioned and not may_be_sanctioned:
        raise Problem("identity.sanctioned")
