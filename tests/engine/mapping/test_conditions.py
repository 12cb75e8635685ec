"""Named rules: which rows they meet, and that they can do nothing else."""

from __future__ import annotations

import pytest

from .samples import codes, mapped, mapping

ROWS = [
    {"a": "x", "b": "x", "n": "5"},
    {"a": "x", "b": "y", "n": "5.000001"},
    {"a": None, "b": None, "n": "-7"},
    {"a": "z", "b": None, "n": "many"},
]


def met(when: str) -> list[int]:
    """The rows of ROWS that a condition meets."""
    rules = mapping(f'[[refuse]]\ncode = "rule"\nwhen = {when}\nen = "No."\nzh = "不。"\n')
    return [row for row, code in codes(mapped(rules, *ROWS)).items() if code == "rule"]


@pytest.mark.parametrize(
    ("when", "rows"),
    [
        ('{ same = ["a", "b"] }', [1]),
        ('{ empty = "a" }', [3]),
        ('{ column = "a", is = ["x", "z"] }', [1, 2, 4]),
        ('{ column = "n", above = 5 }', [2]),
        ('{ column = "n", below = 5 }', [3]),
        ('{ all = [{ column = "a", is = ["x"] }, { column = "b", is = ["y"] }] }', [2]),
        ('{ any = [{ empty = "b" }, { same = ["a", "b"] }] }', [1, 3, 4]),
        ('{ none = [{ empty = "b" }, { same = ["a", "b"] }] }', [2]),
    ],
)
def test_a_condition_meets_the_rows_that_it_states(when: str, rows: list[int]) -> None:
    assert met(when) == rows


@pytest.mark.parametrize(
    ("when", "ends", "expected"),
    [
        ("{ lasts_over_s = 1200 }", "2024-05-01 08:20:00", False),
        ("{ lasts_over_s = 1200 }", "2024-05-01 08:20:00.000001", True),
        ("{ lasts_under_s = 1200 }", "2024-05-01 08:19:59.999999", True),
        ("{ lasts_under_s = 1200 }", "2024-05-01 08:20:00", False),
    ],
)
def test_durations_are_compared_to_the_microsecond(when: str, ends: str, expected: bool) -> None:
    rules = mapping(f'[[refuse]]\ncode = "rule"\nwhen = {when}\nen = "No."\nzh = "不。"\n')
    assert bool(codes(mapped(rules, {"to": ends}))) is expected


def test_a_duration_is_real_time_and_not_the_difference_of_clocks() -> None:
    # From 00:30 to 03:30 on the night when clocks went back: four hours passed.
    rules = mapping(
        '[[refuse]]\ncode = "long"\nwhen = { lasts_over_s = 14399 }\nen = "No."\nzh = "不。"\n'
    )
    row = {"from": "2020-11-01 00:30", "to": "2020-11-01 03:30"}
    assert codes(mapped(rules, row)) == {1: "long"}
