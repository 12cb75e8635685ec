"""What is wrong with single rows, column by column.

Every part of a mapping that reads a column answers values and faults; the first fault of a row, in
the order in which the parts are read, becomes its verdict.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from tanzhang.engine.rules import Flags


@dataclass(frozen=True, slots=True)
class Fault:
    """Rows (``mask``) that are refused, or only held, with ``code``; ``column`` is to blame."""

    mask: Flags
    code: str
    column: str
    hold: bool = False


@dataclass(frozen=True, slots=True)
class Parsed:
    """A column's values (null where there are none or a fault) and its faults."""

    values: pl.Series
    faults: tuple[Fault, ...] = ()


def flags(series: pl.Series) -> Flags:
    """A Boolean series as an array; null is no."""
    return series.fill_null(False).to_numpy()


def first_fault(faults: Sequence[Fault], length: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """For each row the index of its first fault, refusals before holds; -1 for a sound row."""
    first = np.full(length, -1, np.int64)
    order = sorted(range(len(faults)), key=lambda place: (faults[place].hold, place))
    for place in reversed(order):
        first[faults[place].mask] = place
    return first
