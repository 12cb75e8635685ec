"""Lists of people: loaded line by line, kept as keyed hashes, asked for one person at a time."""

from __future__ import annotations

import pytest
from joining_world import JOINING, bank_ref, opened, programme
from people_world import bank

from clean_database import Database
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.api import link_phone
from tanzhang.apps.people.joining.lists import (
    account_is_listed,
    list_sizes,
    load_list,
    phone_is_listed,
    ref_is_listed,
)
from tanzhang.problems import Problem

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]

STAFF, GUESTS = JOINING.lists["staff"], JOINING.lists["guests"]


def test_each_line_is_added_known_or_wrong() -> None:
    rows = ["10000000001", "", "+86 100 0000 0002", "10000000001", "hello"]
    told = [(row.line, row.result) for row in load_list(programme(), STAFF, rows)]
    assert told == [
        (1, "added"), (3, "added"), (4, "known"), (5, "people.phone_malformed"),
    ]  # fmt: skip
    assert list_sizes(programme()) == {"staff": 2}


def test_a_phone_is_found_however_it_was_typed_and_on_its_own_list_alone() -> None:
    load_list(programme(), STAFF, ["10000000001"])
    with bulk_transaction() as cursor:
        assert phone_is_listed(cursor, programme(), "staff", "+86 100-0000-0001")
        assert not phone_is_listed(cursor, programme(), "staff", "10000000002")
        assert not phone_is_listed(cursor, programme(), "guests", "10000000001")
        assert not phone_is_listed(cursor, programme() + 1, "staff", "10000000001")


def test_nothing_of_a_line_is_stored_in_clear(database: Database) -> None:
    load_list(programme(), STAFF, ["10000000001"])
    load_list(programme(), GUESTS, ["customer-7"])
    with database.connect("owner") as owner:
        rows = owner.execute("select entry_index, people_list_entry::text from people_list_entry")
        stored = rows.fetchall()
    assert sorted(len(index) for index, _ in stored) == [16, 32]
    for _, text in stored:
        assert "0000000001" not in text and "customer-7" not in text


def test_a_reference_is_the_partners_own() -> None:
    load_list(programme(), GUESTS, ["ada"])
    ada, bo = opened("ada"), opened("bo")
    with bulk_transaction() as cursor:
        assert ref_is_listed(cursor, programme(), "guests", bank_ref("ada"))
        assert account_is_listed(cursor, ada, GUESTS, bank())
        assert not account_is_listed(cursor, bo, GUESTS, bank())
    (told,) = load_list(programme(), GUESTS, ["x" * 201])
    assert told.result == "joining.reference_too_long"


def test_the_owner_of_an_account_is_found_by_the_phone_that_opens_it() -> None:
    load_list(programme(), STAFF, ["10000000001"])
    ada, bo = opened("ada"), opened("bo")
    link_phone(ada, "10000000001")
    link_phone(bo, "10000000002")
    with bulk_transaction() as cursor:
        assert account_is_listed(cursor, ada, STAFF, None)
        assert not account_is_listed(cursor, bo, STAFF, None)


def test_replacing_takes_off_whoever_is_not_named() -> None:
    load_list(programme(), STAFF, ["10000000001", "10000000002"])
    load_list(programme(), STAFF, ["10000000002", "10000000003"], replace=True)
    with bulk_transaction() as cursor:
        on = [
            n
            for n in range(1, 4)
            if phone_is_listed(cursor, programme(), "staff", f"1000000000{n}")
        ]
    assert on == [2, 3]


def test_a_wrong_line_keeps_the_old_list_whole() -> None:
    load_list(programme(), STAFF, ["10000000001"])
    with pytest.raises(Problem, match=r"joining\.list_rows_wrong"):
        load_list(programme(), STAFF, ["10000000002", "hello"], replace=True)
    with bulk_transaction() as cursor:
        assert phone_is_listed(cursor, programme(), "staff", "10000000001")
        assert not phone_is_listed(cursor, programme(), "staff", "10000000002")
