"""A number that is given out again opens its new owner's account, and never its old one's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from people_groups import account
from people_world import bank, bikes

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people
from tanzhang.problems import Problem

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]

OLD, NEW = "13800000001", "13800000002"
Kind = people.EventKind


def code(phone: str) -> tuple[int, str]:
    asked = people.ask_code(phone, "192.0.2.1", to_anybody=True)
    assert asked.shown is not None
    return asked.id, asked.shown


def test_the_old_number_proves_and_the_new_one_opens() -> None:
    ada = account("ada")
    people.link_phone(ada, OLD)
    people.prove_old_number(ada, *code(OLD))
    people.change_number(ada, *code(NEW))
    assert (people.account_of_phone(NEW), people.account_of_phone(OLD)) == (ada.id, None)
    assert [entry.kind for entry in people.identity_history(ada.id)] == [Kind.NUMBER_CHANGED]


def test_another_number_proves_nothing() -> None:
    ada, bo = account("ada"), account("bo")
    people.link_phone(ada, OLD)
    people.link_phone(bo, NEW)
    with pytest.raises(Problem, match="number_not_old"):
        people.prove_old_number(ada, *code(NEW))
    with pytest.raises(Problem, match="number_not_old"):
        people.prove_old_number(ada, *code("13800000003"))
    asked, _ = code(OLD)
    with pytest.raises(Problem, match="code_wrong"):
        people.prove_old_number(ada, asked, "x")


def test_a_number_that_was_given_out_again_leaves_the_earlier_account() -> None:
    ada, bo = account("ada"), account("bo")
    people.link_phone(ada, OLD)
    people.change_number(bo, *code(OLD))
    assert people.account_of_phone(OLD) == bo.id
    assert not people.has_phone(ada.id)
    assert [entry.kind for entry in people.identity_history(ada.id)] == [Kind.NUMBER_LOST]
    assert people.check_code(*code(OLD)) == bo.id


def test_a_host_that_has_just_sent_her_stands_for_the_old_number() -> None:
    ada, now = account("ada"), timezone.now()
    assert people.host_stands_for_it(ada, bank(), now, now + timedelta(minutes=15))
    assert not people.host_stands_for_it(ada, bank(), now, now + timedelta(minutes=16))


def test_a_host_that_was_let_in_today_neither_stands_for_a_number_nor_tells_one() -> None:
    ada, now = account("ada"), timezone.now()
    with bulk_transaction() as cursor:
        people.note_identity(cursor, ada.id, Kind.HOST_ADDED, about=bikes(), at=now)
    soon, tomorrow = now + timedelta(hours=23), now + timedelta(hours=25)
    assert not people.host_stands_for_it(ada, bikes(), soon, soon)
    assert people.host_stands_for_it(ada, bank(), soon, soon)
    assert not people.take_number(ada, NEW, bikes(), soon)
    assert not people.has_phone(ada.id)
    assert people.host_stands_for_it(ada, bikes(), tomorrow, tomorrow)
    assert people.take_number(ada, NEW, bikes(), tomorrow)
    assert people.account_of_phone(NEW) == ada.id


def test_the_history_knows_which_host_told_a_new_number() -> None:
    ada = account("ada")
    assert people.take_number(ada, NEW, bank())
    assert not people.take_number(ada, NEW, bank())  # she comes from her bank every day
    (entry,) = people.identity_history(ada.id)
    assert (entry.kind, entry.by, entry.about) == (Kind.NUMBER_CHANGED, "host", bank())
