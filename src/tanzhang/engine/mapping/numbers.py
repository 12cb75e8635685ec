"""Decimal text to whole numbers in canonical units: exact, rounded once, half to even.

The usual number (at most 15 digits before the point and 9 after) is converted for a whole column at
once in 128-bit integers; anything longer or with an exponent goes through ``fractions.Fraction``,
one by one. Both give the same integer, and no floating-point number is involved.
"""

from __future__ import annotations

import re
from fractions import Fraction

import numpy as np
import polars as pl

from tanzhang.engine.mapping.faults import Fault, Parsed, flags

_PLAIN = r"^([+-]?)([0-9]{1,15})(?:\.([0-9]{1,9}))?$"
_ANY = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_LONGEST = 64
_NANO = 10**9

#: Factors up to this size keep the 128-bit product (10**24 * 10**12) in range.
LARGEST_FACTOR_PART = 10**12

INT64_MAX = 2**63 - 1


def whole_numbers(
    texts: pl.Series, factor: Fraction, *, column: str, negative: bool = False
) -> Parsed:
    """Each text (trimmed, null where empty) times ``factor`` as Int64.

    Null stays null without a fault. Faults: ``not_a_number`` (words, NaN, infinity, separators),
    ``number_too_large`` (beyond 64 bits), ``negative_number`` unless ``negative`` allows it.
    """
    if max(abs(factor.numerator), factor.denominator) > LARGEST_FACTOR_PART:
        raise ValueError(f"factor {factor} is out of range")
    values = _plain(texts, factor)
    odd = (texts.is_not_null() & values.is_null()).arg_true()
    wrong = np.zeros(len(texts), np.bool_)
    large = np.zeros(len(texts), np.bool_)
    if len(odd):
        exact = [_exact(text, factor) for text in texts.gather(odd)]
        places = odd.to_numpy()
        wrong[places] = [number is None for number in exact]
        large[places] = [number is not None and abs(number) > INT64_MAX for number in exact]
        fitting = [None if n is None or abs(n) > INT64_MAX else n for n in exact]
        values = values.scatter(odd, pl.Series(fitting, dtype=pl.Int64))
    faults = [Fault(wrong, "not_a_number", column), Fault(large, "number_too_large", column)]
    if not negative:
        below = flags(values < 0)
        faults.append(Fault(below, "negative_number", column))
    return Parsed(values, tuple(faults))


def _plain(texts: pl.Series, factor: Fraction) -> pl.Series:
    """The usual numbers, vectorised; null for anything else."""
    wide = pl.Int128
    numerator = pl.lit(factor.numerator, dtype=wide)
    divisor = pl.lit(factor.denominator * _NANO, dtype=wide)
    part = pl.col("text").str.extract_groups(_PLAIN).struct
    sign = pl.when(part.field("1") == "-").then(pl.lit(-1, dtype=wide)).otherwise(1)
    whole = part.field("2").cast(wide)
    nano = part.field("3").fill_null("").str.pad_end(9, "0").cast(wide)
    product = sign * (whole * pl.lit(_NANO, dtype=wide) + nano) * numerator
    quotient, rest = pl.col("product") // divisor, pl.col("product") % divisor
    doubled = rest * 2
    up = (doubled > divisor) | ((doubled == divisor) & (quotient % 2 == 1))
    return (
        texts.to_frame("text")
        .select(product.alias("product"))
        .select((quotient + up.cast(wide)).cast(pl.Int64, strict=False))
        .to_series()
    )


def _exact(text: str, factor: Fraction) -> int | None:
    """One unusual number; None if it is none. ``round`` on a Fraction is half to even."""
    if len(text) > _LONGEST or not _ANY.fullmatch(text):
        return None
    return round(Fraction(text) * factor)
