"""Closing an account: nothing is collected from that instant on, and the person is erased in time.

Whoever closes her account is asked for nothing but to say so. She is told first what becomes of her
points. Fifteen working days later at the latest she is erased (GB/T 35273-2020, 8.5); we do it
after ten, so that somebody notices in time if it does not happen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import psycopg

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.erasure.models import State
from tanzhang.apps.people.erasure.states import (
    account_state,
    hold_states,
    set_account_state,
    state_beneath,
)
from tanzhang.apps.people.requests.clock import (
    day_of_law,
    due_after_working_days,
    is_overdue,
)
from tanzhang.apps.people.selectors import AccountEntry
from tanzhang.problems import Problem

Cursor = psycopg.Cursor[Any]

#: So many working days after closing a person is erased; the law allows fifteen.
ERASED_AFTER: Final = 10

_BY_OWNER: Final = "closed by its owner"

# Subjects whose every account is closed, with the day on which the last of them was.
_CLOSED: Final = """
with last as (
    select distinct on (account_id) account_id, state, since from account_state
    order by account_id, id desc)
select account.subject_id, max(last.since) from account left join last on account_id = account.id
group by account.subject_id having bool_and(coalesce(last.state, 'open') = 'closed')
"""


@dataclass(frozen=True, slots=True)
class Closing:
    """When an account was closed, and by which day its person is erased at the latest."""

    closed_at: datetime
    due_on: date


def close_account(
    account: AccountEntry, *, reason: str = _BY_OWNER, at: datetime | None = None
) -> Closing:
    """Close an account; closing it again changes nothing.

    Raises ``people.account_erased``, ``identity.frozen`` while somebody decides about it, and
    ``identity.sanctioned``: nobody closes her way out of a sanction, by a restriction neither.
    """
    with bulk_transaction() as cursor:
        hold_states(cursor, [account.id])
        standing = account_state(cursor, [account.id])[account.id]
        beneath = state_beneath(cursor, account.id)
        if beneath.state is State.FROZEN:
            raise Problem("identity.sanctioned" if beneath.is_sanctioned else "identity.frozen")
        if standing.state is not State.CLOSED:
            set_account_state(cursor, [account.id], State.CLOSED, reason, at=at)
        found = closing_of(cursor, account.id)
    assert found is not None
    return found


def closing_of(cursor: Cursor, account_id: int) -> Closing | None:
    """The closing of an account that is closed."""
    standing = account_state(cursor, [account_id])[account_id]
    if standing.state is not State.CLOSED or standing.since is None:
        return None
    return Closing(standing.since, due_after_working_days(standing.since))


def subjects_to_erase(now: datetime) -> list[int]:
    """Subjects whose every account was closed ten working days ago or earlier."""
    return [
        subject_id
        for subject_id, last in _closed()
        if due_after_working_days(last, ERASED_AFTER) <= day_of_law(now)
    ]


def overdue_closings(now: datetime) -> list[int]:
    """Subjects who should have been erased by now, and are not."""
    return [
        subject_id
        for subject_id, last in _closed()
        if is_overdue(due_after_working_days(last), now)
    ]


def _closed() -> list[tuple[int, datetime]]:
    with bulk_transaction() as cursor:
        cursor.execute(_CLOSED)
        return [(row[0], row[1]) for row in cursor.fetchall()]
