"""Ada's acts at the lake, and her appeals about them."""

from __future__ import annotations

import uuid
from typing import Any

from apps_world import RECEIVED_US, report

from tanzhang.apps.activities.api import accept, drain, statement
from tanzhang.apps.activities.appeals.models import AppealAbout
from tanzhang.apps.activities.appeals.reading import AppealEntry, appeal_numbered
from tanzhang.apps.activities.appeals.writing import appeal
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.api import AccountEntry, account, handles


def tell(*rows: dict[str, Any], partner: str = "bikes") -> None:
    """Report and settle."""
    accept(report(*rows), partner=partner, programme="lake", received_us=RECEIVED_US, enrol=True)
    drain()


def of(person: str = "ada", partner: str = "bikes") -> AccountEntry:
    found = account(handles("lake", partner, [person])[0])
    assert found is not None
    return found


def amounts(person: str = "ada") -> list[tuple[str, int]]:
    """Status and grams of each of her acts, the latest first."""
    events = statement(of(person), rulebook_in_force()).events
    return [(line.status, line.reduction_mg) for line in events]


def event(status: str = "credited") -> uuid.UUID:
    """Her only act of this status."""
    events = statement(of(), rulebook_in_force()).events
    (found,) = (line.event for line in events if line.status == status)
    return uuid.UUID(found)


def disputed(status: str = "credited", words: str = "这次骑行少算了。") -> int:
    """Her appeal about her only act of this status."""
    return appeal(of(), event(status), AppealAbout.ACT, words)


def entry(number: int) -> AppealEntry:
    with bulk_transaction() as cursor:
        return appeal_numbered(cursor, number)
