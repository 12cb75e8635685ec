"""A partner's day beside its weeks before."""

from __future__ import annotations

from random import Random

import polars as pl

from tanzhang.engine.authenticity.partners import partner_findings


def day_of(day: int, count: int, **fixed: int) -> list[tuple[int, int, int, int, int]]:
    rng = Random(day)
    return [
        (
            1,
            day,
            fixed.get("account", place),
            fixed.get("hour", place % 17),
            fixed.get("amount", rng.randint(100, 9999)),
        )
        for place in range(count)
    ]


def findings(*days: list[tuple[int, int, int, int, int]]) -> list[tuple[str, int]]:
    names = ("partner_id", "day", "account_id", "hour", "amount")
    acts = pl.DataFrame([row for day in days for row in day], names, orient="row")
    return [(rule, value) for _, rule, value in partner_findings(acts, 20).iter_rows()]


def test_a_usual_day_says_nothing() -> None:
    assert findings(*(day_of(day, 300) for day in range(10, 21))) == []


def test_growth_is_beside_the_middle_day_of_at_least_a_week() -> None:
    weeks = [day_of(day, 300) for day in range(10, 20)]
    assert findings(*weeks, day_of(20, 1500)) == [("growth", 500)]
    assert findings(*weeks[:3], day_of(20, 1500)) == []


def test_few_people_one_hour_and_round_figures_are_odd() -> None:
    assert findings(day_of(20, 300, account=7)) == [("concentration", 1000)]
    assert findings(day_of(20, 300, hour=3)) == [("same_hour", 1000)]
    assert findings(day_of(20, 300, amount=500)) == [("round_numbers", 1000)]


def test_a_day_with_few_acts_says_nothing() -> None:
    assert findings(day_of(20, 199, account=7)) == []
