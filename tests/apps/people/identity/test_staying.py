"""What ends the other log-ins of an account, and whose it leaves alone."""

from __future__ import annotations

import pytest
from people_groups import account
from people_world import bank

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]

OLD, NEW = "13800000001", "13800000002"
Way = people.Way


def ended(owner: people.AccountEntry) -> dict[str, int]:
    """How often log-ins were ended, by the way in which they began."""
    with bulk_transaction() as cursor:
        return {way.value: people.times_ended(cursor, owner.id, way) for way in Way}


def test_a_number_that_a_host_tells_anew_ends_every_log_in() -> None:
    ada = account("ada")
    people.take_number(ada, OLD, bank())
    assert ended(ada) == {"phone": 1, "host": 1, "channel": 1}
    people.take_number(ada, NEW, bank())
    assert ended(ada) == {"phone": 2, "host": 2, "channel": 2}
    people.take_number(ada, NEW, bank())
    assert ended(ada) == {"phone": 2, "host": 2, "channel": 2}


def test_a_number_that_opens_another_account_ends_what_began_by_phone() -> None:
    ada, bo = account("ada"), account("bo")
    people.link_phone(ada, OLD)
    people.link_phone(bo, OLD)
    assert ended(ada) == {"phone": 1, "host": 0, "channel": 0}
    assert ended(bo) == {"phone": 0, "host": 0, "channel": 0}


def test_what_adds_nothing_to_the_ways_in_ends_nothing() -> None:
    ada = account("ada")
    people.admit(ada.id, Way.PHONE)
    with bulk_transaction() as cursor:
        people.note_identity(cursor, ada.id, people.EventKind.WOKE, by="host")
    assert ended(ada) == {"phone": 0, "host": 0, "channel": 0}
