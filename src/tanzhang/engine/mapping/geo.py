"""The distance between two places: the one measurement made in floating point.

It happens before there is an activity datum: two coordinates become whole metres, and from there on
everything is an integer. The result must still be the same on every machine, or two installations
would disagree about one ride. Therefore sine and arcsine are series of ``+ - * /`` and ``sqrt``,
which IEEE 754 rounds the same way everywhere; library functions differ in their last bit between
processors.

Haversine formula (R. W. Sinnott, "Virtues of the Haversine", Sky & Telescope 68, 1984) on a sphere
with the mean radius of the WGS84 ellipsoid, (2a + b) / 3 = 6,371,008.77 m (H. Moritz, "Geodetic
Reference System 1980"). Against the ellipsoid the sphere errs by up to about 0.5 %.
"""

from __future__ import annotations

from fractions import Fraction
from math import factorial

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]

EARTH_RADIUS_M = 6_371_008.8

_RADIAN = 0.017453292519943295  # pi / 180
_HALF_PI = 1.5707963267948966

# sin x = x - x^3/3! + ...: 12 terms leave less than 1e-18 up to pi/2.
_SINE = tuple((-1.0) ** k / factorial(2 * k + 1) for k in range(12))


def _arcsine_terms(count: int) -> tuple[float, ...]:
    """Coefficients of x, x^3, x^5 … in the arcsine series, each correctly rounded."""
    terms, term = [], Fraction(1)
    for k in range(count):
        terms.append(float(term / (2 * k + 1)))
        term *= Fraction(2 * k + 1, 2 * k + 2)
    return tuple(terms)


# After three halvings of the angle x <= sin(pi/16) < 0.196: 13 terms leave less than 1e-18.
_ARCSINE = _arcsine_terms(13)
_HALVINGS = 3


def _series(x: Reals, coefficients: tuple[float, ...]) -> Reals:
    """Odd series c0 x + c1 x^3 + …, by Horner's rule."""
    square = x * x
    total: Reals = np.full_like(x, coefficients[-1])
    for coefficient in reversed(coefficients[:-1]):
        total = total * square + coefficient
    product: Reals = total * x
    return product


def _sine_squared(x: Reals) -> Reals:
    """sin² x for x in [-pi, pi]."""
    size = np.abs(x)
    folded = np.where(size > _HALF_PI, 2 * _HALF_PI - size, size)
    sine = _series(folded, _SINE)
    squared: Reals = sine * sine
    return squared


def _arcsine(x: Reals) -> Reals:
    """asin x for x in [0, 1]."""
    halved: Reals = x
    for _ in range(_HALVINGS):  # sin(a/2) = sin a / sqrt(2 (1 + cos a))
        halved = halved / np.sqrt(2 * (1 + np.sqrt(1 - halved * halved)))
    angle: Reals = _series(halved, _ARCSINE) * 2**_HALVINGS
    return angle


def great_circle_m(start_lat: Reals, start_lon: Reals, end_lat: Reals, end_lon: Reals) -> Reals:
    """Metres along the sphere between places in degrees (latitude ±90, longitude ±180)."""
    lat1, lat2 = start_lat * _RADIAN, end_lat * _RADIAN
    lon_change = (end_lon - start_lon) * _RADIAN
    lon_change = np.where(
        np.abs(lon_change) > 2 * _HALF_PI, 4 * _HALF_PI - np.abs(lon_change), lon_change
    )
    cosines = _series(_HALF_PI - np.abs(lat1), _SINE) * _series(_HALF_PI - np.abs(lat2), _SINE)
    haversine = _sine_squared((lat2 - lat1) / 2) + cosines * _sine_squared(lon_change / 2)
    return 2 * EARTH_RADIUS_M * _arcsine(np.sqrt(np.clip(haversine, 0.0, 1.0)))


def travelled_m(
    start_lat: Reals, start_lon: Reals, end_lat: Reals, end_lon: Reals, detour: Fraction
) -> NDArray[np.int64]:
    """Great-circle distance times ``detour``, in whole metres, rounded once, half to even."""
    metres = great_circle_m(start_lat, start_lon, end_lat, end_lon) * float(detour)
    return np.rint(metres).astype(np.int64)
