"""The three forms of a formula agree with each other and with Python's own fractions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import assume, example, given, settings, strategies as st

from tanzhang.engine.formula import Formula
from tanzhang.problems import Problem

from .samples import acts, by_python, compiled, formulas


def by_columns(formula: Formula, rows: Sequence[Mapping[str, int]]) -> list[int | None]:
    """The column form's answers; None where it marks a zero divisor."""
    columns = {name: np.array([row[name] for row in rows], np.int64) for name in rows[0]}
    mg, zero = formula.many(columns)
    assert mg.dtype == np.int64
    assert not mg[zero].any()
    return [None if is_zero else int(value) for value, is_zero in zip(mg, zero, strict=True)]


def compile_or_skip(text: str) -> Formula:
    """Random formulas may grow wider than any integer, or divide by what is always zero."""
    try:
        return compiled(text)
    except Problem as problem:
        assume(problem.code not in ("packs.formula_too_wide", "packs.division_by_zero"))
        raise


@settings(max_examples=150, deadline=None)
@given(formulas(), st.lists(acts(), min_size=1, max_size=8))
@example("y * tie", [{"x": 1, "y": n, "week": 0, "people": 1, "mode": 0, "evidence_grade": 0}
                     for n in (-3, -1, 0, 1, 2, 3, 5, 7)])  # fmt: skip
def test_all_forms_agree_with_pythons_fractions(text: str, rows: list[dict[str, int]]) -> None:
    formula = compile_or_skip(text)
    expected = [by_python(text, row) for row in rows]
    assert [formula.exact.milligrams(row) for row in rows] == expected
    assert [formula.one(*(row[name] for name in formula.columns)) for row in rows] == expected
    assert by_columns(formula, rows) == expected


@pytest.mark.parametrize(
    ("metres", "mg"), [(1, 0), (2, 1), (3, 2), (5, 2), (7, 4), (999_999, 500_000)]
)
def test_a_tie_goes_to_the_even_milligram(metres: int, mg: int) -> None:
    formula = compiled("x * tie")
    assert formula.one(metres) == mg
    assert by_columns(formula, [{"x": metres}]) == [mg]


def test_a_tie_under_a_division_by_an_input_goes_to_the_even_milligram() -> None:
    formula = compiled("x * tie * 4 / people")
    row = {"x": 5, "people": 4}
    assert formula.columns == ("people", "x")
    assert formula.one(4, 5) == formula.exact.milligrams(row) == 2
    assert by_columns(formula, [row]) == [2]


def test_a_result_below_zero_is_zero() -> None:
    formula = compiled("y * per_km")
    assert (formula.one(-7), by_columns(formula, [{"y": -7}])) == (0, [0])


def test_division_by_an_input_of_zero_is_marked_and_yields_nothing() -> None:
    formula = compiled("x * per_km / people")
    assert formula.one(0, 5) is None
    assert by_columns(formula, [{"x": 5, "people": 0}, {"x": 5, "people": 1}]) == [None, 244]


def test_the_choice_takes_the_branch_that_its_condition_says() -> None:
    formula = compiled("(x - week if x > week else max(0, y)) * per_km")
    row = {"x": 1000, "week": 7 * 1000, "y": 3}  # week is in sevenths: exactly equal
    assert formula.exact.milligrams(row) == by_columns(formula, [row])[0] == 146
    more = row | {"x": 1001}
    assert formula.exact.milligrams(more) == by_columns(formula, [more])[0] == 49


def test_sums_of_different_ratios_stay_exact() -> None:
    formula = compiled("x * third * per_km + x * tie")
    assert formula.one(999_999) == by_python("x * third * per_km + x * tie", _row(x=999_999))


def _row(**columns: int) -> dict[str, int]:
    none = dict.fromkeys(("x", "y", "week", "people", "mode", "evidence_grade"), 0)
    return none | columns


@pytest.mark.parametrize(("grade", "mg"), [(-1, 24), (0, 24), (1, 24), (2, 37), (4, 37), (5, 49)])
def test_an_evidence_grade_takes_the_row_that_it_reaches(grade: int, mg: int) -> None:
    formula = compiled("x * per_km * share[evidence_grade]")
    row = _row(x=1, evidence_grade=grade)
    assert formula.one(grade, 1) == formula.exact.milligrams(row) == mg
    assert by_columns(formula, [row]) == [mg]
