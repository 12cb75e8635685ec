"""How a mass is written for people: in grams, kilograms or tonnes by its size, or exactly.

Amounts are whole milligrams and stay integers throughout. The short form rounds half to even, has
no more digits than a glance can take in, and never shows a mass that is not zero as zero.
"""

from __future__ import annotations

from dataclasses import dataclass

MINUS = "\N{MINUS SIGN}"

#: Below this many milligrams: (milligrams in the unit, unit, decimals).
_SIZES = (
    (1_000, 1_000, "g", 3),
    (10_000, 1_000, "g", 2),
    (100_000, 1_000, "g", 1),
    (1_000_000, 1_000, "g", 0),
    (100_000_000, 1_000_000, "kg", 2),
    (1_000_000_000, 1_000_000, "kg", 1),
    (100_000_000_000, 1_000_000_000, "t", 3),
)
_LARGEST = (1_000_000_000, "t", 1)


@dataclass(frozen=True, slots=True)
class Written:
    """A number as text, and its unit: ``g``, ``kg`` or ``t``."""

    number: str
    unit: str


def short(amount_mg: int) -> Written:
    """By size: ``0.24 g``, ``112 g``, ``1.23 kg``, ``4.321 t``."""
    size = abs(amount_mg)
    for below, unit_mg, unit, decimals in _SIZES:
        rounded = _rounded(size, unit_mg, decimals)
        if rounded * unit_mg < below * 10**decimals:
            return Written(_sign(amount_mg) + _decimal(rounded, decimals), unit)
    unit_mg, unit, decimals = _LARGEST
    return Written(_sign(amount_mg) + _decimal(_rounded(size, unit_mg, decimals), decimals), unit)


def exact(amount_mg: int) -> str:
    """The whole amount as a number of grams: ``1,234.567``."""
    return _sign(amount_mg) + _decimal(abs(amount_mg), 3)


def counted(count: int) -> str:
    """A whole number with its thousands apart: ``12,345``."""
    return _sign(count) + f"{abs(count):,}"


def _sign(number: int) -> str:
    return MINUS if number < 0 else ""


def _rounded(amount_mg: int, unit_mg: int, decimals: int) -> int:
    """``amount / unit`` as a whole number of its last decimal, half to even."""
    scale: int = 10**decimals
    quotient, rest = divmod(amount_mg * scale, unit_mg)
    return quotient + (2 * rest + quotient % 2 > unit_mg)


def _decimal(scaled: int, decimals: int) -> str:
    """``(1234567, 3)`` as ``1,234.567``; zeros at the end say nothing and are left out."""
    whole, rest = divmod(scaled, 10**decimals)
    digits = f"{rest:0{decimals}d}".rstrip("0") if decimals else ""
    return f"{whole:,}.{digits}" if digits else f"{whole:,}"
