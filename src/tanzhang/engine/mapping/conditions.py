"""Conditions of named rules, evaluated for a whole table at once.

The operations are the ones in ``spec``; there is no expression language and nothing is evaluated
from text.
"""

from __future__ import annotations

from fractions import Fraction
from functools import reduce

import numpy as np
import polars as pl

from tanzhang.engine.mapping.faults import flags
from tanzhang.engine.mapping.numbers import whole_numbers
from tanzhang.engine.mapping.spec import (
    Combined,
    Condition,
    Empty,
    Lasts,
    OneOf,
    Outside,
    Same,
)
from tanzhang.engine.rules import Flags, Ints

_SECOND_US = 10**6
#: Numbers in conditions are compared in millionths.
MILLIONTHS = Fraction(10**6)


def holds(condition: Condition, table: pl.DataFrame, duration_us: Ints) -> Flags:
    """The rows for which ``condition`` holds; a comparison with nothing never does."""
    match condition:
        case Same(left, right):
            return flags(table[left] == table[right])
        case Empty(column):
            return flags(table[column].is_null())
        case OneOf(column, values):
            return flags(table[column].is_in(list(values)))
        case Outside(column, above, below):
            return _outside(table[column], above, below)
        case Lasts(over_s, under_s):
            over = duration_us > over_s * _SECOND_US if over_s is not None else False
            under = duration_us < under_s * _SECOND_US if under_s is not None else False
            return np.asarray(np.broadcast_to(np.logical_or(over, under), duration_us.shape))
        case Combined(how, parts):
            answers = [holds(part, table, duration_us) for part in parts]
            if how == "all":
                return reduce(np.logical_and, answers)
            either: Flags = reduce(np.logical_or, answers)
            return either if how == "any" else ~either


def _outside(texts: pl.Series, above: Fraction | None, below: Fraction | None) -> Flags:
    numbers = whole_numbers(texts, MILLIONTHS, column=texts.name, negative=True).values
    answer = np.zeros(len(texts), np.bool_)
    if above is not None:
        answer |= flags(numbers > int(above * MILLIONTHS))
    if below is not None:
        answer |= flags(numbers < int(below * MILLIONTHS))
    return answer
