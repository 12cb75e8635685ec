"""The secret of all keyed hashes lies in no dump and stays the same under every master key."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from apps_world import RECEIVED_US, report, ride
from django.db import connections

from clean_database import Database
from tanzhang.apps.activities.api import accept
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people
from tanzhang.apps.people.vault import api as vault, masters
from tanzhang.config.own_keys import key_store
from tanzhang.config.postgres.binaries import program
from tanzhang.crypto import Purpose, open_store
from tanzhang.problems import Problem

pytestmark = pytest.mark.database

BOX = "select master_id, sealed from installation_secret"


def as_in_a_new_process() -> None:
    masters.unwrapped.cache_clear()
    masters.opened_under.cache_clear()


@pytest.fixture(autouse=True)
def _nothing_is_open_yet() -> Iterator[None]:
    as_in_a_new_process()
    yield
    as_in_a_new_process()


def stored(database: Database, question: str) -> list[tuple[object, ...]]:
    with database.connect("owner") as owner:
        return owner.execute(question.encode()).fetchall()


def take(**changes: object) -> int:
    """Let the bikes report a ride of ada's; how many accounts there are then."""
    accept(
        report(ride(**changes)),
        partner="bikes",
        programme="lake",
        received_us=RECEIVED_US,
        enrol=True,
    )
    return len(people.accounts())


def whole_dump() -> bytes:
    """Every table of the database as PostgreSQL's own tool writes it out, bytes in hexadecimal."""
    pg_dump, where = str(program("pg_dump")), os.environ["DATABASE_OWNER_URL"]
    done = subprocess.run([pg_dump, "--dbname", where], capture_output=True, check=True)
    return done.stdout


@pytest.mark.usefixtures("lake")
def test_a_whole_dump_holds_no_secret_by_which_a_guess_could_be_tested() -> None:
    assert take() == 1
    secret = people.installation_secret()
    [ref] = people.person_refs(secret, "bikes", ["ada"])
    dump = whole_dump()
    assert ref.hex().encode() in dump  # what is stored is seen in it
    assert secret.hex().encode() not in dump
    assert secret not in dump
    with bulk_transaction() as cursor:
        assert masters.newest_master(cursor).key.hex().encode() not in dump


def test_it_is_drawn_when_it_is_first_asked_for_and_is_the_same_for_all(
    database: Database,
) -> None:
    assert stored(database, BOX) == []

    def ask(_: int) -> bytes:
        try:
            return people.installation_secret()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        answers = {*pool.map(ask, range(8))}
    assert answers == {people.installation_secret()}
    assert [len(secret) for secret in answers] == [32]
    assert len(stored(database, BOX)) == 1


def test_a_new_installation_in_the_same_process_has_another(database: Database) -> None:
    before = people.installation_secret()
    with database.connect("owner") as owner:
        owner.execute("delete from installation_secret")
    assert people.installation_secret() != before


@pytest.mark.usefixtures("lake")
def test_a_new_master_key_takes_the_same_secret_over_and_all_references_stay(
    database: Database,
) -> None:
    assert take() == 1
    secret, box = people.installation_secret(), stored(database, BOX)
    assert vault.turn_keys(anew=True).broken == 0
    with bulk_transaction() as cursor:
        assert vault.keys_left(cursor) == 0
    assert [row[0] for row in stored(database, BOX)] == [2]
    assert stored(database, BOX)[0][1] != box[0][1]
    as_in_a_new_process()
    assert people.installation_secret() == secret
    assert take(external_id="r2", person="ada") == 1  # she is known again


def test_a_secret_under_an_older_master_key_is_counted_until_it_has_moved() -> None:
    people.installation_secret()
    done = vault.turn_keys(anew=True, should_stop=iter([False, False, True]).__next__)
    assert not done.is_whole
    with bulk_transaction() as cursor:
        assert vault.keys_left(cursor) == 1
    assert vault.turn_keys().moved == 1


def test_its_box_is_opened_once_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    people.installation_secret()
    as_in_a_new_process()
    asked = []

    def counted() -> object:
        asked.append(1)
        return key_store()

    monkeypatch.setattr(masters, "key_store", counted)
    assert len({people.installation_secret() for _ in range(10)}) == 1
    assert len(asked) == 1


@pytest.mark.usefixtures("lake")
def test_a_key_store_without_the_key_says_so_and_no_other_secret_is_drawn(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert take() == 1
    box = stored(database, BOX)
    as_in_a_new_process()
    other = open_store(tmp_path, {})
    other.current(Purpose.PERSON)
    monkeypatch.setattr(masters, "key_store", lambda: other)
    for attempt in (people.installation_secret, lambda: take(external_id="r2")):
        with pytest.raises(Problem) as refused:
            attempt()
        assert refused.value.code == "personal.master_key_lost"
        assert "key store lacks the key" in refused.value.part("what", "en")
        assert "密钥库中缺少密钥" in refused.value.part("what", "zh")
    with pytest.raises(Problem, match=r"personal\.master_key_lost"), bulk_transaction() as cursor:
        vault.refuse_locked(cursor)
    assert stored(database, BOX) == box


def test_a_box_that_somebody_changed_does_not_open(database: Database) -> None:
    people.installation_secret()
    with database.connect("owner") as owner:
        owner.execute(
            "update installation_secret"
            " set sealed = set_byte(sealed, 20, 255 - get_byte(sealed, 20))"
        )
    with pytest.raises(Problem, match=r"personal\.box_broken"):
        people.installation_secret()


def test_whether_it_is_locked_is_asked_of_the_cursor_that_is_given(database: Database) -> None:
    people.installation_secret()
    with database.connect("owner") as owner, owner.cursor() as cursor:
        vault.refuse_locked(cursor)
        cursor.execute(
            "update installation_secret"
            " set sealed = set_byte(sealed, 20, 255 - get_byte(sealed, 20))"
        )
        with pytest.raises(Problem, match=r"personal\.box_broken"):
            vault.refuse_locked(cursor)
        owner.rollback()
        vault.refuse_locked(cursor)
