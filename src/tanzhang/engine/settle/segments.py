"""Segment scans: running sums and maxima within groups of sorted rows.

Everything in settlement that looks like a loop over a person's acts is one of these few scans over
rows that were sorted once. They are exact (int64), and an order of magnitude faster than window
functions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tanzhang.engine.rules import Flags, Ints


@dataclass(frozen=True, slots=True)
class Segments:
    """Groups of rows. ``order`` lists rows group by group, in row order within a group.

    ``start`` holds, for each place of ``order``, the place where its group begins.
    """

    order: Ints
    start: Ints

    def exclusive_sum(self, values: Ints) -> Ints:
        """For each row (as listed in ``order``) the sum of the values before it in its group."""
        total = np.cumsum(values)
        before = total - values
        return before - before[self.start]

    def firsts(self) -> Ints:
        """The places in ``order`` at which a group begins."""
        return np.flatnonzero(self.start == np.arange(len(self.start)))

    def sizes(self) -> Ints:
        """How many rows each group has."""
        return np.diff(np.append(self.firsts(), len(self.start)))


def segments(*columns: Ints) -> Segments:
    """Group rows by equal values of all ``columns``, keeping row order within a group.

    Sorting is skipped where the columns already rise from row to row, which is the ordinary case:
    rows come sorted by subject and time.
    """
    rows = len(columns[0])
    order = np.arange(rows)
    begins, rises = _beginnings(columns)
    if not rises:
        order = np.lexsort(columns[::-1])
        begins, _ = _beginnings(tuple(column[order] for column in columns))
    start = np.maximum.accumulate(np.where(begins, np.arange(rows), 0))
    return Segments(order, start)


def _beginnings(columns: tuple[Ints, ...]) -> tuple[Flags, bool]:
    """Where a row differs from the one before it, and whether rows rise lexicographically."""
    begins = np.zeros(len(columns[0]), bool)
    begins[:1] = True
    rises = True
    for column in columns:
        step = column[1:] - column[:-1]
        rises = rises and not np.any((step < 0) & ~begins[1:])
        begins[1:] |= step != 0
    return begins, rises


def by_code(codes: Ints) -> Iterator[tuple[int, Ints]]:
    """Each code from 0 up that occurs, with its rows in row order; negative codes are left out."""
    if len(codes) == 0:
        return
    # A radix sort (numpy sorts 16-bit integers so) costs a tenth of a comparison sort.
    order = np.argsort(codes.astype(np.int16), kind="stable")
    ordered = codes[order]
    cuts = np.flatnonzero(np.diff(ordered)) + 1
    for rows in np.split(order, cuts):
        code = int(codes[rows[0]])
        if code >= 0:
            yield code, rows


def dense(column: Ints) -> Ints:
    """Numbers that are equal where the column is; rising with the rows where equal values touch."""
    if not np.any(column[1:] < column[:-1]):
        return runs(column)
    return np.unique(column, return_inverse=True)[1]


def runs(column: Ints) -> Ints:
    """The number of the run of equal values that each row stands in, from 0 up."""
    changes = np.zeros(len(column), np.int64)
    changes[1:] = column[1:] != column[:-1]
    return np.cumsum(changes)


def nested(outer: Ints, inner: Ints) -> Ints:
    """Numbers for ``inner``, whose every value belongs to one value of the rising ``outer``.

    Where each outer value has one inner value, as nearly every person has one account, the numbers
    are runs and rise with the rows, so that nothing needs sorting later.
    """
    if np.any((inner[1:] != inner[:-1]) & (outer[1:] == outer[:-1])):
        return np.unique(inner, return_inverse=True)[1]
    return runs(inner)


def sorting_order(outer: Ints, middle: Ints, inner: Ints) -> Ints:
    """The order that sorts by (outer, middle, inner).

    The first two are packed into one int64 where they fit, which sorts several times faster; the
    few rows that tie there are put in order afterwards.
    """
    if len(outer) == 0:
        return np.arange(0)
    low = int(middle.min())
    bits = max(int(middle.max()) - low, 1).bit_length()
    if int(outer.min()) < 0 or int(outer.max()).bit_length() + bits > 62:
        return np.lexsort((inner, middle, outer))
    packed = (outer << bits) + (middle - low)
    order = np.argsort(packed)
    ordered = packed[order]
    tied = np.flatnonzero(ordered[1:] == ordered[:-1])
    if len(tied):
        places = np.union1d(tied, tied + 1)
        rows = order[places]
        order[places] = rows[np.lexsort((inner[rows], packed[rows]))]
    return order


def distinct(codes: Ints) -> list[int]:
    """The codes (small, not negative) that occur, rising."""
    return np.flatnonzero(np.bincount(codes)).tolist()
