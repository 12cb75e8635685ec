"""What is posted, row by row: first outcomes, differences, and where an act has moved."""

from __future__ import annotations

import pytest

from river.books import Posted, balance, everything, key, rows_of
from river.checks import faults
from river.reports import act, hand_in
from tanzhang.apps.activities.api import drain

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

RIDE_MG = 97_400  #: 2 km at 48.70 g/km: 9 points of 10 g


def settle(*rows: dict[str, object]) -> None:
    hand_in(*rows)
    drain()
    assert faults() == {}


def test_a_first_outcome_is_number_0_with_full_amounts() -> None:
    settle(act("r1", "05-03 08:00"))
    assert rows_of("bikes", "r1") == [
        Posted(202505, 0, "reported", "credited", RIDE_MG, 9, gross_mg=RIDE_MG)
    ]
    assert balance("river-ada") == (RIDE_MG, 9)


def test_a_loser_names_the_winner_and_keeps_its_gross() -> None:
    settle(act("r1", "05-03 08:00"), act("r2", "05-03 08:05", grade=1))
    assert rows_of("bikes", "r2") == [
        Posted(
            202505,
            0,
            "reported",
            "duplicate",
            0,
            0,
            gross_mg=RIDE_MG,
            reason="overlap",
            lost_to=key("bikes", "r1"),
        )
    ]


def test_a_rejected_act_is_stored_with_its_reason_and_nothing_else() -> None:
    settle(act("r1", "05-03 08:00", distance_m=90_000), act("r2", "05-03 09:00", distance_m=None))
    assert rows_of("bikes", "r1") == [Posted(202505, 0, "reported", "rejected", 0, 0, 0, "bound")]
    assert rows_of("bikes", "r2") == [
        Posted(202505, 0, "reported", "rejected", 0, 0, 0, "missing_input")
    ]


def test_cuts_stand_under_the_outcome_that_they_cut() -> None:
    settle(act("w1", "05-03 08:00", "walk", steps=9000), act("w2", "05-03 12:00", "walk"))
    (first,), (second,) = rows_of("bikes", "w1"), rows_of("bikes", "w2")
    assert (first.mg, first.cuts) == (180_000, ())
    assert (second.mg, second.cuts) == (20_000, (("daily", 60_000),))
    settle(act("w1", "05-03 08:00", "walk", steps=7000, revision=1))
    assert [(row.mg, row.cuts) for row in rows_of("bikes", "w1")] == [(180_000, ()), (-40_000, ())]
    assert [(row.cause, row.mg, row.cuts) for row in rows_of("bikes", "w2")] == [
        ("reported", 20_000, (("daily", 60_000),)),
        ("neighbour_changed", 40_000, (("daily", 20_000),)),
    ]


def test_a_correction_posts_the_difference_and_the_neighbours_it_changes() -> None:
    settle(act("r1", "05-03 08:00"), act("r2", "05-03 08:05"))
    settle(act("r1", "05-03 09:00", distance_m=1000, revision=1))
    assert rows_of("bikes", "r1")[1:] == [
        Posted(202505, 1, "corrected", "credited", -48_700, -4, gross_mg=48_700)
    ]
    assert rows_of("bikes", "r2")[1:] == [
        Posted(202505, 1, "neighbour_changed", "credited", RIDE_MG, 9, gross_mg=RIDE_MG)
    ]
    assert balance("river-ada") == (RIDE_MG + 48_700, 14)


def test_a_neighbour_that_is_settled_again_and_stays_as_it_is_has_nothing_posted() -> None:
    settle(act("r1", "05-03 08:00"), act("r2", "05-03 12:00"))
    settle(act("late", "05-03 10:00"))
    assert [len(rows_of("bikes", ride)) for ride in ("r1", "r2", "late")] == [1, 1, 1]


def test_a_withdrawal_takes_everything_back_and_a_restoration_gives_it_again() -> None:
    settle(act("r1", "05-03 08:00"))
    settle(act("r1", "05-03 08:00", revision=1, withdrawn=True))
    assert balance("river-ada") == (0, 0)
    settle(act("r1", "05-03 08:00", revision=2))
    assert [(row.no, row.cause, row.status, row.mg) for row in rows_of("bikes", "r1")] == [
        (0, "reported", "credited", RIDE_MG),
        (1, "withdrawn", "withdrawn", -RIDE_MG),
        (2, "corrected", "credited", RIDE_MG),
    ]


