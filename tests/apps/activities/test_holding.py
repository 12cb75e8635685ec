"""The acts that are held now, and no act that was held once."""

from __future__ import annotations

import uuid

import pytest
from apps_world import RECEIVED_US, report, ride

from tanzhang.apps.activities.api import (
    accept,
    drain,
    find_event,
    held_events,
    hold,
    release,
    whereabouts,
)
from tanzhang.apps.database import bulk_transaction

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]


@pytest.fixture
def key() -> uuid.UUID:
    """One ride, settled."""
    accept(report(ride()), partner="bikes", programme="lake", received_us=RECEIVED_US, enrol=True)
    drain()
    found = find_event("bikes:r1")
    assert found is not None
    return found


def test_an_act_is_listed_while_it_is_held(key: uuid.UUID) -> None:
    place = whereabouts(key)
    assert place is not None and place[0] == key.bytes
    assert held_events(9) == []
    with bulk_transaction() as cursor:
        hold(cursor, [place])
    drain()
    assert [line.event for line in held_events(9)] == [key.hex]
    with bulk_transaction() as cursor:
        release(cursor, [place])
    drain()
    assert held_events(9) == []


def test_an_act_that_its_report_holds_is_listed_too() -> None:
    rows = [ride("h1", held=True), ride("h2", held=True)]
    accept(report(*rows), partner="bikes", programme="lake", received_us=RECEIVED_US, enrol=True)
    drain()
    assert len(held_events(9)) == 2
    assert len(held_events(1)) == 1


def test_an_unknown_event_is_nowhere() -> None:
    assert whereabouts(uuid.UUID(int=7)) is None
