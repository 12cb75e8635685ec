"""People are known by keyed references only, and their accounts have names that last."""

from __future__ import annotations

import psycopg
import pytest

from clean_database import Database
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people

SECRET = bytes(32)


def test_a_handle_is_the_same_in_every_database() -> None:
    assert people.handles("citic", "citibike", ["rider-1", "rider-2"]) == [
        "citic-citibike-2b4f1c9db8520aa5",
        "citic-citibike-97159614c1e2c588",
    ]


def test_a_reference_depends_on_the_secret_the_partner_and_the_person() -> None:
    known = people.person_refs(SECRET, "bikes", ["ada"])
    others = [
        *people.person_refs(b"\1" * 32, "bikes", ["ada"]),
        *people.person_refs(SECRET, "bank", ["ada"]),
        *people.person_refs(SECRET, "bikes", ["bo"]),
    ]
    assert [len(ref) for ref in known] == [16]
    assert len({*known, *others}) == 4
    assert people.person_refs(SECRET, "bikes", ["ada"]) == known


@pytest.mark.database
def test_an_installation_has_a_secret_of_its_own() -> None:
    assert len(people.installation_secret()) == 32
    assert people.installation_secret() != bytes(32)


@pytest.mark.database
@pytest.mark.usefixtures("lake")
def test_an_account_is_found_by_handle_and_by_number() -> None:
    enrol_one()
    (entry,) = people.accounts()
    assert people.account("lake-ada") == entry
    assert people.account(str(entry.id)) == entry
    assert people.account("lake-bo") is None
    assert people.account("9" * 30) is None


@pytest.mark.database
@pytest.mark.usefixtures("river")
def test_handles_of_many_are_found_at_once() -> None:
    ada, too, bo = (people.account(f"river-{name}") for name in ("ada", "ada-too", "bo"))
    assert ada is not None and too is not None and bo is not None
    assert ada.subject_id == too.subject_id
    with bulk_transaction() as cursor:
        found = people.handles_of_subjects(cursor, [bo.subject_id, ada.subject_id])
        assert people.handles_of_subjects(cursor, []) == []
        by_account = people.handles_by_account(cursor, {bo.id, too.id})
    hers, his = (
        [entry.handle for entry in people.accounts_of_subject(one.subject_id)] for one in (ada, bo)
    )
    assert {"river-ada", "river-ada-too"} <= set(hers)
    assert sorted(found) == sorted(hers + his)
    assert by_account == {bo.id: "river-bo", too.id: "river-ada-too"}


@pytest.mark.database
@pytest.mark.usefixtures("lake")
def test_a_link_and_its_subject_must_be_those_of_the_account(database: Database) -> None:
    enrol_one()
    with database.connect("owner") as owner:
        owner.execute("insert into subject (key) values (decode(repeat('00', 32), 'hex'))")
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            owner.execute("update consent set subject_id = (select max(id) from subject)")


def enrol_one() -> None:
    with bulk_transaction() as cursor:
        cursor.execute("select id, programme_id from partner where code = 'bikes'")
        row = cursor.fetchone()
        assert row is not None
        people.enrol(
            cursor,
            partner_id=row[0],
            programme_id=row[1],
            refs=people.person_refs(SECRET, "bikes", ["ada"]),
            account_handles=["lake-ada"],
            joined_day=19_723,
            consent_from_us=0,
        )
