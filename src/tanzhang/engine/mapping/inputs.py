"""What a row measured and what kind of act it is: inputs, scene, grade, revision."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tanzhang.engine.mapping.faults import Fault, Parsed, flags
from tanzhang.engine.mapping.geo import travelled_m
from tanzhang.engine.mapping.numbers import whole_numbers
from tanzhang.engine.mapping.spec import Choice, GreatCircle, InputRule, Number
from tanzhang.engine.rules import Flags

_COORDINATE = r"^[+-]?[0-9]{1,3}(\.[0-9]{0,30})?$"
_ONE = Fraction(1)


def choose(table: pl.DataFrame, rule: Choice, unknown: str, missing: str = "") -> Parsed:
    """The constant, or the looked-up value of the column; a value that is not listed is a fault.

    The fault is ``unknown``; an empty column is ``missing`` if that is named, else ``unknown`` too.
    ``other`` stands for every value that is not listed, an empty one included.
    """
    kind = pl.Int64 if _speaks_numbers(rule) else pl.String
    if rule.column is None:
        constant = pl.Series([rule.constant], dtype=kind)
        return Parsed(constant.new_from_index(0, len(table)))
    texts = table[rule.column]
    values = texts.replace_strict(
        list(rule.values), list(rule.values.values()), default=rule.other, return_dtype=kind
    )
    absent = flags(texts.is_null()) & flags(values.is_null())
    strange = flags(values.is_null()) & ~absent
    faults = (
        Fault(absent, missing or unknown, rule.column),
        Fault(strange, unknown, rule.column),
    )
    return Parsed(values, faults)


def _speaks_numbers(rule: Choice) -> bool:
    samples = [rule.constant, rule.other, *rule.values.values()]
    return any(isinstance(sample, int) for sample in samples)


def whole_column(table: pl.DataFrame, column: str, maximum: int, fault: str) -> Parsed:
    """Small whole numbers from 0 to ``maximum``, 0 where empty; anything else is ``fault``."""
    texts = table[column]
    numbers = whole_numbers(texts, _ONE, column=column).values
    fine = flags(texts.str.contains(r"^[0-9]+$") & (numbers <= maximum)) | flags(texts.is_null())
    wrong = pl.Series(~fine)
    return Parsed(numbers.fill_null(0).set(wrong, 0), (Fault(~fine, fault, column),))


def read_input(table: pl.DataFrame, rule: InputRule) -> Parsed:
    """One input in its canonical unit, null where the row has none and need not have."""
    match rule.source:
        case Number(column, factor):
            parsed = whole_numbers(table[column], factor, column=column, negative=rule.negative)
        case GreatCircle():
            column = ", ".join((*rule.source.start, *rule.source.end))
            parsed = _travelled(table, rule.source, column)
        case Choice():
            column = rule.source.column or ""
            parsed = choose(table, rule.source, "unknown_value", "missing_value")
            absent, *others = parsed.faults or (None,)
            parsed = Parsed(parsed.values, tuple(others)) if absent else parsed
    if not rule.required:
        return parsed
    silent = flags(parsed.values.is_null())
    return Parsed(parsed.values, (*parsed.faults, Fault(silent, "missing_value", column)))


def _travelled(table: pl.DataFrame, rule: GreatCircle, column: str) -> Parsed:
    columns = (*rule.start, *rule.end)
    absent = np.zeros(len(table), np.bool_)
    wrong = np.zeros(len(table), np.bool_)
    degrees: list[NDArray[np.float64]] = []
    for place, name in enumerate(columns):
        values, off = _degrees(table[name], 90.0 if place % 2 == 0 else 180.0)
        absent |= flags(table[name].is_null())
        wrong |= off
        degrees.append(np.where(off, 0.0, values.fill_null(0.0).to_numpy()))
    metres = pl.Series(travelled_m(degrees[0], degrees[1], degrees[2], degrees[3], rule.detour))
    values = metres.set(pl.Series(absent | wrong), None)
    return Parsed(values, (Fault(wrong, "bad_coordinate", column),))


def _degrees(texts: pl.Series, limit: float) -> tuple[pl.Series, Flags]:
    shaped = texts.str.contains(_COORDINATE)
    values = texts.set(~shaped, None).cast(pl.Float64)
    return values, flags(texts.is_not_null() & (~shaped | (values.abs() > limit)))
