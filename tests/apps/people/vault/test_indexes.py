"""People are found by a value that the database does not hold, and by nothing that is like it."""

from __future__ import annotations

import pytest
from vault_world import NAME, PHONE, somebody

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.vault import api as vault
from tanzhang.apps.people.vault.indexes import index_keys, index_of, make_index_key
from tanzhang.problems import Problem

pytestmark = pytest.mark.database


def test_a_person_is_found_by_her_number_however_it_is_typed() -> None:
    ada, bo = somebody(), somebody()
    with bulk_transaction() as cursor:
        vault.store(cursor, ada, {"phone": PHONE, "email": "Ada@Example.cn"})
        vault.store(cursor, bo, {"phone": "13800000001"})
        assert vault.find(cursor, "phone", "+86 138-0000-0000") == [ada]
        assert vault.find(cursor, "phone", "１３８００００００００") == [ada]
        assert vault.find(cursor, "phone", "13800000002") == []
        assert vault.find(cursor, "email", " ada@example.CN ") == [ada]


def test_two_people_with_one_number_are_both_found() -> None:
    ada, bo = somebody(), somebody()
    with bulk_transaction() as cursor:
        for subject_id in (ada, bo):
            vault.store(cursor, subject_id, {"phone": PHONE})
        assert vault.find(cursor, "phone", PHONE) == [ada, bo]


def test_a_value_of_one_field_finds_nobody_by_another() -> None:
    ada = somebody()
    with bulk_transaction() as cursor:
        vault.store(cursor, ada, {"guardian_phone": PHONE, "recovery_phone": PHONE})
        assert vault.find(cursor, "phone", PHONE) == []
        assert vault.find(cursor, "recovery_phone", PHONE) == [ada]
        phone = vault.blind_index(cursor, "phone", PHONE)
        recovery = vault.blind_index(cursor, "recovery_phone", PHONE)
    assert not {*phone.every} & {*recovery.every}


def test_where_a_fields_name_ends_is_part_of_the_index() -> None:
    assert index_of(bytes(32), "ab", "c") != index_of(bytes(32), "a", "bc")


def test_nobody_is_found_by_a_field_that_is_not_declared_to_be_found_by() -> None:
    with pytest.raises(Problem) as refused, bulk_transaction() as cursor:
        vault.find(cursor, "name", NAME)
    assert refused.value.code == "personal.field_not_indexed"


def test_while_one_index_key_follows_another_people_are_found_by_both() -> None:
    ada, bo = somebody(), somebody()
    with bulk_transaction() as cursor:
        vault.store(cursor, ada, {"phone": PHONE})
        before = vault.blind_index(cursor, "phone", PHONE)
        make_index_key(cursor)
        after = vault.blind_index(cursor, "phone", PHONE)
        assert after.every == (after.newest, before.newest)
        assert after.key_id > before.key_id
        assert vault.find(cursor, "phone", PHONE) == [ada]
        vault.store(cursor, bo, {"phone": PHONE})
        assert vault.find(cursor, "phone", PHONE) == [ada, bo]


def test_the_key_of_the_indexes_is_not_in_the_database_but_sealed() -> None:
    with bulk_transaction() as cursor:
        keys = index_keys(cursor)
        cursor.execute("select sealed from index_key")
        (box,) = cursor.fetchall()[0]
    assert len(keys.keys[0]) == 32
    assert keys.keys[0] not in bytes(box)
    assert keys.keys[0].hex() not in repr(keys)
