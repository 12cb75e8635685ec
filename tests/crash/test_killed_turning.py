"""Whoever turns personal keys dies at any step; everybody is read and found, before and after."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

import pytest

from clean_database import Database
from crash.processes import ended, ran, started
from crash.test_killed_processes import TURNING, dying_at
from river.books import ask
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.api import installation_secret, vault

pytestmark = pytest.mark.database

REWRAP = (sys.executable, "-m", "tanzhang", "key", "rewrap", "--anew", "--json")
REWRAP_ON = (sys.executable, "-m", "tanzhang", "key", "rewrap", "--json")
REINDEX = (sys.executable, "-m", "tanzhang", "key", "reindex", "--json")
REINDEX_ANEW = (*REINDEX[:-1], "--anew", "--json")

#: More people than one part of the work takes.
PEOPLE = 1100

#: At which passage of a point a process dies, so that some keys have moved and others have not: the
#: first two are those of the only index key.
KEYS = {"turn.master_made": 1, "turn.before_commit": 4, "turn.after_commit": 3}
INDEXES = {"reindex.before_commit": 2, "reindex.after_commit": 1}


def number(place: int) -> str:
    return f"+86138{place:08d}"


@pytest.fixture
def everybody(database: Database) -> list[int]:
    with bulk_transaction() as cursor:
        cursor.execute(
            "insert into subject (key) select %s from generate_series(1, %s) returning id",
            [os.urandom(32), PEOPLE],
        )
        subject_ids = sorted(row[0] for row in cursor.fetchall())
        for place, subject_id in enumerate(subject_ids):
            vault.store(cursor, subject_id, {"phone": number(place)})
    return subject_ids


@pytest.fixture
def secret(database: Database) -> bytes:
    """The secret of all keyed hashes; it is turned after everybody's key."""
    return installation_secret()


def assert_all_are_read_and_found(everybody: list[int]) -> None:
    with bulk_transaction() as cursor:
        shown = vault.masked(cursor, everybody, ["phone"])
        assert len(shown) == PEOPLE
        for place in range(0, PEOPLE, 50):
            assert vault.own(cursor, everybody[place]) == {"phone": number(place)}
            assert vault.find(cursor, "phone", number(place)) == [everybody[place]]


@pytest.mark.parametrize(("point", "passage"), KEYS.items())
def test_keys_that_were_being_turned_are_turned_by_the_next(
    point: str, passage: int, everybody: list[int], secret: bytes, tmp_path: Path
) -> None:
    code, said = ended(started(REWRAP, dying_at(point, tmp_path / "fired", passage)))
    assert code == -signal.SIGKILL, said
    assert (tmp_path / "fired").exists()
    assert_all_are_read_and_found(everybody)
    with bulk_transaction() as cursor:
        left = vault.keys_left(cursor)
    before = ask("select subject_id, sealed from personal_field order by 1")
    answer = json.loads(ran(REWRAP_ON))
    assert answer == {"moved": left, "broken": 0}
    assert left == (PEOPLE + 2 if point == "turn.master_made" else PEOPLE - 999)
    assert ask("select distinct master_id from person_key") == [(2,)]
    assert ask("select master_id from installation_secret") == [(2,)]
    assert installation_secret() == secret
    assert ask("select subject_id, sealed from personal_field order by 1") == before
    assert_all_are_read_and_found(everybody)


@pytest.mark.parametrize(("point", "passage"), INDEXES.items())
def test_people_whose_indexes_were_being_made_anew_are_found_throughout(
    point: str, passage: int, everybody: list[int], tmp_path: Path, database: Database
) -> None:
    assert json.loads(ran(REINDEX_ANEW))["moved"] == 0
    with database.connect("owner") as owner:
        owner.execute("update index_key set made_at = made_at - interval '2 minutes'")
    code, said = ended(started(REINDEX, dying_at(point, tmp_path / "fired", passage)))
    assert code == -signal.SIGKILL, said
    assert_all_are_read_and_found(everybody)
    left = ask("select count(*) from personal_field where index_key_id = 1")[0][0]
    assert left == PEOPLE - 1000
    answer = json.loads(ran(REINDEX))
    assert answer == {"moved": left, "broken": 0, "gone": 1}
    assert ask("select distinct index_key_id from personal_field") == [(2,)]
    assert_all_are_read_and_found(everybody)


def test_every_point_at_which_keys_are_turned_is_tried() -> None:
    assert [*INDEXES, *KEYS] == TURNING
