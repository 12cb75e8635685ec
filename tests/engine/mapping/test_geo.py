"""Distances between places: right to the metre, and made of operations that no machine varies."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from tanzhang.engine.mapping.geo import EARTH_RADIUS_M, great_circle_m, travelled_m

Place = tuple[float, float]


def distance(start: Place, end: Place) -> float:
    """One distance in metres."""
    columns = [np.array([number]) for number in (*start, *end)]
    return float(great_circle_m(columns[0], columns[1], columns[2], columns[3])[0])


def by_vectors(start: Place, end: Place) -> float:
    """The same by another formula and the machine's functions: the angle of two vectors."""

    def vector(place: Place) -> tuple[float, float, float]:
        lat, lon = math.radians(place[0]), math.radians(place[1])
        return (math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat))

    one, two = vector(start), vector(end)
    cross = math.dist(
        (one[1] * two[2], one[2] * two[0], one[0] * two[1]),
        (one[2] * two[1], one[0] * two[2], one[1] * two[0]),
    )
    dot = sum(a * b for a, b in zip(one, two, strict=True))
    return EARTH_RADIUS_M * math.atan2(cross, dot)


def test_known_distances() -> None:
    quarter = math.pi / 2 * EARTH_RADIUS_M
    assert distance((0, 0), (0, 0)) == 0
    assert distance((0, 0), (90, 0)) == pytest.approx(quarter, abs=1e-6)
    assert distance((0, 0), (0, 180)) == pytest.approx(2 * quarter, abs=1e-6)
    assert distance((90, 0), (-90, 77)) == pytest.approx(2 * quarter, abs=1e-6)
    assert distance((0, 179.5), (0, -179.5)) == pytest.approx(quarter / 90, abs=1e-6)
    assert distance((5, 180), (5, -180)) == pytest.approx(0, abs=1e-6)


LATITUDES = st.floats(-90, 90)
LONGITUDES = st.floats(-180, 180)


@settings(max_examples=200, deadline=None)
@given(st.tuples(LATITUDES, LONGITUDES), st.tuples(LATITUDES, LONGITUDES))
def test_the_series_agree_with_another_formula(start: Place, end: Place) -> None:
    # Near the antipodes the haversine loses digits: 0.3 m there, far less than a metre elsewhere.
    expected = by_vectors(start, end)
    tolerance = 0.5 if expected > 19_900_000 else 1e-4
    assert distance(start, end) == pytest.approx(expected, abs=tolerance)


@settings(max_examples=100, deadline=None)
@given(LATITUDES, LONGITUDES, st.floats(-0.05, 0.05), st.floats(-0.05, 0.05))
def test_a_trip_within_a_city_is_right_to_a_tenth_of_a_millimetre(
    lat: float, lon: float, north: float, east: float
) -> None:
    end = (max(-90.0, min(90.0, lat + north)), max(-180.0, min(180.0, lon + east)))
    assert distance((lat, lon), end) == pytest.approx(by_vectors((lat, lon), end), abs=1e-4)


def test_the_detour_is_multiplied_before_the_one_rounding() -> None:
    start, end = (40.7162469, -74.0334588), (40.7192517, -74.034234)
    columns = [np.array([number]) for number in (*start, *end)]
    metres = travelled_m(columns[0], columns[1], columns[2], columns[3], Fraction(13, 10))
    assert metres.tolist() == [round(by_vectors(start, end) * 1.3)] == [443]


def test_the_bits_are_those_that_every_machine_gets() -> None:
    """Written down once: + - * / and sqrt round alike everywhere, so these bits never change."""
    found = distance((40.7162469, -74.0334588), (31.2304, 121.4737))
    assert found.hex() == "0x1.69dce696c8838p+23"
