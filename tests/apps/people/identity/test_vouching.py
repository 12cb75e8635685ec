"""Hosts vouch for who a person is; a phone proves nobody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from people_groups import account
from people_world import bank, bikes

from clean_database import Database
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people
from tanzhang.problems import Problem

NUMBER = "11010519491231002X"

#: When her eighteenth birthday begins in China.
EIGHTEEN = datetime(1967, 12, 30, 16, tzinfo=UTC)
TODAY = datetime(2026, 11, 21, tzinfo=UTC)


def vouch(owner: people.AccountEntry, number: str = NUMBER, factor: str = "id_number") -> None:
    people.vouch(owner, bank(), factor, people.identity_digest(factor, number))


def shared(one: people.AccountEntry, other: people.AccountEntry) -> str:
    with bulk_transaction() as cursor:
        return people.shared_factor(cursor, one, other)


@pytest.mark.database
def test_a_number_is_turned_into_a_digest_however_it_is_written() -> None:
    one = people.identity_digest("id_number", NUMBER)
    assert one == people.identity_digest("id_number", " 110105 19491231-002x ")
    assert one != people.identity_digest("card_holder", NUMBER)
    assert len(bytes.fromhex(one)) == 32


@pytest.mark.database
@pytest.mark.parametrize("number", ["", "12345", "x" * 41, "110105'; --", "证件"])
def test_what_is_no_number_is_refused_and_not_repeated(number: str) -> None:
    with pytest.raises(Problem, match="number_malformed") as refused:
        people.identity_digest("id_number", number)
    assert refused.value.details == {}


@pytest.mark.database
@pytest.mark.usefixtures("lake")
def test_the_same_number_on_both_sides_is_a_second_factor() -> None:
    ada, too = account("ada"), account("ada-too")
    vouch(ada)
    with pytest.raises(Problem, match="factor_missing"):
        shared(ada, too)
    vouch(too)
    assert shared(ada, too) == "id_number"
    assert people.vouchers(ada.id) == {"id_number": [bank()]}


@pytest.mark.database
@pytest.mark.usefixtures("lake")
def test_the_same_phone_is_no_factor_at_all() -> None:
    ada, too = account("ada"), account("ada-too")
    for owner in (ada, too):
        people.link_phone(owner, "13800000001")
    with pytest.raises(Problem, match="factor_missing"):
        shared(ada, too)


@pytest.mark.database
@pytest.mark.usefixtures("lake")
def test_two_numbers_are_two_persons() -> None:
    ada, bo = account("ada"), account("bo")
    vouch(ada)
    vouch(bo, "110105199003070011")
    with pytest.raises(Problem, match="persons_differ"):
        shared(ada, bo)


@pytest.mark.database
@pytest.mark.usefixtures("lake")
def test_one_number_that_agrees_does_not_outweigh_one_that_differs() -> None:
    ada, bo = account("ada"), account("bo")
    for owner, number in ((ada, NUMBER), (bo, "110105199003070011")):
        vouch(owner, "6222020000000000", "card_holder")
        vouch(owner, number)
    with pytest.raises(Problem, match="persons_differ"):
        shared(ada, bo)


@pytest.mark.database
@pytest.mark.usefixtures("lake")
def test_what_contradicts_an_earlier_word_changes_nothing() -> None:
    ada, too = account("ada"), account("ada-too")
    vouch(ada)
    with pytest.raises(Problem, match="vouched_otherwise"):
        people.vouch(ada, bikes(), "id_number", people.identity_digest("id_number", "990099009"))
    vouch(too)
    assert shared(ada, too) == "id_number"
    assert people.vouchers(ada.id) == {"id_number": [bank()]}


@pytest.mark.database
@pytest.mark.usefixtures("lake")
def test_the_number_and_its_digest_stand_nowhere_in_the_clear(database: Database) -> None:
    ada = account("ada")
    vouch(ada)
    digest = people.identity_digest("id_number", NUMBER)
    with database.connect("owner") as owner:
        rows = owner.execute("select row_to_json(f)::text from personal_field f").fetchall()
        rows += owner.execute("select row_to_json(v)::text from identity_vouch v").fetchall()
    assert len(rows) > 1
    assert not [text for (text,) in rows if NUMBER in text or digest in text]
    assert [(entry.kind, entry.about) for entry in people.identity_history(ada.id)] == [
        (people.EventKind.VOUCHED, bank())
    ]


@pytest.mark.parametrize(
    ("number", "now", "says"),
    [
        ("11010519491231002X", TODAY, True),
        ("110105 19491231 002x", EIGHTEEN, True),  # on her eighteenth birthday
        ("11010519491231002X", EIGHTEEN - timedelta(microseconds=1), False),
        ("110105194912310021", TODAY, False),  # misspelt: the last sign is wrong
        ("110105194913310021", TODAY, False),  # the sign is right, and no such month
        ("6222020000000000", TODAY, False),  # a card says nothing of the kind
    ],
)
def test_a_residents_number_says_who_is_of_age(number: str, now: datetime, says: bool) -> None:
    assert people.shows_of_age(number, now) is says


@pytest.mark.database
@pytest.mark.usefixtures("lake")
def test_that_she_is_of_age_is_noted_without_her_birthday(database: Database) -> None:
    ada = account("ada")
    people.vouch_of_age(ada, bank())
    people.vouch_of_age(ada, bank())
    assert people.vouchers(ada.id) == {people.ADULT: [bank()]}
    with bulk_transaction() as cursor:
        assert people.vault.own(cursor, ada.subject_id) == {}
