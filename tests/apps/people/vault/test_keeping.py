"""What is kept of people is sealed, opens in its own row alone, and is read by whoever may."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from vault_world import NAME, PHONE, somebody

from clean_database import Database
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people
from tanzhang.apps.people.vault import api as vault
from tanzhang.problems import Problem

pytestmark = pytest.mark.database


def kept(**fields: str) -> int:
    subject_id = somebody()
    with bulk_transaction() as cursor:
        vault.store(cursor, subject_id, fields)
    return subject_id


def own(subject_id: int) -> dict[str, str]:
    with bulk_transaction() as cursor:
        return vault.own(cursor, subject_id)


def refusal_of_reading(subject_id: int) -> str:
    with pytest.raises(Problem) as refused:
        own(subject_id)
    return refused.value.code


def run(database: Database, statement: str, *values: object) -> None:
    """What somebody does who has the database and not the keys."""
    with database.connect("owner") as owner:
        owner.execute(statement.encode(), values)


def test_she_reads_her_fields_whole_and_everybody_else_masked() -> None:
    ada, bo = kept(name=NAME, phone=PHONE), kept(name="王明", email="bo@example.cn")
    assert own(ada) == {"name": NAME, "phone": "+8613800000000"}
    with bulk_transaction() as cursor:
        assert vault.masked(cursor, [ada, bo, 999]) == {
            ada: {"name": "欧***", "phone": "138****0000"},
            bo: {"name": "王*", "email": "b***@e***.cn"},
        }
        assert vault.masked(cursor, [bo], ["name"]) == {bo: {"name": "王*"}}
        assert vault.own(cursor, ada, ["phone"]) == {"phone": "+8613800000000"}


def test_a_field_is_replaced_and_an_empty_text_takes_it_away() -> None:
    ada = kept(name=NAME, phone=PHONE, address="上海市世纪大道1号")
    with bulk_transaction() as cursor:
        vault.store(cursor, ada, {"name": "欧阳满", "phone": " "})
    assert own(ada) == {"name": "欧阳满", "address": "上海市世纪大道1号"}
    with bulk_transaction() as cursor:
        assert vault.find(cursor, "phone", PHONE) == []


def test_a_field_that_nobody_declared_is_not_kept_and_none_beside_it(database: Database) -> None:
    ada = somebody()
    with pytest.raises(Problem) as refused, bulk_transaction() as cursor:
        vault.store(cursor, ada, {"name": NAME, "password": "hunter2"})
    assert refused.value.code == "personal.field_undeclared"
    assert own(ada) == {}


def test_a_field_moved_to_another_person_does_not_open(database: Database) -> None:
    ada, bo = kept(name=NAME), kept(name="王明")
    run(
        database,
        "update personal_field set sealed = (select sealed from personal_field"
        " where subject_id = %s) where subject_id = %s",
        ada,
        bo,
    )
    assert refusal_of_reading(bo) == "personal.box_broken"


def test_a_field_moved_to_another_person_with_its_key_does_not_open(database: Database) -> None:
    ada, bo = kept(name=NAME), kept(name="王明")
    for table in ("personal_field", "person_key"):
        run(
            database,
            f"update {table} set sealed = (select sealed from {table} where subject_id = %s)"
            " where subject_id = %s",
            ada,
            bo,
        )
    assert refusal_of_reading(bo) == "personal.box_broken"


def test_a_field_moved_to_another_field_of_the_same_person_does_not_open(
    database: Database,
) -> None:
    ada = kept(name=NAME, employer="某某银行股份有限公司")
    run(
        database,
        "update personal_field set sealed = (select sealed from personal_field"
        " where subject_id = %s and field = 'name') where subject_id = %s and field = 'employer'",
        ada,
        ada,
    )
    assert refusal_of_reading(ada) == "personal.box_broken"


def test_a_field_of_another_installation_does_not_open(database: Database) -> None:
    ada = kept(name=NAME)
    public_id = "update installation set public_id = sha256(public_id)::bytea"
    run(database, "alter table installation disable trigger user")
    run(database, public_id.replace("sha256(public_id)::bytea", "substr(sha256(public_id), 1, 8)"))
    run(database, "alter table installation enable trigger user")
    assert refusal_of_reading(ada) == "personal.box_broken"


def test_every_byte_of_a_persons_key_and_of_a_field_counts(database: Database) -> None:
    ada = kept(name=NAME)
    for table in ("person_key", "personal_field"):
        with database.connect("owner") as owner:
            row = owner.execute(f"select sealed from {table}").fetchone()
            assert row is not None
            box = bytes(row[0])
        for place in range(len(box)):
            broken = box[:place] + bytes((box[place] ^ 1,)) + box[place + 1 :]
            run(database, f"update {table} set sealed = %s", broken)
            assert refusal_of_reading(ada) == "personal.box_broken", (table, place)
        run(database, f"update {table} set sealed = %s", box[:-1])
        assert refusal_of_reading(ada) == "personal.box_broken"
        run(database, f"update {table} set sealed = %s", box)
    assert own(ada) == {"name": NAME}


def test_whoever_shows_a_field_says_why_and_is_noted() -> None:
    ada = kept(name=NAME, phone=PHONE, address="上海市世纪大道1号")
    with bulk_transaction() as cursor:
        shown = vault.reveal(
            cursor, ada, ["phone", "name"], reader="operator:wang", reason="她来电求助"
        )
    assert shown == {"name": NAME, "phone": "+8613800000000"}
    with bulk_transaction() as cursor:
        cursor.execute("select subject_id, reader_kind, reader, fields, reason from access_log")
        assert cursor.fetchall() == [
            (ada, "staff", "operator:wang", ["name", "phone"], "她来电求助")
        ]


@pytest.mark.parametrize("reason", ["", "  ", "\n"])
def test_without_a_reason_nothing_is_shown_and_nothing_noted(reason: str) -> None:
    ada = kept(name=NAME)
    with pytest.raises(Problem) as refused, bulk_transaction() as cursor:
        vault.reveal(cursor, ada, ["name"], reader="operator:wang", reason=reason)
    assert refused.value.code == "personal.reason_missing"
    with bulk_transaction() as cursor:
        cursor.execute("select count(*) from access_log")
        assert cursor.fetchall() == [(0,)]


def test_other_rooms_seal_what_they_keep_of_a_person_in_columns_of_their_own() -> None:
    ada, bo = kept(name=NAME), kept(name="王明")
    with bulk_transaction() as cursor:
        box = vault.seal(cursor, ada, "appeal|17", b"words")
        assert vault.unseal(cursor, ada, "appeal|17", box) == b"words"
        for subject_id, label in ((ada, "appeal|18"), (bo, "appeal|17"), (ada, "field|name")):
            with pytest.raises(Problem) as refused:
                vault.unseal(cursor, subject_id, label, box)
            assert refused.value.code == "personal.box_broken"


def test_a_destroyed_key_leaves_nothing_and_never_comes_back() -> None:
    ada, bo = kept(name=NAME, phone=PHONE), kept(name="王明")
    with bulk_transaction() as cursor:
        box = vault.seal(cursor, ada, "appeal|17", b"words")
        assert vault.destroy_key(cursor, ada) == 2
        assert vault.destroy_key(cursor, ada) == 0
    with bulk_transaction() as cursor:
        assert vault.own(cursor, ada) == {}
        assert vault.find(cursor, "phone", PHONE) == []
        assert vault.own(cursor, bo) == {"name": "王明"}
        for attempt in (
            lambda: vault.unseal(cursor, ada, "appeal|17", box),
            lambda: vault.store(cursor, ada, {"name": NAME}),
        ):
            with pytest.raises(Problem) as refused:
                attempt()
            assert refused.value.code == "personal.key_destroyed"


def test_whoever_never_had_a_key_can_be_forgotten_too() -> None:
    ada = somebody()
    with bulk_transaction() as cursor:
        assert vault.destroy_key(cursor, ada) == 0
        with pytest.raises(Problem) as refused:
            vault.store(cursor, ada, {"name": NAME})
    assert refused.value.code == "personal.key_destroyed"


def test_fifty_people_of_a_list_are_masked_at_once() -> None:
    subject_ids = [kept(name=f"王{place}", phone=f"138{place:08d}") for place in range(50)]
    with bulk_transaction() as cursor:
        vault.masked(cursor, subject_ids)  # the master key is unwrapped once
        before = time.thread_time()
        shown = vault.masked(cursor, subject_ids, ["name", "phone"])
        took_s = time.thread_time() - before
    assert len(shown) == 50
    assert took_s < 0.5  # some milliseconds of the processor


def test_two_who_seal_something_first_at_the_same_moment_use_one_key(database: Database) -> None:
    ada, both = somebody(), threading.Barrier(2)

    def seal_first(field: str, text: str) -> None:
        try:
            with bulk_transaction() as cursor:
                cursor.execute("select count(*) from person_key")
                both.wait(20)
                vault.store(cursor, ada, {field: text})
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        told = [
            pool.submit(seal_first, "name", NAME),
            pool.submit(seal_first, "address", "上海市世纪大道1号"),
        ]
        for each in told:
            each.result(60)
    assert own(ada) == {"name": NAME, "address": "上海市世纪大道1号"}
    with database.connect("owner") as owner:
        assert owner.execute("select count(*) from master_key").fetchone() == (1,)


def test_the_rooms_above_find_the_vault_behind_the_front_door() -> None:
    assert people.vault is vault
