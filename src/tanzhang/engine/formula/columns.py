"""A formula for many acts: integer Polars expressions, as wide as the ranges need.

Int64 where the proof of ranges allows it, Int128 up to 127 bits, a compile error beyond. No float
and no Polars decimal anywhere: both are wrong by a milligram now and then.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from tanzhang.engine.formula import terms
from tanzhang.engine.formula.terms import Column, Pick, Product, Selection, Sum, Term, Whole
from tanzhang.engine.formula.typing import Ratio
from tanzhang.engine.rules import Flags, Ints
from tanzhang.problems import Problem

_COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def bits(ratio: Ratio) -> int:
    """How many bits, without the sign, any intermediate result can need.

    Raises Problem ``packs.formula_too_wide`` beyond 127 bits or where the milligrams themselves do
    not fit a stored integer of 64 bits.
    """
    widest = max(_reach(part) for term in _sides(ratio) for part in terms.parts(term))
    under_high = ratio.under.high if ratio.under else 1
    over = _reach(ratio.over) * ratio.multiplier
    under = 2 * ratio.divisor * under_high  # twice a remainder, plus one
    needed = max(widest, over, under, 1).bit_length()
    least_divisor = ratio.divisor * max(ratio.under.low, 1) if ratio.under else ratio.divisor
    most_mg = max(ratio.over.high, 0) * ratio.multiplier // least_divisor + 1
    if needed > 127 or most_mg.bit_length() > 63:
        raise Problem("packs.formula_too_wide", bits=max(needed, most_mg.bit_length()))
    return needed


def _sides(ratio: Ratio) -> list[Term]:
    return [ratio.over] if ratio.under is None else [ratio.over, ratio.under]


def _reach(term: Term) -> int:
    return max(abs(term.low), abs(term.high))


@dataclass(frozen=True, slots=True)
class ColumnFormula:
    """``formula(columns) -> (mg, zero_divisor)`` over NumPy int64 columns (rules.Quantify).

    Values must lie in the ranges that the formula was typed with (settlement rejects all others
    before): beyond them integers may wrap. The result may be a read-only view.
    """

    ratio: Ratio
    columns: tuple[str, ...]
    width: int  #: 64 or 128

    def __call__(self, columns: Mapping[str, Ints]) -> tuple[Ints, Flags]:
        # One column even where the formula reads none, so that the frame has its height.
        needed = self.columns or tuple(columns)[:1]
        frame = pl.DataFrame({name: np.ascontiguousarray(columns[name]) for name in needed})
        wide = pl.Int64() if self.width == 64 else pl.Int128()
        result = _rounded(frame.lazy(), self.ratio, wide).collect()
        mg = result[_MG].cast(pl.Int64).to_numpy()
        if self.ratio.under is None:
            return mg, np.zeros(len(mg), bool)
        return mg, result[_ZERO].to_numpy()


# Names that no input can have.
_OVER, _UNDER, _QUOTIENT, _MG, _ZERO = "·over", "·under", "·quotient", "·mg", "·zero"


def _rounded(frame: pl.LazyFrame, ratio: Ratio, wide: pl.DataType) -> pl.LazyFrame:
    """The columns ``·mg`` and, where something is divided by an input, ``·zero``."""

    def whole(value: int) -> pl.Expr:
        return pl.lit(value, dtype=wide)

    over = _expression(ratio.over, wide)
    if ratio.multiplier != 1:
        over = over * whole(ratio.multiplier)
    frame = frame.with_columns(over.alias(_OVER))
    if ratio.over.low < 0:
        over = pl.col(_OVER)
        never_below = pl.when(over < whole(0)).then(whole(0)).otherwise(over)
        frame = frame.with_columns(never_below.alias(_OVER))
    if ratio.under is None:
        if ratio.divisor == 1:
            return frame.select(pl.col(_OVER).alias(_MG))
        under = whole(ratio.divisor)
    else:
        divisor = _expression(ratio.under, wide) * whole(ratio.divisor)
        frame = frame.with_columns((divisor == whole(0)).alias(_ZERO), divisor.alias(_UNDER))
        frame = frame.with_columns(
            pl.when(_ZERO).then(whole(0)).otherwise(pl.col(_OVER)).alias(_OVER),
            pl.when(_ZERO).then(whole(1)).otherwise(pl.col(_UNDER)).alias(_UNDER),
        )
        under = pl.col(_UNDER)
    quotient, rest = pl.col(_QUOTIENT), pl.col(_OVER) - pl.col(_QUOTIENT) * under
    # Half to even: 2r + (q odd) > d exactly where q + 1 is the nearer or the even neighbour.
    up = rest * whole(2) + (quotient & whole(1)) > under
    return frame.with_columns((pl.col(_OVER) // under).alias(_QUOTIENT)).select(
        (quotient + up.cast(wide)).alias(_MG),
        *([pl.col(_ZERO)] if ratio.under is not None else []),
    )


def _expression(term: Term, wide: pl.DataType) -> pl.Expr:
    match term:
        case Whole(value):
            return pl.lit(value, dtype=wide)
        case Column(name):
            return pl.col(name) if wide == pl.Int64() else pl.col(name).cast(wide)
        case Pick(column, starts, values):
            rows = pl.lit(values[0], dtype=wide)
            for start, value in zip(starts[1:], values[1:], strict=True):
                reached = pl.col(column) >= pl.lit(start, dtype=pl.Int64)
                rows = pl.when(reached).then(pl.lit(value, dtype=wide)).otherwise(rows)
            return rows
        case Sum(left, right):
            return _expression(left, wide) + _expression(right, wide)
        case Product(left, right):
            return _expression(left, wide) * _expression(right, wide)
        case Selection(left, relation, right, then, otherwise):
            test = _COMPARE[relation](_expression(left, wide), _expression(right, wide))
            return (
                pl.when(test).then(_expression(then, wide)).otherwise(_expression(otherwise, wide))
            )
