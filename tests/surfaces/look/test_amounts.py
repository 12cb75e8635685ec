"""A mass is written short by its size, or exactly, and never lies about being zero."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings, strategies as st

from tanzhang.surfaces.look.amounts import MINUS, Written, counted, exact, short

UNITS_MG = {"g": 1_000, "kg": 1_000_000, "t": 1_000_000_000}


def value_mg(written: Written) -> Fraction:
    """What a reader understands."""
    number = written.number.replace(",", "").replace(MINUS, "-")
    return Fraction(number) * UNITS_MG[written.unit]


@pytest.mark.parametrize(
    ("amount_mg", "number", "unit"),
    [
        (0, "0", "g"),
        (5, "0.005", "g"),
        (24_000, "24", "g"),
        (1_005, "1", "g"),
        (1_015, "1.02", "g"),
        (12_340, "12.3", "g"),
        (112_010, "112", "g"),
        (999_499, "999", "g"),
        (999_500, "1", "kg"),
        (1_234_567, "1.23", "kg"),
        (43_210_000, "43.21", "kg"),
        (123_456_000, "123.5", "kg"),
        (999_949_999, "999.9", "kg"),
        (999_950_000, "1", "t"),
        (4_321_000_000, "4.321", "t"),
        (99_999_000_000, "99.999", "t"),
        (1_234_567_890_000, "1,234.6", "t"),
        (-24_000, f"{MINUS}24", "g"),
    ],
)
def test_a_mass_is_written_by_its_size(amount_mg: int, number: str, unit: str) -> None:
    assert short(amount_mg) == Written(number, unit)


@settings(deadline=None)
@given(st.integers(min_value=1, max_value=10**16))
def test_the_short_form_is_never_zero_and_never_far_off(amount_mg: int) -> None:
    understood = value_mg(short(amount_mg))
    assert understood > 0
    assert abs(understood - amount_mg) * 199 <= amount_mg


@settings(deadline=None)
@given(st.integers(min_value=-(10**16), max_value=10**16))
def test_the_exact_form_loses_nothing(amount_mg: int) -> None:
    assert value_mg(Written(exact(amount_mg), "g")) == amount_mg


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=10**13), st.integers(min_value=0, max_value=10**6))
def test_a_larger_mass_never_looks_smaller(amount_mg: int, more_mg: int) -> None:
    assert value_mg(short(amount_mg)) <= value_mg(short(amount_mg + more_mg))


def test_counts_have_their_thousands_apart() -> None:
    assert [counted(1), counted(12_345), counted(-1_000)] == ["1", "12,345", f"{MINUS}1,000"]
