"""Tests of codes, for whole columns; and whether two tests can hold for the same code."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce

import numpy as np
import polars as pl

from tanzhang.engine.mapping.numbers import whole_numbers
from tanzhang.engine.recognise.spec import CodeTest, When
from tanzhang.engine.rules import Flags

#: Amounts are compared in millionths of their unit.
_MILLIONTHS = 10**6

#: A range of more codes than this is not written out.
WIDEST_RANGE = 100_000


def fits(when: When, table: pl.DataFrame) -> Flags:
    """The rows for which every column holds what it has to; ``table`` is trimmed text."""
    everything = np.ones(len(table), np.bool_)
    return reduce(np.logical_and, (holds(when[name], table[name]) for name in when), everything)


def holds(test: CodeTest, codes: pl.Series) -> Flags:
    """The codes (trimmed, null where empty) for which a test holds; nothing is no code."""
    code = pl.col("code")
    parts = [code.is_not_null()]
    if test.among is not None:
        parts.append(code.is_in(list(test.among)))
    if test.begins:
        parts.append(pl.any_horizontal(code.str.starts_with(begin) for begin in test.begins))
    if test.between is not None:
        first, last = test.between
        digits = code.str.contains(rf"^[0-9]{{{len(first)}}}$")
        parts.append(digits & (code >= first) & (code <= last))
    if test.without:
        parts.append(~code.is_in(list(test.without)))
    held = codes.to_frame("code").select(pl.all_horizontal(parts).fill_null(False)).to_series()
    answer: Flags = held.to_numpy()
    if test.above is not None:
        answer = answer & _above(test, codes)
    return answer


def _above(test: CodeTest, codes: pl.Series) -> Flags:
    assert test.above is not None
    scale = type(test.above)(_MILLIONTHS)
    numbers = whole_numbers(codes, scale, column=codes.name, negative=True).values
    above: Flags = (numbers > int(test.above * scale)).fill_null(False).to_numpy()
    return above


def exclude_each_other(one: When, other: When) -> bool:
    """Whether no row can fit both, which is so if one column can never hold what both ask of it."""
    return any(_disjoint(one[name], other[name]) for name in one.keys() & other.keys())


def _disjoint(one: CodeTest, other: CodeTest) -> bool:
    """Whether no code passes both tests; False also where that cannot be told."""
    for finite, second in ((one, other), (other, one)):
        if finite.among is not None or finite.between is not None:
            codes = pl.Series("code", list(_written_out(finite)), dtype=pl.String)
            return not (holds(finite, codes) & holds(second, codes)).any()
    if one.begins and other.begins:
        pairs = [(a, b) for a in one.begins for b in other.begins]
        return not any(a.startswith(b) or b.startswith(a) for a, b in pairs)
    return False


def _written_out(test: CodeTest) -> Iterator[str]:
    """Every code that a test with a list or a range may let pass."""
    if test.among is not None:
        yield from sorted(test.among)
    elif test.between is not None:
        first, last = test.between
        for number in range(int(first), int(last) + 1):
            yield f"{number:0{len(first)}d}"
