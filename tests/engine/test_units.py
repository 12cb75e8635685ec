"""Units convert exactly, and unlike things never pass for each other."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tanzhang.engine.units import (
    ATOMS,
    CANONICAL,
    MASS,
    multiply,
    parse_decimal,
    parse_quantity,
    parse_unit,
    show_number,
    show_value,
)
from tanzhang.problems import Problem

DISTANCE = (("m", 1),)


@pytest.mark.parametrize(
    ("text", "size", "dimensions"),
    [
        ("g/km", Fraction(1, 1000), (("g", 1), ("m", -1))),
        ("kg/kWh", Fraction(1), (("Wh", -1), ("g", 1))),
        ("g/yuan", Fraction(1, 100), (("fen", -1), ("g", 1))),
        ("kg/meeting", Fraction(1000), (("g", 1), ("meeting", -1))),
        ("%", Fraction(1, 100), ()),
        ("g/kg", Fraction(1, 1000), ()),
        ("kg/L", Fraction(1), (("g", 1), ("mL", -1))),
        ("kg/m3", Fraction(1, 1000), (("g", 1), ("mL", -1))),
        ("t/GJ", Fraction(9, 25) * 10, (("Wh", -1), ("g", 1))),  # 3.6 g/Wh
    ],
)
def test_a_unit_has_an_exact_size_and_dimensions(
    text: str, size: Fraction, dimensions: tuple[tuple[str, int], ...]
) -> None:
    unit = parse_unit(text)
    assert (unit.size, unit.dimensions) == (size, dimensions)


def test_a_passenger_kilometre_measures_the_same_distance_as_a_kilometre() -> None:
    per_pkm, per_km = parse_unit("g/pkm"), parse_unit("g/km")
    assert (per_pkm.size, per_pkm.dimensions) == (per_km.size, per_km.dimensions)


def test_canonical_units_have_size_one_and_one_dimension() -> None:
    for word in CANONICAL:
        assert (ATOMS[word].size, ATOMS[word].dimension) == (1, word)


def test_distance_times_grams_per_distance_is_grams() -> None:
    assert multiply(DISTANCE, parse_unit("g/km").dimensions) == MASS


def test_an_unknown_unit_is_named() -> None:
    with pytest.raises(Problem) as caught:
        parse_unit("g/furlong")
    assert caught.value.code == "packs.unit_unknown"
    assert caught.value.details["word"] == "furlong"


@pytest.mark.parametrize(
    "text", ["1e400", "1e-999999999", "9" * 19, "0." + "1" * 19, "0x10", "1_0", "", ".", "٣", "nan"]
)
def test_what_is_no_short_plain_decimal_is_refused(text: str) -> None:
    with pytest.raises(Problem, match=r"packs\.number_malformed"):
        parse_decimal(text)


@pytest.mark.parametrize(
    ("text", "metres"), [("2.3 km", 2300), ("2.3km", 2300), ("15", 15), ("-5", -5), ("7 m", 7)]
)
def test_a_quantity_is_converted_to_canonical_units(text: str, metres: int) -> None:
    assert parse_quantity(text, DISTANCE, "m") == metres


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2.3 kWh", "packs.unit_mismatch"),
        ("0.0001 km", "packs.number_not_whole"),
        ("two km", "packs.number_malformed"),
        ("1.2.3", "packs.number_malformed"),
        ("1 parsec", "packs.unit_unknown"),
    ],
)
def test_a_quantity_that_does_not_fit_is_refused(text: str, code: str) -> None:
    with pytest.raises(Problem) as caught:
        parse_quantity(text, DISTANCE, "m")
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("value", "dimensions", "en", "zh"),
    [
        (Fraction(2300), DISTANCE, "2.3 km", "2.3 公里"),
        (Fraction(0), DISTANCE, "0 m", "0 米"),
        (Fraction(3650), (("fen", 1),), "36.5 yuan", "36.5 元"),
        (Fraction(6500), (("mL", 1),), "6.5 L", "6.5 升"),
        (Fraction(1), (("person", 1),), "1 person", "1 人"),
        (Fraction(2), (("person", 1),), "2 people", "2 人"),
        (Fraction(1, 2), (), "0.5", "0.5"),
        (Fraction(1, 2), (("g", 1), ("m", -1)), "0.5 g/m", "0.5 克/米"),
        (Fraction(27932), MASS, "27.932 kg", "27.932 千克"),
    ],
)
def test_values_are_shown_as_people_write_them(
    value: Fraction, dimensions: tuple[tuple[str, int], ...], en: str, zh: str
) -> None:
    assert (show_value(value, dimensions, "en"), show_value(value, dimensions, "zh")) == (en, zh)


def test_a_number_that_does_not_end_says_so() -> None:
    assert show_number(Fraction(60001, 7)) == "≈ 8,571.571429"
    assert show_number(Fraction(-5, 4)) == "-1.25"
