"""A drill: who takes part, and that little is taken on a seed that was not tuned on."""

from __future__ import annotations

from collections import Counter
from random import Random

import numpy as np
import polars as pl
import pytest

from tanzhang.workbench.farm.casting import CLASSES, HABITS, make_cheats
from tanzhang.workbench.farm.cheats import Today, gather
from tanzhang.workbench.farm.honest import Honest, day_of_honest, make_honest
from tanzhang.workbench.farm.measuring import measure
from tanzhang.workbench.farm.people import DAYS, QUIET_DAYS
from tanzhang.workbench.farm.playing import play
from tanzhang.workbench.farm.reporting import evenings, make_cast

#: Seeds 1 to 6 were tuned on; this is none of them. So small a town has chance in it: one person
#: held is a third of a percent, and one account of a dozen is eight percent of its way.
UNSEEN = 907

#: What settlement alone stops: one act that overlaps another, one order number told twice.
STOPPED_BY_SETTLEMENT = {"two_partners", "same_order"}


def a_day(seed: int, size: int, weekend: bool = False) -> tuple[Honest, pl.DataFrame]:
    who, names = make_honest(seed, size), [str(number) for number in range(size)]
    acts = day_of_honest(seed, who, names, 4, 0, weekend)
    return who, acts.with_columns(number=pl.col("person").cast(pl.Int64))


def ends(column: pl.Series) -> tuple[int, int]:
    """The least and the greatest of a column that has numbers only."""
    numbers = column.drop_nulls().to_numpy()
    return int(numbers.min()), int(numbers.max())


def test_a_town_follows_from_its_seed() -> None:
    days = [a_day(seed, 200)[1] for seed in (11, 11, 12)]
    assert days[0].equals(days[1])
    assert not days[0].equals(days[2])
    assert {*days[0]["scene"].to_list()} == {"walking", "cycling", "metro", "take-away"}


def test_honest_people_do_what_thresholds_do_not_expect() -> None:
    who, acts = a_day(11, 3000)
    rides = acts.filter(pl.col("scene") == "cycling").with_columns(
        kmh=pl.col("in_distance_m") * 3_600_000 // (pl.col("ended_us") - pl.col("started_us"))
    )
    assert rides.filter(pl.col("kmh").is_between(20, 28)).height > 50
    assert rides.filter(pl.col("sig_jumps") > 8).height > 0
    assert ends(rides.group_by("person").len()["len"])[1] > 15
    walks = acts.filter(pl.col("scene") == "walking")
    assert walks.filter(pl.len().over("person") == 2).height > 200
    assert walks.filter(pl.col("sig_night_permille") > 300).height > 10
    metro = acts.filter(pl.col("scene") == "metro")
    fares = metro.with_columns(full=200 + pl.col("in_distance_m") // 4000 * 100)
    assert fares.filter(pl.col("sig_paid_fen") * 2 == pl.col("full")).height > 20
    assert fares.filter(pl.col("sig_paid_fen") == 0).height > 20
    minute = [pl.col("started_us") // 60_000_000, pl.col("sig_place_from"), pl.col("sig_place_to")]
    together = metro.group_by(*minute).agg(n=pl.col("person").n_unique())
    assert ends(together["n"])[1] >= 3
    assert len({*acts["number"].to_list()} & {*np.flatnonzero(~who.present(4)).tolist()}) == 0


def test_phones_are_shared_replaced_and_passed_on() -> None:
    who = make_honest(11, 3000)
    users = Counter(who.first_phone.tolist())
    assert {2, 4} <= {*users.values()}
    moved = np.flatnonzero(who.phone(DAYS) != who.phone(0))
    assert 50 < len(moved) < 300
    inherited = np.isin(who.phone(DAYS)[moved], who.first_phone)
    assert inherited.sum() > 10


def test_a_marathon_is_run_now_and_then() -> None:
    names = [str(number) for number in range(2000)]
    who = make_honest(11, 2000)
    days = [day_of_honest(11, who, names, day, 0, False)["in_steps"] for day in range(20)]
    assert 45_000 < max(ends(steps)[1] for steps in days) < 80_000


def test_every_class_cheats_in_every_way_and_otherwise_with_another_seed() -> None:
    cheats = {seed: make_cheats(seed, 400) for seed in (11, 11, 12)}
    ways = Counter((cheat.attack, cheat.variant) for cheat in cheats[11])
    assert {attack for attack, _ in ways} == {*CLASSES}
    assert len(ways) == 27 and min(ways.values()) >= 4
    assert [c.skill for c in cheats[11]] != [c.skill for c in cheats[12]]
    for cheat in cheats[11]:
        days = [Today(day, 0, Random(day)) for day in range(20, 26)]
        acts = gather([row for day in days for row in HABITS[cheat.attack](cheat, day)])
        assert {*acts["attack"].to_list()} <= {cheat.attack}
        assert {*acts["variant"].to_list()} <= {cheat.variant}


def test_reports_come_late_and_tickets_are_given_back_for_weeks() -> None:
    cast = make_cast(11, 600)
    reports = pl.concat([due for _, due in evenings(cast)])
    late = reports.filter(~pl.col("withdrawn")).with_columns(late=pl.col("due") - pl.col("day"))
    assert ends(late["late"])[0] == 0 and ends(late["late"])[1] >= 4
    refunds = reports.filter(pl.col("withdrawn") & (pl.col("variant") == "buy_refund"))
    after = refunds["due"] - refunds["day"]
    assert ends(after)[0] <= 3 and ends(after)[1] >= 40
    assert (after > 15).sum() * 2 > len(after)
    assert ends(refunds["due"])[1] < DAYS + QUIET_DAYS
    assert reports.select("partner", "external_id", "revision").is_duplicated().sum() == 0


@pytest.mark.database
def test_cheats_take_little_and_honest_people_are_left_alone() -> None:
    found = measure(play(UNSEEN, 300))
    for name, figure in found["classes"].items():
        assert figure["claimed_g"] > 10_000, name
        assert figure["value_taken"] < 0.02, (name, figure)
        for way, value in figure["variants"].items():
            assert value["claimed_g"] > 200, way
            assert value["value_left"] <= value["value_taken"] < 0.02, (way, value)
    assert found["honest"]["people"] > 290
    assert found["honest"]["held"] <= 1, found["honest"]


@pytest.mark.database
def test_the_same_cheats_take_nearly_all_where_nobody_judges() -> None:
    found = measure(play(UNSEEN, 300, guarded=False))
    for figure in found["classes"].values():
        for way, value in figure["variants"].items():
            if way in STOPPED_BY_SETTLEMENT:
                assert value["value_taken"] < 0.02, (way, value)
            else:
                assert value["value_taken"] > 0.5, (way, value)
