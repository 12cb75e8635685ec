"""Verification finds nothing in sound books, and every kind of break in broken ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from apps_world import RECEIVED_US, instant, report, ride

from clean_database import Database
from tanzhang.apps.activities.api import (
    accept,
    append_positions,
    digest,
    drain,
    resettle,
    verify,
)
from tanzhang.apps.activities.posting.claims import Entry
from tanzhang.apps.activities.posting.unsettled import ask_again, hold
from tanzhang.apps.activities.verify import Skipped
from tanzhang.apps.catalogue.api import RulesChange
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.ledger.api import publish_root
from tanzhang.crypto import open_store

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]


def hand_in(*rows: dict[str, Any]) -> None:
    accept(report(*rows), partner="bikes", programme="lake", received_us=RECEIVED_US, enrol=True)


@pytest.fixture
def settled_books(lake: None, tmp_path: Path) -> None:
    """Two riders, one with overlapping rides; a correction into another month; a withdrawal.

    Over all of it there is a root.
    """
    hand_in(
        ride("r1"),
        ride("r2", started_us=instant("2024-05-01 08:05"), grade=1),
        ride("r3", person="bo", started_us=instant("2024-05-02 09:00")),
        ride("r4", person="bo", started_us=instant("2024-05-03 09:00"), in_distance_m=7001),
        ride("w1", scene="walk", in_distance_m=None, in_steps=20_000),
    )
    drain()
    hand_in(
        ride("r3", person="bo", revision=1, started_us=instant("2024-04-02 09:00")),
        ride("r4", person="bo", revision=1, withdrawn=True),
    )
    drain()
    publish_root(open_store(tmp_path, {}))


def test_sound_books_pass_every_check(settled_books: None) -> None:
    found = verify()
    assert found.checks == dict.fromkeys(found.checks, 0)
    assert found.ok
    assert (found.events, found.outcomes, found.waiting_pieces) == (5, 8, 0)
    assert found.skipped == []


def test_an_empty_installation_passes_every_check() -> None:
    found = verify()
    assert found.ok
    assert found.events == 0


def test_an_act_that_waits_is_not_missed() -> None:
    hand_in(ride())
    found = verify()
    assert found.ok
    assert found.waiting_pieces == 1


FACTS = "outcomes_follow_from_facts"


def test_what_is_settled_is_settled_anew_also_while_reports_and_orders_wait(
    settled_books: None, database: Database
) -> None:
    hand_in(ride("waits"), ride("r1", revision=1, withdrawn=True))
    with bulk_transaction() as cursor:
        cursor.execute("select event_key, subject_id, month from activity where status = 0")
        hold(cursor, [(key.bytes, *rest) for key, *rest in cursor.fetchall()])
    found = verify()
    assert (found.checks[FACTS], found.skipped, found.ok) == (0, [], True)
    with database.connect("owner") as owner:
        owner.execute(BREAKS[FACTS])
    assert verify().checks[FACTS] > 0


@pytest.mark.parametrize("why", ["the rules changed", "a thing has another holder"])
def test_settling_anew_is_left_out_and_named_while_acts_wait_for_it(
    why: str, settled_books: None
) -> None:
    if why == "the rules changed":
        with bulk_transaction():
            asked = resettle([RulesChange(frozenset({"meituan-bike"}), frozenset(), 0, 30_000)])
            assert asked.events == 4
    else:
        with bulk_transaction() as cursor:
            cursor.execute("select event_key, subject_id, month from activity where status = 0")
            (key, subject, month), *_ = cursor.fetchall()
            ask_again(cursor, [Entry(0, 0, key.bytes, subject, month, bytes(16))])
    found = verify()
    assert found.skipped == [Skipped(FACTS, "requests_wait")]
    assert FACTS not in found.checks
    drain()
    assert (verify().checks[FACTS], verify().skipped) == (0, [])


def test_books_are_read_in_parts_without_losing_any(
    settled_books: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, whole_digest = verify(), digest()
    monkeypatch.setattr("tanzhang.apps.activities.scan.SUBJECTS_AT_ONCE", 1)
    monkeypatch.setattr("tanzhang.apps.activities.verify.KEYS_AT_ONCE", 2)
    assert verify() == whole
    assert digest() == whole_digest


FORGED = (
    "insert into erasure (number, subject_id, was_here, transaction, at, mark, digest) select 1,"
    " min(id), true, 1, now(), substr(sha256(''), 1, 16), sha256('') from subject"
)

BREAKS = {
    "every_unit_sums_to_zero": "update source_balance set amount = amount + 1 where unit = 1",
    "balance_is_sum_of_outcomes": "update balance set reduction_mg = reduction_mg + 1",
    "balance_of_own_subject": "update balance set subject_id = subject_id + 100",
    "lots_sum_to_points": "update points_lot set points = points + 1",
    "lots_follow_from_outcomes": "update points_lot set available_from = available_from + 1",
    "piece_is_queued_or_settled": "insert into piece_queue select shard, id from piece limit 1",
    "log_positions_have_no_gaps": "delete from log_entry where position = 1",
    "log_says_what_was_settled": "update piece_settlement set leaf_root = sha256(leaf_root)",
    "erased_leaf_has_erasure": "insert into erased_leaf (piece_id, subject_id, event_key, month,"
    " outcome_no, leaf_hash, row_digest) select piece_id, subject_id, event_key, month, outcome_no,"
    " sha256(''), sha256('') from activity limit 1",
    "erasures_follow_from_journal": FORGED,
    "erasures_were_carried_out": FORGED,
    "leaves_follow_from_outcomes": "update subject set key = sha256(key)",
    "roots_follow_from_log": "update log_root set sha256 = sm3",
    "outcome_numbers_have_no_gaps": "update activity set outcome_no = 7 where cause = 2",
    "moved_event_leaves_nothing": "update activity set points = points - 1 where cause = 4",
    "amount_fits_status": "update activity set gross_mg = 1 where status = 0",
    "month_is_of_day": "update activity set day = day + 60",
    "day_is_local": "update activity set started_us = started_us + 86400000000",
    "accepted_event_has_outcome": "delete from activity where status = 2",
    "event_has_one_current_outcome": "update activity set cause = 1 where cause = 4",
    "outcomes_follow_from_facts": "update activity set q1 = 900 where scene_id = (select min(id)"
    " from scene) and outcome_no = 0 and cause = 0",
    "outcome_has_accepted_event": "delete from event_identity where revision = 0",
}


@pytest.mark.parametrize("check", BREAKS)
def test_a_break_is_found_and_described(
    check: str, settled_books: None, database: Database
) -> None:
    with database.connect("owner") as owner:
        owner.execute(BREAKS[check])
    found = verify()
    assert not found.ok
    assert found.checks[check] > 0
    assert len(found.offences[check]) == min(found.checks[check], 5)


def test_points_in_another_lot_are_told_by_account_and_days(
    settled_books: None, database: Database
) -> None:
    """The sums of an account agree; only by the terms of its outcomes is the lot another one."""
    with database.connect("owner") as owner:
        moved = owner.execute(
            "update points_lot set expires_on = 30000 where points <> 0 returning account_id"
        ).fetchall()
    found = verify()
    assert {name for name, count in found.checks.items() if count} == {"lots_follow_from_outcomes"}
    assert found.checks["lots_follow_from_outcomes"] == 2 * len(moved)
    first, *_ = found.offences["lots_follow_from_outcomes"]
    assert first.startswith(f"account {moved[0][0]}: ")
    assert first.endswith("points too many in the lot from day 0 to day 30000")


def test_an_outcome_that_names_other_terms_than_the_rules_do_is_found(
    settled_books: None, database: Database
) -> None:
    """Its points lie where it says; but the programme says something else."""
    with database.connect("owner") as owner:
        owner.execute("update activity set expires_after_years = 7")
        owner.execute("update points_lot set expires_on = 22645")  # 2032-01-01, 2024 + 7 + 1
        owner.execute("delete from points_lot where points = 0")
    found = verify()
    assert found.checks["lots_follow_from_outcomes"] == 0
    assert found.checks[FACTS] > 0


def test_every_check_has_a_break_that_proves_it(settled_books: None) -> None:
    assert set(verify().checks) == set(BREAKS)


def in_order(rows: list[dict[str, Any]]) -> None:
    hand_in(*rows)
    drain()


def one_by_one_backwards(rows: list[dict[str, Any]]) -> None:
    for row in reversed(rows):
        hand_in(row)
        drain()


def repeated_in_part(rows: list[dict[str, Any]]) -> None:
    hand_in(*rows[2:], rows[0])
    hand_in(*rows)
    drain()
    hand_in(*rows[1:3])
    drain()


RIDES = [
    ride("r1"),
    ride("r2", started_us=instant("2024-05-01 08:05"), grade=1),
    ride("r3", person="bo", started_us=instant("2024-05-31 15:58")),
    ride("r3", person="bo", revision=1, started_us=instant("2024-05-31 16:02")),
    ride("w1", person="bo", scene="walk", in_distance_m=None, in_steps=30_000),
]

#: The digest of ``RIDES``: other rules, other keys or another layout would change it.
DIGEST_OF_RIDES = "891035859b05de8dd90669ac53708bbca4aacf30bade5da70837df8e0dc829c6"


@pytest.mark.parametrize("arrive", [in_order, one_by_one_backwards, repeated_in_part])
def test_the_digest_is_the_same_however_facts_arrived(
    arrive: Callable[[list[dict[str, Any]]], None],
) -> None:
    arrive(RIDES)
    assert verify().ok
    assert digest() == DIGEST_OF_RIDES


def test_the_digest_changes_with_a_milligram_a_cut_and_a_status(
    settled_books: None, database: Database
) -> None:
    seen = {digest()}
    for change in (
        "update activity set credited_mg = credited_mg + 1 where status = 0",
        "update activity set lost_to = null",
        "update activity set status = 3 where status = 0",
        "update cut set mg = mg + 1",
        "update balance set points = points + 1",
    ):
        with database.connect("owner") as owner:
            owner.execute(change)
        seen.add(digest())
    assert len(seen) == 6


def test_the_digest_knows_no_times_and_no_pieces(settled_books: None, database: Database) -> None:
    before = digest()
    with database.connect("owner") as owner:
        owner.execute("update activity set piece_id = piece_id + 100")
        owner.execute("update piece set received_at = now()")
    assert digest() == before


def test_places_in_the_log_are_given_once(settled_books: None, database: Database) -> None:
    with database.connect("auditor") as auditor:
        pieces = auditor.execute("select count(*) from piece_settlement").fetchone()
        assert append_positions() == 0
        places = auditor.execute("select max(position), count(*) from log_entry").fetchone()
    assert pieces is not None
    assert places == (pieces[0], pieces[0])
