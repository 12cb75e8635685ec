"""The chain of keys begins in the key store; without it nothing opens, and it says so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from vault_world import NAME, somebody

from clean_database import Database
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.vault import api as vault, masters
from tanzhang.config.own_keys import key_store
from tanzhang.crypto import Purpose, open_store
from tanzhang.problems import Problem

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
def as_in_a_new_process() -> Iterator[None]:
    masters.unwrapped.cache_clear()
    yield
    masters.unwrapped.cache_clear()


def test_the_first_master_key_is_made_when_something_is_first_sealed(database: Database) -> None:
    ada = somebody()
    with bulk_transaction() as cursor:
        cursor.execute("select count(*) from master_key")
        assert cursor.fetchall() == [(0,)]
        vault.store(cursor, ada, {"name": NAME})
        vault.store(cursor, ada, {"address": "上海"})
        cursor.execute("select key_id from master_key")
        assert cursor.fetchall() == [(key_store().current(Purpose.PERSON).key_id,)]


def test_a_master_key_lies_in_the_database_wrapped_alone() -> None:
    with bulk_transaction() as cursor:
        master = masters.newest_master(cursor)
        cursor.execute("select wrapped from master_key")
        (wrapped,) = cursor.fetchall()[0]
    assert len(master.key) == 16
    assert master.key not in bytes(wrapped)
    assert master.key.hex() not in repr(master)


def test_another_key_store_opens_nothing_and_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = somebody()
    with bulk_transaction() as cursor:
        vault.store(cursor, ada, {"name": NAME})
    masters.unwrapped.cache_clear()
    other = open_store(tmp_path, {})
    other.current(Purpose.PERSON)
    monkeypatch.setattr(masters, "key_store", lambda: other)
    for attempt in (
        lambda cursor: vault.own(cursor, ada),
        lambda cursor: vault.store(cursor, somebody(), {"name": NAME}),
        lambda cursor: vault.find(cursor, "phone", "13800000000"),
    ):
        with pytest.raises(Problem) as refused, bulk_transaction() as cursor:
            attempt(cursor)
        assert refused.value.code == "personal.master_key_lost"


def test_a_wrapped_master_key_that_was_changed_is_refused(database: Database) -> None:
    ada = somebody()
    with bulk_transaction() as cursor:
        vault.store(cursor, ada, {"name": NAME})
    with database.connect("owner") as owner:
        owner.execute("update master_key set wrapped = set_byte(wrapped, length(wrapped) - 1, 0)")
        owner.execute("update master_key set wrapped = set_byte(wrapped, length(wrapped) - 2, 0)")
    with pytest.raises(Problem) as refused, bulk_transaction() as cursor:
        vault.own(cursor, ada)
    assert refused.value.code == "personal.master_key_lost"


def test_a_key_that_wraps_no_personal_data_cannot_stand_in(database: Database) -> None:
    with bulk_transaction() as cursor:
        masters.newest_master(cursor)
    masters.unwrapped.cache_clear()
    signing = key_store().current(Purpose.SIGN).key_id
    with database.connect("owner") as owner:
        owner.execute("update master_key set key_id = %s", [signing])
    with pytest.raises(Problem) as refused, bulk_transaction() as cursor:
        masters.newest_master(cursor)
    assert refused.value.code == "crypto.purpose_wrong"


def test_opening_a_master_key_asks_the_key_store_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def counted() -> object:
        asked.append(1)
        return key_store()

    ada = somebody()
    with bulk_transaction() as cursor:
        vault.store(cursor, ada, {"name": NAME})
        masters.unwrapped.cache_clear()
        monkeypatch.setattr(masters, "key_store", counted)
        for _ in range(10):
            vault.own(cursor, ada)
    assert len(asked) == 1
