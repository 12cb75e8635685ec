"""Decimal text becomes whole numbers exactly, whichever way it takes."""

from __future__ import annotations

from fractions import Fraction

import polars as pl
import pytest
from hypothesis import example, given, settings, strategies as st

from tanzhang.engine.mapping.numbers import INT64_MAX, whole_numbers


def converted(text: str, factor: Fraction = Fraction(1), *, negative: bool = True) -> int | str:
    """The number, or the code of what is wrong."""
    texts = pl.Series([text], dtype=pl.String)
    parsed = whole_numbers(texts, factor, column="x", negative=negative)
    found = [fault.code for fault in parsed.faults if fault.mask[0]]
    return found[0] if found else parsed.values[0]


@pytest.mark.parametrize(
    ("text", "factor", "expected"),
    [
        ("12", 1, 12),
        ("+12.0", 1, 12),
        ("0.5", 1, 0),
        ("1.5", 1, 2),
        ("2.5", 1, 2),
        ("-0.5", 1, 0),
        ("-1.5", 1, -2),
        ("-2.5", 1, -2),
        ("2.500000001", 1, 3),
        ("2.5000000000000000000000001", 1, 3),
        ("1.2345", 1000, 1234),  # 1234.5 goes to the even neighbour
        ("1.2355", 1000, 1236),
        ("10", Fraction(1, 4), 2),
        ("14", Fraction(1, 4), 4),
        ("1e3", 1, 1000),
        ("1.5E-1", 10, 2),
        (".5", 10, 5),
        ("5.", 1, 5),
        ("9223372036854775807", 1, INT64_MAX),
        ("-9223372036854775807", 1, -INT64_MAX),
        ("000000000000000000000000000012", 1, 12),
    ],
)
def test_a_number_is_exact_and_rounds_half_to_even(
    text: str, factor: int | Fraction, expected: int
) -> None:
    assert converted(text, Fraction(factor)) == expected


@pytest.mark.parametrize(
    "text", ["NaN", "nan", "inf", "-inf", "Infinity", "1,234", "1 2", "0x10", "１２", "٣", "--1"]
)
def test_what_is_no_plain_number_is_refused(text: str) -> None:
    assert converted(text) == "not_a_number"


@pytest.mark.parametrize(
    "text", ["9223372036854775808", "1e30", "1e999", "-9223372036854775808", "9" * 40]
)
def test_a_number_beyond_64_bits_is_refused(text: str) -> None:
    assert converted(text) == "number_too_large"


def test_a_number_of_absurd_length_is_refused_before_it_is_calculated() -> None:
    assert converted("1" * 100) == "not_a_number"
    assert converted("1e1000000") == "not_a_number"


def test_a_factor_can_push_a_number_beyond_64_bits() -> None:
    assert converted("999999999999999", Fraction(10**12)) == "number_too_large"
    with pytest.raises(ValueError, match="out of range"):
        converted("1", Fraction(10**13))


def test_negative_numbers_need_permission() -> None:
    assert converted("-1", negative=False) == "negative_number"
    assert converted("-0", negative=False) == 0
    assert converted("-1") == -1


def test_an_empty_cell_is_no_number_and_no_fault() -> None:
    parsed = whole_numbers(pl.Series([None, "1"], dtype=pl.String), Fraction(1), column="x")
    assert parsed.values.to_list() == [None, 1]
    assert not any(fault.mask.any() for fault in parsed.faults)


@settings(max_examples=200, deadline=None)
@given(
    sign=st.sampled_from(["", "-", "+"]),
    whole=st.integers(0, 10**16),
    decimals=st.one_of(st.just(""), st.from_regex(r"\.[0-9]{1,12}", fullmatch=True)),
    over=st.integers(1, 10**6),
    under=st.integers(1, 10**6),
)
@example("", 5, ".5", 1, 1)
@example("-", 5, ".5", 1, 1)
@example("", 999999999999999, ".999999999", 10**6, 1)
def test_the_columns_way_equals_exact_rational_arithmetic(
    sign: str, whole: int, decimals: str, over: int, under: int
) -> None:
    text, factor = f"{sign}{whole}{decimals}", Fraction(over, under)
    exact = round(Fraction(text) * factor)
    expected = exact if abs(exact) <= INT64_MAX else "number_too_large"
    assert converted(text, factor) == expected
