"""A host's word changes a number only when it changes itself."""

from __future__ import annotations

import pytest
from people_groups import account
from people_world import bank, bikes

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]

OLD, NEW, NEWER = "13800000001", "13800000002", "13800000003"


def opens(phone: str) -> int | None:
    return people.account_of_phone(phone)


def shows(whom: people.AccountEntry, phone: str) -> None:
    """She types the code that went to a phone."""
    asked = people.ask_code(phone, "192.0.2.1", to_anybody=True)
    assert asked.shown is not None
    people.change_number(whom, asked.id, asked.shown)


def test_two_hosts_that_hold_different_numbers_do_not_take_turns() -> None:
    ada = account("ada")
    assert people.take_number(ada, OLD, bank())
    for _ in range(2):
        assert not people.take_number(ada, NEW, bikes())
        assert not people.take_number(ada, OLD, bank())
    assert (opens(OLD), opens(NEW)) == (ada.id, None)
    assert len(people.identity_history(ada.id)) == 1
    with bulk_transaction() as cursor:
        assert people.times_ended(cursor, ada.id, people.Way.HOST) == 1
    assert people.take_number(ada, NEWER, bikes())  # there she changed it
    assert not people.take_number(ada, OLD, bank())
    assert opens(NEWER) == ada.id


def test_a_number_that_she_showed_stays_until_her_host_tells_another_than_before() -> None:
    ada = account("ada")
    assert people.take_number(ada, OLD, bank())
    shows(ada, NEW)
    assert not people.take_number(ada, OLD, bank())
    assert opens(NEW) == ada.id
    assert people.take_number(ada, NEWER, bank())


def test_a_number_that_went_to_somebody_else_no_host_takes_back_by_habit() -> None:
    ada, bo = account("ada"), account("bo")
    assert people.take_number(ada, OLD, bank())
    shows(bo, OLD)
    assert not people.take_number(ada, OLD, bank())
    assert opens(OLD) == bo.id
    assert people.take_number(ada, NEW, bikes())  # no phone opens hers now


def test_of_what_a_host_told_nobody_can_compare_two_accounts() -> None:
    ada, bo = account("ada"), account("bo")
    for whom in (ada, bo):
        people.take_number(whom, OLD, bank())
    with bulk_transaction() as cursor:
        cursor.execute("select phone_told from partner_link where phone_told is not null")
        words = [bytes(word) for (word,) in cursor.fetchall()]
    assert len({*words}) == 2
    assert all(OLD.encode() not in word for word in words)
