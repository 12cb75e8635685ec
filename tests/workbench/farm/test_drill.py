"""A drill: what it generates, what it measures, and that little is taken on seeds not tuned on."""

from __future__ import annotations

from collections import Counter
from random import Random

import polars as pl
import pytest

from tanzhang.workbench.farm.casting import CLASSES, HABITS, make_cheats
from tanzhang.workbench.farm.cheats import Today, gather
from tanzhang.workbench.farm.honest import day_of_honest
from tanzhang.workbench.farm.measuring import measure
from tanzhang.workbench.farm.people import make_honest
from tanzhang.workbench.farm.playing import play
from tanzhang.workbench.farm.rows import KNOWN, ROW

#: Seeds 1 to 6 were tuned on; this is none of them.
UNSEEN = 907


def known(**changes: object) -> dict[str, object]:
    row: dict[str, object] = dict.fromkeys([*KNOWN, *(n for n in ROW if n.startswith("in_"))])
    return {
        **row,
        "day": 3,
        "scene": "take-away",
        "person": "p",
        "started_us": 0,
        "in_orders": 1,
        "event_key": "k",
        "credited_mg": 45_720,
        "aside_day": None,
        "aside_source": None,
        "aside_rule": None,
        **changes,
    }


def figures(*rows: dict[str, object]) -> dict[str, object]:
    text = ("attack", "variant", "truth", "scene", "person", "event_key")
    text += ("aside_source", "aside_rule")
    schema = {name: pl.String if name in text else pl.Int64 for name in known()}
    return measure(pl.DataFrame([*rows], schema, orient="row"))


def false(**changes: object) -> dict[str, object]:
    return known(attack="account_farms", variant="brushed_orders", false_share=1000, **changes)


def taken(*rows: dict[str, object]) -> float:
    classes = figures(*rows)["classes"]
    assert isinstance(classes, dict)
    return float(classes[rows[0]["attack"]]["value_taken"])


def test_what_is_credited_is_taken_and_what_is_put_aside_in_time_is_not() -> None:
    assert taken(false(event_key="a")) == 1.0
    aside = {"credited_mg": 0, "aside_rule": "x", "aside_source": "pattern"}
    in_time, late = false(aside_day=18, **aside), false(aside_day=19, **aside)
    assert taken(false(event_key="a"), in_time) == 0.5
    assert taken(false(event_key="a"), late) == 1.0


def test_acts_whose_points_were_not_available_yet_are_not_measured() -> None:
    assert taken(false(), false(day=16, credited_mg=0)) == 1.0


def test_a_part_of_an_act_may_be_true() -> None:
    assert taken(false(), false(credited_mg=0) | {"false_share": 500}) == round(2 / 3, 5)


def test_of_two_tellings_of_one_thing_the_best_is_true() -> None:
    one = known(attack="duplicate_claims", variant="renamed_order", false_share=1000, truth="t")
    assert taken(one, one | {"event_key": "b"}) == 1.0
    assert taken(one, one | {"event_key": "b", "credited_mg": 0}) == 0.0


def test_honest_people_are_counted_once_however_many_acts_wait() -> None:
    rows = [known(person=f"p{n % 4}", event_key=str(n)) for n in range(8)]
    held = [row | {"aside_day": 3, "aside_rule": "score"} for row in rows[:1] + rows[4:5]]
    honest = figures(*held, *rows[1:4], *rows[5:])["honest"]
    assert isinstance(honest, dict)
    assert (honest["people_held"], honest["acts_held"]) == (0.25, 0.25)
    assert honest["by_rule"] == {"take-away.score": 1}


def test_a_town_follows_from_its_seed() -> None:
    names = [f"p{n}" for n in range(200)]
    days = [
        day_of_honest(seed, make_honest(seed, 200), names, 4, 0, False) for seed in (11, 11, 12)
    ]
    assert days[0].equals(days[1])
    assert not days[0].equals(days[2])
    assert {*days[0]["scene"].to_list()} == {"walking", "cycling", "metro", "take-away"}


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


@pytest.mark.database
def test_cheats_take_little_and_honest_people_are_left_alone() -> None:
    found = measure(play(UNSEEN, 120))
    for name, figure in found["classes"].items():
        assert figure["claimed_g"] > 1000, name
        assert figure["value_taken"] < 0.02, (name, figure)
        assert figure["honest_held"] <= 0.01, (name, figure)
    assert found["honest"]["people_held"] <= 0.01
