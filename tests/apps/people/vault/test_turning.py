"""A new master key opens everything, and at no moment does anything not open."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections
from vault_world import NAME, somebody

from clean_database import Database
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.vault import api as vault, masters, turning
from tanzhang.config.own_keys import key_store
from tanzhang.crypto import Purpose

pytestmark = pytest.mark.database


def people(count: int) -> list[int]:
    subject_ids = [somebody() for _ in range(count)]
    with bulk_transaction() as cursor:
        for place, subject_id in enumerate(subject_ids):
            vault.store(cursor, subject_id, {"name": f"{NAME}{place}", "phone": f"138{place:08d}"})
    return subject_ids


def stored(database: Database, question: str) -> list[tuple[object, ...]]:
    with database.connect("owner") as owner:
        return owner.execute(question.encode()).fetchall()


FIELDS = "select subject_id, field, sealed, stored_at from personal_field order by 1, 2"
UNDER = "select distinct master_id from person_key union select master_id from index_key"


def all_open(subject_ids: list[int]) -> bool:
    with bulk_transaction() as cursor:
        names = [vault.own(cursor, one)["name"] for one in subject_ids]
        found = [vault.find(cursor, "phone", f"138{n:08d}") for n in range(len(subject_ids))]
    return names == [f"{NAME}{place}" for place in range(len(subject_ids))] and found == [
        [one] for one in subject_ids
    ]


def test_every_key_goes_under_the_new_master_key_and_no_field_is_touched(
    database: Database,
) -> None:
    subject_ids = people(30)
    before = stored(database, FIELDS)
    done = vault.turn_keys(anew=True)
    assert (done.moved, done.broken, done.is_whole) == (31, 0, True)
    assert stored(database, FIELDS) == before
    assert stored(database, UNDER) == [(2,)]
    assert all_open(subject_ids)


def test_a_run_without_need_writes_nothing(database: Database) -> None:
    people(3)
    keys = "select subject_id, sealed, xmin::text from person_key order by 1"
    before = stored(database, keys)
    assert vault.turn_keys().moved == 0
    assert stored(database, keys) == before


def test_a_run_before_anything_was_sealed_is_no_fault(database: Database) -> None:
    done = vault.turn_keys()
    assert (done.moved, done.is_whole) == (0, True)


def test_after_the_key_store_was_rotated_the_next_run_follows(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject_ids = people(2)
    store = key_store()
    old = store.current(Purpose.PERSON)
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    new = store.create(Purpose.PERSON, active_from=tomorrow)
    try:
        assert vault.turn_keys().moved == 0  # announced, not in use
        monkeypatch.setattr(store, "_clock", lambda: tomorrow)
        assert vault.turn_keys().moved == 3
        under = stored(database, "select key_id from master_key order by id")
        assert under == [(old.key_id,), (new.key_id,)]
        masters.unwrapped.cache_clear()
        assert all_open(subject_ids)
    finally:
        key_store().retire(new.key_id, datetime.now(UTC))


def test_a_run_that_was_broken_off_leaves_both_readable_and_is_gone_on_with(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject_ids = people(25)
    monkeypatch.setattr(turning, "AT_ONCE", 10)
    asked = iter([False, False, False, True])
    done = vault.turn_keys(anew=True, should_stop=lambda: next(asked))
    assert (done.moved, done.is_whole) == (11, False)
    assert stored(database, UNDER) == [(1,), (2,)] or stored(database, UNDER) == [(2,), (1,)]
    with bulk_transaction() as cursor:
        assert vault.keys_left(cursor) == 15
    assert all_open(subject_ids)
    assert vault.turn_keys().moved == 15
    with bulk_transaction() as cursor:
        assert vault.keys_left(cursor) == 0
    assert all_open(subject_ids)


def test_people_come_and_read_while_keys_are_turned(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject_ids = people(40)
    monkeypatch.setattr(turning, "AT_ONCE", 3)
    failed: list[BaseException] = []
    over = threading.Event()

    def visit() -> None:
        try:
            while not over.is_set():
                assert all_open(subject_ids)
                ada = somebody()
                with bulk_transaction() as cursor:
                    vault.store(cursor, ada, {"name": NAME})
                with bulk_transaction() as cursor:
                    assert vault.own(cursor, ada) == {"name": NAME}
        except BaseException as error:
            failed.append(error)
        finally:
            connections.close_all()

    visitor = threading.Thread(target=visit)
    visitor.start()
    for _ in range(3):
        assert vault.turn_keys(anew=True).broken == 0
    over.set()
    visitor.join(60)
    assert failed == []
    vault.turn_keys()  # whoever came while the last run was under way
    assert stored(database, UNDER) == [(4,)]


def test_a_key_that_somebody_tampered_with_is_counted_and_keeps_nobody_else_waiting(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turning, "AT_ONCE", 2)
    first, *others = people(5)
    with database.connect("owner") as owner:
        owner.execute(
            "update person_key set sealed = set_byte(sealed, 20, 255 - get_byte(sealed, 20))"
            " where subject_id = %s",
            [first],
        )
    done = vault.turn_keys(anew=True)
    assert (done.moved, done.broken, done.is_whole) == (5, 1, True)
    with bulk_transaction() as cursor:
        assert [vault.own(cursor, one)["name"][:4] for one in others] == [NAME] * 4


def test_destroyed_keys_stay_destroyed(database: Database) -> None:
    ada, _ = people(2)
    with bulk_transaction() as cursor:
        vault.destroy_key(cursor, ada)
    assert vault.turn_keys(anew=True).moved == 2
    assert stored(database, "select sealed from person_key where destroyed_at is not null") == [
        (None,)
    ]
