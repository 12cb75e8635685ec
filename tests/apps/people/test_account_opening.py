"""A second tap finds the first tap's account, and a failed opening leaves nothing behind."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial

import pytest
from at_once import Meeting, at_once
from people_world import NOW_US, bank, bikes, opening

from clean_database import Database
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people, opening as account_opening
from tanzhang.apps.people.erasure.meanwhile import refuse_erased
from tanzhang.problems import Problem

pytestmark = pytest.mark.usefixtures("lake")


def rows(table: str) -> int:
    with bulk_transaction() as cursor:
        cursor.execute(f"select count(*) from {table}")
        return int(cursor.fetchall()[0][0])


@pytest.mark.database
def test_an_account_opens_with_a_link_and_consent_for_each_source() -> None:
    account, is_new = people.open_account(opening("ada"))
    assert is_new
    found = people.sources_of(account.id)
    assert [(one.partner_id, one.from_us, one.to_us) for one in found] == [
        (partner, NOW_US, None) for partner in sorted([bank(), bikes()])
    ]
    assert {one.wording for one in found} == {people.current_wording().version}


@pytest.mark.database
def test_a_second_tap_finds_the_same_account_and_writes_nothing() -> None:
    first, _ = people.open_account(opening("ada"))
    counts = [rows(table) for table in ("subject", "account", "partner_link", "consent")]
    again, is_new = people.open_account(replace(opening("ada"), at_us=NOW_US + 1))
    assert (again, is_new) == (first, False)
    assert [rows(t) for t in ("subject", "account", "partner_link", "consent")] == counts


@pytest.mark.database
def test_nothing_is_left_of_an_opening_that_a_partner_contradicts() -> None:
    people.open_account(opening("ada"))
    mixed = replace(
        opening("bo"),
        refs={bank(): opening("bo").refs[bank()], bikes(): opening("ada").refs[bikes()]},
    )
    with pytest.raises(Problem) as refused:
        people.open_account(mixed)
    assert refused.value.code == "people.person_elsewhere"
    assert rows("subject") == rows("account") == 1


@pytest.mark.database
def test_a_drawn_handle_tells_nothing_and_is_never_the_same() -> None:
    ada, _ = people.open_account(opening("ada"))
    bo, _ = people.open_account(opening("bo"))
    assert ada.handle != bo.handle
    assert re.fullmatch(r"lake(-[2-9a-hjkmnp-z]{4}){3}", ada.handle)


@pytest.mark.database
def test_a_phone_given_to_somebody_else_opens_her_account(database: Database) -> None:
    people.open_account(replace(opening("ada"), phone="10000000001"))
    bo, _ = people.open_account(replace(opening("bo"), phone="+86 100 0000 0001"))
    with database.connect() as connection:
        found = connection.execute("select account_id from phone_login").fetchall()
    assert found == [(bo.id,)]


@pytest.mark.database
def test_of_two_hosts_that_name_two_persons_at_once_one_alone_opens_the_account(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    by_phone = replace(opening("ada"), host_id=None, refs={}, phone="10000000001")
    ada, _ = people.open_account(by_phone)
    meeting = Meeting()
    monkeypatch.setattr(account_opening, "refuse_erased", meeting.after(refuse_erased))
    calls = []
    for host, person, number in (
        (bikes(), "ada", "11010519491231002X"),
        (bank(), "bo", "110105199003070011"),
    ):
        wanted = replace(opening(person), host_id=host, refs={host: opening(person).refs[host]})
        digests = [("id_number", people.identity_digest("id_number", number))]
        calls.append(partial(people.add_host, ada, wanted, digests))
    answers = at_once(*calls)
    assert sorted(answers, key=str) == [None, "identity.vouched_otherwise"]
    assert meeting.met == 2
    kinds = [entry.kind for entry in people.identity_history(ada.id)]
    assert kinds.count(people.EventKind.HOST_ADDED) == 1