def test_a_move_to_another_month_closes_the_old_row_and_opens_number_0_in_the_new_one() -> None:
    settle(act("r1", "05-31 23:50"))
    settle(act("r1", "06-01 00:10", revision=1))
    assert rows_of("bikes", "r1") == [
        Posted(202505, 0, "reported", "credited", RIDE_MG, 9, gross_mg=RIDE_MG),
        Posted(202505, 1, "moved", "credited", -RIDE_MG, -9, gross_mg=0),
        Posted(202506, 0, "corrected", "credited", RIDE_MG, 9, gross_mg=RIDE_MG),
    ]


def test_a_return_to_a_month_goes_on_with_its_numbers() -> None:
    settle(act("r1", "05-31 23:50"))
    settle(act("r1", "06-01 00:10", revision=1))
    settle(act("r1", "05-30 12:00", revision=2, distance_m=1000))
    settle(act("r1", "06-02 12:00", revision=3))
    assert [(row.month, row.no, row.cause, row.mg) for row in rows_of("bikes", "r1")] == [
        (202505, 0, "reported", RIDE_MG),
        (202505, 1, "moved", -RIDE_MG),
        (202506, 0, "corrected", RIDE_MG),
        (202505, 2, "corrected", 48_700),
        (202506, 1, "moved", -RIDE_MG),
        (202505, 3, "moved", -48_700),
        (202506, 2, "corrected", RIDE_MG),
    ]
    assert balance("river-ada") == (RIDE_MG, 9)


def test_a_move_to_another_account_of_the_person_closes_and_opens_in_the_same_month() -> None:
    settle(act("r1", "05-03 08:00"))
    settle(act("r1", "05-03 08:00", person="ada-too", revision=1))
    assert [(row.no, row.cause, row.mg) for row in rows_of("bikes", "r1")] == [
        (0, "reported", RIDE_MG),
        (1, "moved", -RIDE_MG),
        (2, "corrected", RIDE_MG),
    ]
    assert (balance("river-ada"), balance("river-ada-too")) == ((0, 0), (RIDE_MG, 9))


def test_the_first_revision_to_arrive_is_the_report_whatever_its_number() -> None:
    settle(act("r1", "05-03 08:00", revision=3))
    settle(act("r1", "05-04 08:00", revision=1))
    assert [(row.no, row.cause) for row in rows_of("bikes", "r1")] == [(0, "reported")]


def test_an_act_that_was_withdrawn_before_it_was_reported_is_kept_at_nothing() -> None:
    settle(act("r1", "05-03 08:00", revision=1, withdrawn=True))
    settle(act("r1", "05-03 08:00"))
    assert rows_of("bikes", "r1") == [
        Posted(202505, 0, "withdrawn", "withdrawn", 0, 0, 0, "withdrawn")
    ]


def test_a_run_that_changes_nothing_writes_nothing() -> None:
    rows = [act("r1", "05-03 08:00"), act("b1", "05-03 09:00", "bill", item_key="m1")]
    settle(*rows, act("r2", "05-02 08:00", person="bo"))
    before = everything()
    settle(*rows)
    assert drain().pieces == 0
    assert everything() == before


def test_what_one_transaction_settles_in_order_and_with_its_history_is_posted_together() -> None:
    """The sixth newcomer is of bo's shard. Her walk is in order, his is late; both are cut."""
    newcomers = [
        act(f"w{n}", "05-03 08:00", "walk", person=f"walker {n}", steps=9000) for n in range(6)
    ]
    hand_in(*newcomers, enrol=True)
    settle(act("b1", "05-04 12:00", "walk", person="bo", steps=9000))
    hand_in(
        act("w6", "05-03 12:00", "walk", person="walker 5"),
        act("b0", "05-04 08:00", "walk", person="bo"),
    )
    settled = drain()
    assert (settled.pieces, settled.items, settled.fast) == (1, 2, 1)
    assert faults() == {}
    assert [(row.mg, row.cuts) for row in rows_of("bikes", "w6")] == [
        (20_000, (("daily", 60_000),))
    ]
    assert [(row.mg, row.cuts) for row in rows_of("bikes", "b0")] == [(80_000, ())]
    assert [(row.mg, row.cuts) for row in rows_of("bikes", "b1")] == [
        (180_000, ()),
        (-60_000, (("daily", 60_000),)),
    ]
