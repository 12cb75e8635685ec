"""Who is erased is gone, in one transaction; amounts, proofs and everybody else stay."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from clean_database import Database
from river.batches import BATCHES, ride, take
from river.books import ask, balance
from tanzhang.apps.activities.api import drain, verify
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people, privacy
from tanzhang.apps.people.api import State
from tanzhang.problems import Problem

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

PHONE = "13800138000"


@pytest.fixture
def journal(tmp_path: Path) -> people.Journal:
    return people.Journal(tmp_path / "erasures", people.installation().id_text)


def ada() -> int:
    found = people.account("river-ada")
    assert found is not None
    return found.subject_id


def lived() -> int:
    """Ada with a name, a phone and acts, among others'; her subject."""
    who = people.account("river-ada")
    assert who is not None
    with bulk_transaction() as cursor:
        people.vault.store(cursor, who.subject_id, {"name": "林晓雨"})
    people.link_phone(who, PHONE)
    for batch in BATCHES:
        take(list(batch))
    drain()
    return who.subject_id


def test_everything_that_leads_to_her_is_gone(journal: people.Journal) -> None:
    subject_id = lived()
    accounts = [account.id for account in people.accounts_of_subject(subject_id)]
    key = ask("select key from subject where id = %s", [subject_id])
    erased = people.erase(subject_id, journal)
    assert (erased.number, set(erased.account_ids)) == (1, set(accounts))
    for table in ("partner_link", "phone_login", "channel_login", "personal_field"):
        assert ask(f"select count(*) from {table} where subject_id = %s", [subject_id]) == [(0,)]
    assert ask("select sealed from person_key where subject_id = %s", [subject_id]) == [(None,)]
    assert ask("select key from subject where id = %s", [subject_id]) != key
    assert people.account_of_phone(PHONE) is None
    assert people.account("river-ada") is None, "a handle that names her is replaced"
    with bulk_transaction() as cursor:
        states = people.account_state(cursor, accounts)
        assert people.vault.own(cursor, subject_id) == {}
    assert {standing.state for standing in states.values()} == {State.ERASED}
    live = "select count(*) from consent where subject_id = %s and to_us is null"
    assert ask(live, [subject_id]) == [(0,)]


@pytest.mark.parametrize(
    ("handle", "stays"),
    [
        ("river-7k3m-9x2q-4v8d", True),
        ("river-2b4c6d8e-7k3m-9x2q-4v8d-3a5b7c9d2e4f", False),
        ("river-ada-7k3m-9x2q-4v8d", False),
        ("ada-7k3m-9x2q-4v8d", False),
    ],
)
def test_a_handle_stays_only_if_all_of_it_was_drawn(
    handle: str, stays: bool, journal: people.Journal, database: Database
) -> None:
    subject_id = ada()
    with database.connect("owner") as owner:
        owner.execute("update account set handle = %s where handle = 'river-ada'", [handle])
    people.erase(subject_id, journal)
    assert (people.account(handle) is not None) == stays
    assert ask("select handle from account where subject_id = %s", [subject_id])[0][0].startswith(
        "river-"
    )


def test_balances_totals_and_the_books_stay(journal: people.Journal) -> None:
    subject_id = lived()
    sums = "select sum(reduction_mg), sum(points), count(*) from balance"
    acts = "select activity::text from activity order by event_key, outcome_no"
    before = ask(sums), ask(acts), balance("river-bo")
    people.erase(subject_id, journal)
    assert (ask(sums), ask(acts), balance("river-bo")) == before
    found = verify()
    assert found.ok, found.offences
    assert found.skipped == []


def test_what_partners_still_send_for_her_is_refused_as_for_a_stranger(
    journal: people.Journal,
) -> None:
    people.erase(lived(), journal)
    told = take([ride("later", 20, "ada"), ride("never", 20, "nobody"), ride("bo1", 20, "bo")])
    assert [item["code"] for item in told["items"]] == ["person_unknown", "person_unknown", None]


def test_acts_that_were_waiting_are_settled_after_her_and_the_books_stay_green(
    journal: people.Journal,
) -> None:
    subject_id = lived()
    take([ride("late", 21, "ada"), ride("late-bo", 21, "bo")])
    people.erase(subject_id, journal)
    drain()
    assert ask("select count(*) from activity where subject_id = %s", [subject_id])[0][0] > 0
    assert verify().ok
    assert not any("late" in told for told in _ids())


def _ids() -> list[str]:
    from tanzhang.apps.activities.intake.storing import read_results

    return [
        name
        for (results,) in ask("select results from batch")
        for name in read_results(bytes(results))["external_id"].drop_nulls()
        if not name.endswith("bo")
    ]


def test_she_is_erased_once(journal: people.Journal) -> None:
    subject_id = ada()
    people.erase(subject_id, journal)
    with pytest.raises(Problem, match="account_erased"):
        people.erase(subject_id, journal)
    assert len(journal.lines()) == 1


def test_nothing_leads_back_from_there(journal: people.Journal) -> None:
    subject_id = ada()
    (first, *_) = people.accounts_of_subject(subject_id)
    people.erase(subject_id, journal)
    with pytest.raises(Problem, match="account_erased"), bulk_transaction() as cursor:
        people.set_account_state(cursor, [first.id], State.OPEN, "a mistake")
    with pytest.raises(Problem, match="key_destroyed"), bulk_transaction() as cursor:
        people.vault.store(cursor, subject_id, {"name": "again"})


def test_a_failure_in_any_room_erases_nothing(journal: people.Journal) -> None:
    subject_id = lived()

    def broken(cursor: people.Cursor, subject_id: int) -> int:
        raise ValueError("a room that cannot")

    people.when_erased("zzz", broken)
    try:
        with pytest.raises(ValueError, match="cannot"):
            people.erase(subject_id, journal)
    finally:
        del privacy._erasers["zzz"]
    assert journal.lines() == []
    with bulk_transaction() as cursor:
        assert people.vault.own(cursor, subject_id, ["name"]) == {"name": "林晓雨"}
    assert people.account_of_phone(PHONE) is not None


def test_the_row_of_an_erasure_says_the_same_as_the_journal(journal: people.Journal) -> None:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    people.erase(ada(), journal, at=at)
    ((number, when, mark, digest, was_here),) = ask(
        "select number, at, mark, digest, was_here from erasure"
    )
    (line,) = journal.lines()
    assert (number, when, bytes(mark), bytes(digest)) == (1, at, line.mark, line.digest)
    assert was_here
    assert set(json.loads(line.text())) == {"number", "at", "subject", "mark", "digest"}


@pytest.mark.parametrize(
    "call",
    [
        "select forget_subject(1, decode(repeat('00', 32), 'hex'), '{}', '{}')",
        "select reduce_batch(1, gen_random_uuid(), null)",
        "select reduce_part(1, 1::smallint, 1, 1, '')",
        "select reduce_count(1, 1, '')",
        "select reduce_message(1, 1, '')",
    ],
)
def test_outside_of_an_erasure_the_app_takes_nothing_away(
    call: str, database: Database, journal: people.Journal
) -> None:
    people.erase(ada(), journal)  # the one of an earlier transaction is no licence
    with database.connect("app") as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(call)
