"""The history of the ways into an account: what happened, when, and who did it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import psycopg
from django.utils import timezone

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.identity.models import EventKind

#: For so long after a new way in nothing of value moves: who stole it shall find nothing to take.
QUIET: Final = timedelta(hours=24)

#: What makes an account quiet.
NEW_WAYS_IN: Final = (
    EventKind.NUMBER_CHANGED,
    EventKind.RECOVERED,
    EventKind.WOKE,
    EventKind.HOST_ADDED,
)

#: Herself, as ``by`` names her.
SELF: Final = "self"


@dataclass(frozen=True, slots=True)
class IdentityEntry:
    """One thing that happened; ``about`` is the other account, the partner, or the case."""

    kind: EventKind
    at: datetime
    by: str
    about: int | None


def note_identity(
    cursor: psycopg.Cursor[Any],
    account_id: int,
    kind: EventKind,
    *,
    by: str = SELF,
    about: int | None = None,
    at: datetime | None = None,
) -> None:
    """Note what happened to the ways into an account."""
    cursor.execute(
        "insert into identity_event (account_id, kind, by, about, at) values (%s, %s, %s, %s, %s)",
        [account_id, kind.value, by, about, at or timezone.now()],
    )


def identity_history(account_id: int) -> Sequence[IdentityEntry]:
    """Everything that happened, the latest first."""
    with bulk_transaction() as cursor:
        cursor.execute(
            "select kind, at, by, about from identity_event where account_id = %s order by id desc",
            [account_id],
        )
        return [IdentityEntry(EventKind(kind), *rest) for kind, *rest in cursor.fetchall()]


def quiet_until(
    cursor: psycopg.Cursor[Any], account_id: int, at: datetime | None = None
) -> datetime | None:
    """Until when nothing of value may move from an account; None if it may now.

    Whatever spends, gives or pays out asks here first.
    """
    cursor.execute(
        "select greatest("
        " (select max(at) from identity_event where account_id = %s and kind = any(%s)),"
        " (select max(linked_at) from channel_login where account_id = %s))",
        [account_id, [kind.value for kind in NEW_WAYS_IN], account_id],
    )
    last = cursor.fetchall()[0][0]
    now = at or timezone.now()
    if last is None or last + QUIET <= now:
        return None
    until: datetime = last + QUIET
    return until
