"""Beside the outcomes: lots by day, registers, the fast path, places and roots in the log."""

from __future__ import annotations

from datetime import date

import pytest

from river.books import ask, rows_of
from river.checks import faults, leaf, tree_root
from river.reports import Row, act, hand_in
from tanzhang.apps.activities.api import append_positions, drain
from tanzhang.engine.log import LEAF_VERSION, root

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]


def settle(*rows: Row) -> None:
    hand_in(*rows)
    drain()
    assert faults() == {}


def days(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def lots() -> list[tuple[int, int, int]]:
    """Lots with points: from when they can be spent, until when, how many."""
    return ask("select available_from, expires_on, points from points_lot where points <> 0"
               " order by 1, 2")  # fmt: skip


def lot_rules(where: str = "true") -> set[tuple[int | None, int | None]]:
    """By which rules points were put into lots: after how many days, for how many years."""
    return {*ask(f"select available_after_days, expires_after_years from activity where {where}")}


def test_points_lie_in_the_lot_of_their_day_and_move_with_it() -> None:
    settle(act("r1", "05-03 08:00"), act("r2", "05-03 12:00"), act("r3", "05-04 12:00"))
    next_years_end = days("2027-01-01")
    assert lots() == [
        (days("2025-05-04"), next_years_end, 19),
        (days("2025-05-05"), next_years_end, 9),
    ]
    settle(act("r2", "05-06 12:00", revision=1, distance_m=1000))
    assert lots() == [
        (days("2025-05-04"), next_years_end, 9),
        (days("2025-05-05"), next_years_end, 9),
        (days("2025-05-07"), next_years_end, 4),
    ]


def test_a_programme_without_waiting_or_expiry_has_one_lot() -> None:
    settle(act("c1", "05-03 08:00", "ride"), act("c2", "06-03 12:00", "ride"))
    assert lots() == [(0, 2**31 - 1, 6)]
    assert lot_rules() == {(None, None)}


def test_an_outcome_without_points_tells_of_no_lot() -> None:
    settle(act("r1", "05-03 08:00"), act("bound", "05-03 09:00", distance_m=90_000))
    assert lot_rules("points <> 0") == {(1, 1)}
    assert lot_rules("points = 0") == {(None, None)}


def commute(weeks: int) -> list[list[Row]]:
    """Day by day: two people ride to work and back, walk, and pay bills that are their own."""
    return [
        [
            row
            for person in ("ada", "bo", "di")
            for row in (
                act(f"{person}{day}m", f"05-{day:02} 08:00", person=person, distance_m=9000),
                act(f"{person}{day}w", f"05-{day:02} 12:00", "walk", person=person, steps=9000),
                act(f"{person}{day}e", f"05-{day:02} 18:00", person=person),
                act(f"{person}{day}b", f"05-{day:02} 20:00", "order", person=person,
                    item_key=f"order {person} {day}"),
            )
        ]
        for day in range(1, 7 * weeks + 1)
    ]  # fmt: skip


def test_a_stream_in_order_is_settled_from_registers_alone() -> None:
    """For people with one account a programme; the river's own monthly limit is shared."""
    for day in commute(weeks=2):
        hand_in(*(row for row in day if row["person"] != "ada"))
        settled = drain()
        assert (settled.fast, settled.items) == (8, 8)
    assert faults() == {}
    assert ask("select count(*) > 0 from cut") == [(True,)]


def test_the_fast_count_is_stored_with_the_pieces() -> None:
    for day in commute(weeks=1):
        hand_in(*(row for row in day if row["person"] == "bo"))
        drain()
    hand_in(act("late", "05-02 16:00", person="bo"))
    drain()
    assert ask("select fast_count, item_count from piece_settlement order by piece_id") == [
        *[(4, 3), (0, 1)] * 7,  # two pieces in one transaction: the first tells of both
        (0, 1),
    ]


def test_a_register_forgets_nothing_that_a_later_act_needs() -> None:
    """The week's fourth ride is limited though each ride was settled from registers."""
    for day in range(5, 9):  # 2025-05-05 is a Monday
        settle(act(f"r{day}", f"05-{day:02} 08:00", person="bo"))
    assert [rows_of("bikes", f"r{day}")[0].status for day in range(5, 9)] == [
        "credited",
        "credited",
        "credited",
        "limited",
    ]
    assert ask("select sum(fast_count) from piece_settlement") == [(4,)]
    settle(act("r5", "05-05 08:00", person="bo", revision=1, withdrawn=True))
    settle(act("r9", "05-09 08:00", person="bo"), act("r12", "05-12 08:00", person="bo"))
    assert [rows_of("bikes", f"r{day}")[-1].status for day in (8, 9, 12)] == [
        "credited",
        "limited",
        "credited",
    ]


def test_the_root_of_a_piece_is_over_the_leaves_of_its_outcomes() -> None:
    settle(act("r1", "05-03 08:00"))
    ((piece, stored_root),) = ask("select piece_id, leaf_root from piece_settlement")
    (row,) = ask(
        "select event_key, outcome_no, account_id, v.digest, status, revision, started_us,"
        " gross_mg, credited_mg, points, q1, q2, q3, q4, s.key from activity join pack_version v"
        " on v.id = pack_version_id join subject s on s.id = subject_id where piece_id = %s",
        [piece],
    )
    made = leaf(*row)
    assert (len(made), made[0]) == (136, 1)
    assert bytes(stored_root) == tree_root([made])


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 8, 13])
def test_the_tree_is_that_of_the_rfc(count: int) -> None:
    leaves = [bytes([number]) * 136 for number in range(count)]
    assert root(leaves) == tree_root(leaves)


def test_places_in_the_log_have_no_gaps_and_follow_settlement() -> None:
    for day in commute(weeks=1):
        hand_in(*day)
        drain()
    settle(act("ada1m", "05-01 08:00", revision=1, withdrawn=True))
    positions = ask(
        "select position from log_entry join piece_settlement using (piece_id)"
        " order by settled_at, piece_id"
    )
    assert positions == [(place,) for place in range(1, len(positions) + 1)]
    entries = "select piece_id, leaf_version, leaf_count, leaf_root from log_entry"
    settled = "select piece_id, leaf_version, outcome_count, leaf_root from piece_settlement"
    assert sorted(ask(entries)) == sorted(ask(settled))
    assert ask("select distinct leaf_version from log_entry") == [(LEAF_VERSION,)]
    assert ask("select count(*) from piece") == [(len(positions),)]
    assert append_positions() == 0
