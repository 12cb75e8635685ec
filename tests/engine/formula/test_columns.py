"""Column formulas: as wide as the ranges need, on the columns as they are."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from tanzhang.engine.formula import ColumnSymbol, ConstantSymbol, compile_formula, parse
from tanzhang.engine.formula.columns import bits
from tanzhang.problems import Problem

from .samples import DISTANCE, PER_METRE, compiled


def with_maximum(maximum: int, text: str = "x * f", factor: str = "0.0487"):  # type: ignore[no-untyped-def]
    """A formula over one input with a given maximum."""
    symbols = {
        "x": ColumnSymbol(0, maximum, DISTANCE),
        "f": ConstantSymbol(Fraction(factor), PER_METRE),
        "g": ConstantSymbol(Fraction("0.123456789012345678"), ()),
    }
    return compile_formula({"reduction": parse(text)}, symbols)


def test_the_usual_formula_fits_64_bits() -> None:
    formula = compiled("x * net[mode]")
    assert formula.many.width == 64
    assert bits(formula.ratio) < 40


def test_a_formula_of_many_digits_is_computed_in_128_bits_and_stays_exact() -> None:
    formula = with_maximum(10**9, "x * f * g")
    assert formula.many.width == 128
    expected = round(
        Fraction(987_654_321) * Fraction("0.0487") * Fraction("0.123456789012345678") * 1000
    )
    mg, _ = formula.many({"x": np.array([987_654_321], np.int64)})
    assert mg.tolist() == [expected] == [formula.one(987_654_321)]


def test_a_formula_beyond_127_bits_is_refused() -> None:
    with pytest.raises(Problem, match=r"packs\.formula_too_wide"):
        with_maximum(1000, "x * f * g * g * g")


def test_room_is_kept_for_twice_a_remainder() -> None:
    divisor = 2**62 + 1  # the numbers themselves fit 64 bits, twice a remainder does not
    symbols = {
        "x": ColumnSymbol(0, 2**61 + 1, DISTANCE),
        "f": ConstantSymbol(Fraction(1, 1000 * divisor), PER_METRE),
    }
    formula = compile_formula({"reduction": parse("x * f")}, symbols)
    assert formula.many.width == 128
    rows = np.array([2**61, 2**61 + 1], np.int64)
    assert formula.many({"x": rows})[0].tolist() == [0, 1]


def test_milligrams_that_do_not_fit_a_stored_integer_are_refused() -> None:
    with pytest.raises(Problem, match=r"packs\.formula_too_wide"):
        with_maximum(10**17, "x * f", "5")


def test_milligrams_up_to_the_largest_stored_integer_are_computed() -> None:
    most = 2**63 - 2  # a milligram may yet be rounded up
    formula = with_maximum(most, factor="0.001")
    assert formula.many({"x": np.array([most], np.int64)})[0].tolist() == [most]
    with pytest.raises(Problem, match=r"packs\.formula_too_wide"):
        with_maximum(most + 1, factor="0.001")


def test_what_lies_below_zero_needs_no_room_for_its_milligrams() -> None:
    symbols = {
        "x": ColumnSymbol(1, 1000, DISTANCE),
        "f": ConstantSymbol(Fraction(-(10**18)), PER_METRE),
    }
    formula = compile_formula({"reduction": parse("x * f")}, symbols)
    assert formula.always_zero
    assert formula.many({"x": np.array([1, 1000], np.int64)})[0].tolist() == [0, 0]


def test_a_result_below_zero_is_zero_where_nothing_is_divided() -> None:
    symbols = {
        "x": ColumnSymbol(-9, 9, DISTANCE),
        "f": ConstantSymbol(Fraction(1, 1000), PER_METRE),
    }
    formula = compile_formula({"reduction": parse("x * f")}, symbols)
    assert formula.ratio.divisor == 1
    assert formula.many({"x": np.array([-9, -1, 0, 1], np.int64)})[0].tolist() == [0, 0, 0, 1]


def test_columns_that_are_not_contiguous_are_read_rightly() -> None:
    formula = compiled("x * per_km")
    every_other = np.arange(10, dtype=np.int64)[::2]
    assert formula.many({"x": every_other})[0].tolist() == [0, 97, 195, 292, 390]


def test_no_rows_are_no_results() -> None:
    mg, zero = compiled("x * per_km / people").many(
        {"x": np.empty(0, np.int64), "people": np.empty(0, np.int64)}
    )
    assert (len(mg), len(zero)) == (0, 0)


def test_a_formula_without_inputs_has_as_many_rows_as_its_acts() -> None:
    formula = compiled("0")
    mg, zero = formula.many({"x": np.arange(3, dtype=np.int64)})
    assert (mg.tolist(), zero.tolist(), formula.always_zero) == ([0] * 3, [False] * 3, True)
