"""A new index key finds everybody whom the old one found, at every moment between."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone
from people_world import opening

from clean_database import Database
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people, reindexing
from tanzhang.apps.people.phones import phone_index
from tanzhang.apps.people.reindexing import KNOWN_AFTER, Reindexed, indexes_left, reindex

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]


def numbers(count: int) -> list[str]:
    return [f"+86100{place:08d}" for place in range(count)]


def joined(count: int) -> list[int]:
    opened = [
        people.open_account(replace(opening(f"person-{number}"), phone=number))[0]
        for number in numbers(count)
    ]
    return [account.id for account in opened]


def found(count: int) -> list[int | None]:
    return [people.account_of_phone(number) for number in numbers(count)]


def later() -> Reindexed:
    return reindex(at=timezone.now() + KNOWN_AFTER)


def left() -> int:
    with bulk_transaction() as cursor:
        return indexes_left(cursor)


def keys(database: Database) -> list[tuple[object, ...]]:
    with database.connect("owner") as owner:
        return owner.execute("select id from index_key order by id").fetchall()


def test_everybody_is_found_before_during_and_after(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reindexing, "AT_ONCE", 2)
    accounts = joined(5)
    assert found(5) == accounts
    made = reindex(anew=True)
    assert (made.moved, found(5), left()) == (0, accounts, 10)
    asked = iter([False, False, False, False, False, True])
    broken_off = reindex(at=timezone.now() + KNOWN_AFTER, should_stop=lambda: next(asked))
    assert (broken_off.moved, broken_off.keys_gone) == (7, 0)
    assert (found(5), left(), len(keys(database))) == (accounts, 3, 2)
    rest = later()
    assert (rest.moved, rest.broken, rest.keys_gone) == (3, 0, 1)
    assert (found(5), left(), keys(database)) == (accounts, 0, [(2,)])


def test_nothing_of_the_old_index_is_left(database: Database) -> None:
    joined(2)
    with database.connect("owner") as owner:
        question = (
            "select phone_index from phone_login union select blind_index from personal_field"
        )
        before = set(owner.execute(question.encode()).fetchall())
        owner.commit()
        reindex(anew=True)
        later()
        after = set(owner.execute(question.encode()).fetchall())
    assert len(before) == len(after) == 2
    assert not before & after


def test_a_key_is_used_for_a_minute_before_anything_moves() -> None:
    joined(1)
    reindex(anew=True)
    assert reindex().moved == 0
    assert reindex(at=timezone.now() + KNOWN_AFTER - timedelta(seconds=5)).moved == 0
    assert later().moved == 2


def test_a_number_that_is_given_away_meanwhile_opens_one_account() -> None:
    joined(1)
    reindex(anew=True)
    (number,) = numbers(1)
    newer, _ = people.open_account(replace(opening("newer"), phone=number))
    assert found(1) == [newer.id]
    later()
    assert found(1) == [newer.id]


def test_a_code_that_was_asked_for_before_lets_in_after(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANZHANG_CODES", "demo")
    (account,) = joined(1)
    (number,) = numbers(1)
    asked = people.ask_code(number, "192.0.2.1")
    assert asked.shown is not None
    reindex(anew=True)
    later()
    assert people.check_code(asked.id, asked.shown) == account


def test_the_limit_of_codes_for_one_phone_holds_across_keys(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TANZHANG_CODES", "demo")
    (number,) = numbers(1)
    for _ in range(3):
        people.ask_code(number, "192.0.2.1")
    reindex(anew=True)
    for _ in range(2):
        people.ask_code(number, "192.0.2.2")
    from tanzhang.problems import Problem

    with pytest.raises(Problem) as refused:
        people.ask_code(number, "192.0.2.3")
    assert refused.value.code == "people.codes_too_many"


def test_a_number_from_before_the_vault_is_found_and_sealed_when_it_comes_again(
    database: Database,
) -> None:
    (account,) = joined(1)
    (number,) = numbers(1)
    older = phone_index(people.installation_secret(), number)
    with database.connect("owner") as owner:
        owner.execute(
            "update phone_login set phone_index = %s, index_key_id = null, sealed = null", [older]
        )
    assert found(1) == [account]
    reindex(anew=True)
    assert (later().moved, found(1), left()) == (1, [account], 1)
    entry = people.account_numbered(account)
    assert entry is not None
    people.link_phone(entry, number)
    assert (found(1), left()) == ([account], 0)
    with database.connect("owner") as owner:
        rows = owner.execute("select phone_index, index_key_id from phone_login").fetchall()
    assert [(bytes(index) == older, key) for index, key in rows] == [(False, 2)]


def test_what_does_not_open_is_counted_and_its_key_stays(database: Database) -> None:
    joined(2)
    with database.connect("owner") as owner:
        owner.execute(
            "update phone_login set sealed = set_byte(sealed, 20, 255 - get_byte(sealed, 20))"
            " where account_id = (select min(account_id) from phone_login)"
        )
    reindex(anew=True)
    done = later()
    assert (done.moved, done.broken, done.keys_gone) == (3, 1, 0)
    assert len(keys(database)) == 2
