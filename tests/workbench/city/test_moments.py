"""What a citizen of the living city does just now."""

from __future__ import annotations

from random import Random

import pytest

from tanzhang.workbench.city.moments import (
    HABITS,
    Habit,
    Row,
    corrected,
    habit_of,
    just_now,
    new_id,
    seen_by_the_bank,
)

ZONE = "Asia/Shanghai"
NOW_US = 1_795_219_200_000_000  # 2026-11-21 00:00 UTC, eight in the morning in Shanghai
MINUTE_US = 60_000_000


def act(scene: str, seed: int = 1, free_us: int = 0) -> Row:
    return just_now(habit_of(scene), "ada", NOW_US, Random(seed), free_us=free_us, time_zone=ZONE)


@pytest.mark.parametrize("habit", HABITS, ids=lambda habit: habit.stream.scene)
def test_every_act_ends_now_and_says_what_its_stream_says(habit: Habit) -> None:
    scene = habit.stream.scene
    for seed in range(20):
        row = act(scene, seed)
        assert NOW_US - 240 * MINUTE_US * 2 < row["started_us"] <= row["ended_us"] == NOW_US
        inputs = {f"in_{name}" for name in habit.stream.inputs}
        assert {name for name in row if name.startswith("in_")} == inputs
        assert (row["item_key"] is None) == (not habit.stream.item_prefix)


def test_the_shares_of_all_habits_are_a_thousand_together() -> None:
    assert sum(habit.per_mille for habit in HABITS) == 1000


def test_who_was_busy_until_just_now_begins_then_and_arrives_later() -> None:
    row = act("metro", free_us=NOW_US - MINUTE_US)
    assert row["started_us"] == NOW_US - MINUTE_US
    usual = act("metro")
    assert row["ended_us"] - row["started_us"] == usual["ended_us"] - usual["started_us"]


@pytest.mark.parametrize("scene", ["metro", "bus", "shared-bike", "shared-ebike"])
def test_rides_are_as_fast_as_rides_are(scene: str) -> None:
    for seed in range(50):
        row = act(scene, seed)
        hours_us = 3600 * 1_000_000
        speed_mh = row["in_distance_m"] * hours_us // (row["ended_us"] - row["started_us"])
        assert 8_000 < speed_mh < 40_000


def test_ids_carry_the_local_day_or_the_millisecond() -> None:
    evening_us = NOW_US + 17 * 60 * MINUTE_US  # one in the morning of the next day in Shanghai
    assert new_id("metro-demo", evening_us, Random(1), ZONE).startswith("20261122-live-")
    uuid = new_id("takeaway-demo", NOW_US, Random(1), ZONE)
    assert int(uuid.replace("-", "")[:12], 16) == NOW_US // 1000
    assert len({new_id("metro-demo", NOW_US, Random(seed), ZONE) for seed in range(100)}) == 100


def test_the_bank_sees_the_fare_of_a_metro_ride_but_not_of_a_walk() -> None:
    ride = act("metro")
    seen = seen_by_the_bank(ride, Random(1), ZONE)
    assert seen
    assert seen["external_id"] != ride["external_id"]
    assert seen["started_us"] < ride["started_us"] < seen["ended_us"]
    assert (seen["person"], seen["scene"], seen["grade"]) == ("ada", "metro", 1)
    assert seen_by_the_bank(act("walking"), Random(1), ZONE) is None


def test_a_correction_is_the_next_revision_of_the_same_act() -> None:
    ride = act("shared-bike")
    again = corrected(ride, Random(1))
    assert again
    assert (again["external_id"], again["revision"]) == (ride["external_id"], 1)
    assert again["in_distance_m"] < ride["in_distance_m"]
    taken_back = [corrected(ride, Random(seed)) for seed in range(40)]
    withdrawn = [row for row in taken_back if row and row["withdrawn"]]
    assert 0 < len(withdrawn) < 20
    assert corrected(withdrawn[0], Random(1)) is None
    assert corrected(act("take-away"), Random(1)) is None
