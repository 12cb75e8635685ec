"""Units of files and their exact conversion to the canonical integer units of inputs.

An input's canonical unit is the last part of its name (``distance_m``, ``energy_wh``); a name that
ends in no unit is a count. Factors are exact rationals; nothing here is rounded.
"""

from __future__ import annotations

from fractions import Fraction

#: Dimension -> unit -> how many of the dimension's smallest listed unit it is.
_DIMENSIONS: dict[str, dict[str, Fraction]] = {
    "length": {
        "mm": Fraction(1),
        "cm": Fraction(10),
        "m": Fraction(1_000),
        "km": Fraction(1_000_000),
        "mile": Fraction(1_609_344),  # international mile, 1959: exactly 1609.344 m
    },
    "mass": {"mg": Fraction(1), "g": Fraction(1_000), "kg": Fraction(10**6), "t": Fraction(10**9)},
    "energy": {"wh": Fraction(1), "kwh": Fraction(1_000), "mwh": Fraction(10**6)},
    "money": {"fen": Fraction(1), "jiao": Fraction(10), "yuan": Fraction(100)},
    "time": {
        "us": Fraction(1),
        "ms": Fraction(1_000),
        "s": Fraction(10**6),
        "min": Fraction(60 * 10**6),
        "h": Fraction(3_600 * 10**6),
        "day": Fraction(86_400 * 10**6),
    },
    "volume": {"ml": Fraction(1), "l": Fraction(1_000), "m3": Fraction(10**6)},
    "count": {"one": Fraction(1), "thousand": Fraction(1_000)},
}

_DIMENSION_OF = {unit: name for name, units in _DIMENSIONS.items() for unit in units}


def known_units() -> tuple[str, ...]:
    """Every unit that a mapping may name."""
    return tuple(_DIMENSION_OF)


def canonical_unit(input_name: str) -> str:
    """The unit that an input's name ends in; ``one`` for a count.

    >>> canonical_unit("distance_m"), canonical_unit("rides")
    ('m', 'one')
    """
    _, separator, last = input_name.rpartition("_")
    return last if separator and last in _DIMENSION_OF else "one"


def conversion(unit: str, canonical: str) -> Fraction | None:
    """How many ``canonical`` one ``unit`` is; None if they measure different things.

    Letter case carries no meaning here (``kWh`` and ``kwh`` are one unit).
    """
    dimension = _DIMENSION_OF.get(unit.lower())
    if dimension is None or dimension != _DIMENSION_OF[canonical]:
        return None
    scale = _DIMENSIONS[dimension]
    return scale[unit.lower()] / scale[canonical]
