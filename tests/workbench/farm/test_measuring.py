"""What a drill measures: claimed, taken, left, and honest people held."""

from __future__ import annotations

from typing import Any

import polars as pl

from tanzhang.workbench.farm.measuring import measure
from tanzhang.workbench.farm.rows import KNOWN, ROW

TEXTS = ("attack", "variant", "truth", "scene", "person", "event_key")
ORDER_MG = 45_720


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
        "credited_mg": ORDER_MG,
        "given_mg": ORDER_MG,
        "waits": 15,
        "back_day": None,
        "aside_day": None,
        "aside_source": None,
        "aside_rule": None,
        **changes,
    }


def figures(*rows: dict[str, object]) -> dict[str, Any]:
    text = (*TEXTS, "aside_source", "aside_rule")
    schema = {name: pl.String if name in text else pl.Int64 for name in known()}
    return measure(pl.DataFrame([*rows], schema, orient="row"))


def false(**changes: object) -> dict[str, object]:
    own = {"attack": "account_farms", "variant": "brushed_orders", "false_share": 1000}
    return known(**own | changes)


def walked(key: str, steps: int, **changes: object) -> dict[str, object]:
    """A false day of steps; a gram is fifty of them, and a day has room for two hundred."""
    own = {"attack": "step_faking", "variant": "several_origins", "scene": "walking"}
    mg = {"credited_mg": 20 * steps, "given_mg": 20 * steps}
    return false(**own | mg | {"in_orders": None, "in_steps": steps, "event_key": key} | changes)


def value(*rows: dict[str, object], of: str = "value_taken") -> float:
    found = figures(*rows)["classes"][rows[0]["attack"]]
    assert [*found["variants"]] == [rows[0]["variant"]]
    assert found["variants"][rows[0]["variant"]][of] == found[of]
    return float(found[of])


def test_what_is_credited_is_taken_and_what_is_put_aside_in_time_is_not() -> None:
    assert value(false(event_key="a")) == 1.0
    aside = {"credited_mg": 0, "aside_rule": "x", "aside_source": "pattern"}
    in_time, late = false(aside_day=18, **aside), false(aside_day=19, **aside)
    assert value(false(event_key="a"), in_time) == 0.5
    assert value(false(event_key="a"), late) == 1.0


def test_a_ticket_given_back_when_its_points_could_be_spent_was_taken_and_is_not_left() -> None:
    back = {"credited_mg": 0}
    assert value(false(back_day=18, **back)) == 0.0
    late = false(back_day=19, **back)
    assert value(late) == 1.0
    assert value(late, of="value_left") == 0.0
    assert value(false(), of="value_left") == 1.0
    assert value(false(back_day=48, waits=60, **back)) == 0.0


def test_what_never_counted_was_not_taken_when_it_was_put_aside_late() -> None:
    assert value(false(credited_mg=0, given_mg=0, aside_day=30)) == 0.0


def test_acts_after_the_measured_days_are_not_measured() -> None:
    assert value(false(), false(day=16, credited_mg=0)) == 1.0


def test_a_part_of_an_act_may_be_true() -> None:
    assert value(false(), false(credited_mg=0, false_share=500)) == round(2 / 3, 5)


def test_of_two_tellings_of_one_thing_the_best_is_true() -> None:
    one = false(attack="duplicate_claims", variant="renamed_order", truth="t")
    assert value(one, one | {"event_key": "b"}) == 1.0
    assert value(one, one | {"event_key": "b", "credited_mg": 0}) == 0.0


def test_claims_beyond_the_daily_limit_and_tellings_beyond_the_second_claim_nothing() -> None:
    thrice = [walked(key, 4000, truth="t", started_us=n) for n, key in enumerate("abc")]
    cut = {"credited_mg": 40_000, "given_mg": 40_000}  # two hundred grams are 10,000 steps
    found = figures(thrice[0], thrice[1], thrice[2] | cut)["classes"]["step_faking"]
    assert (found["claimed_g"], found["taken_g"]) == (80, 120)
    huge = walked("h", 80_000, credited_mg=200_000, given_mg=200_000)
    found = figures(huge)["classes"]["step_faking"]
    assert (found["claimed_g"], found["value_taken"]) == (200, 1.0)


def test_honest_people_are_counted_once_however_many_acts_wait() -> None:
    rows = [known(person=f"p{n % 4}", event_key=str(n)) for n in range(8)]
    held = [row | {"aside_day": 3, "aside_rule": "score"} for row in rows[:1] + rows[4:5]]
    honest = figures(*held, *rows[1:4], *rows[5:])["honest"]
    assert (honest["people"], honest["held"], honest["people_held"]) == (4, 1, 0.25)
    assert honest["acts_held"] == 0.25
    assert honest["by_rule"] == {"take-away.score": 1}
