"""Segment scans give what plain loops give, on rows in any order and on numbers of any size."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings, strategies as st

from tanzhang.engine.settle.segments import (
    by_code,
    dense,
    distinct,
    nested,
    runs,
    segments,
    sorting_order,
)

SMALL = st.integers(-2, 3)
LARGE = st.integers(0, 2**62) | st.integers(0, 70) | st.integers(-(2**62), 2**62)
ROWS = st.lists(st.tuples(LARGE, LARGE | st.integers(1_700_000_000_000_000, 2**51), SMALL))


def columns(rows: list[tuple[int, ...]], count: int) -> list[np.ndarray]:
    return [np.array([row[place] for row in rows], np.int64) for place in range(count)]


@given(ROWS)
@example([(7, 5, 1), (3, 5, 1), (3, 4, 1), (3, 5, 0), (70, 2**50, 0), (64, 0, 0)])
@example([(2**31, 2**31, 0), (2**31, 0, 0), (1, 2**31, 0)])
@settings(max_examples=200, deadline=None)
def test_rows_are_sorted_by_three_columns_whatever_their_size(rows: list[tuple[int, ...]]) -> None:
    order = sorting_order(*columns(rows, 3)).tolist()
    assert sorted(order) == list(range(len(rows)))
    assert [rows[place] for place in order] == sorted(rows)


@given(st.lists(st.tuples(SMALL, SMALL, st.integers(0, 9))))
@settings(max_examples=200, deadline=None)
def test_groups_hold_equal_rows_in_their_order_and_sum_what_came_before(
    rows: list[tuple[int, ...]],
) -> None:
    first, second, values = columns(rows, 3)
    groups = segments(first, second)
    keys = [rows[place][:2] for place in groups.order.tolist()]
    assert groups.order.tolist() == sorted(range(len(rows)), key=lambda row: rows[row][:2])
    assert groups.start.tolist() == [keys.index(key) for key in keys]
    assert groups.firsts().tolist() == sorted({keys.index(key) for key in keys})
    assert groups.sizes().tolist() == [keys.count(key) for key in sorted(set(keys))]
    listed = values[groups.order]
    assert groups.exclusive_sum(listed).tolist() == [
        sum(listed[begin:place].tolist()) for place, begin in enumerate(groups.start.tolist())
    ]


@given(st.lists(SMALL))
def test_codes_come_with_their_rows_and_negative_ones_not_at_all(codes: list[int]) -> None:
    found = {code: rows.tolist() for code, rows in by_code(np.array(codes, np.int64))}
    assert found == {
        code: [row for row, own in enumerate(codes) if own == code]
        for code in sorted(set(codes))
        if code >= 0
    }
    assert list(found) == sorted(found)


@given(st.lists(SMALL, min_size=1))
def test_numbers_are_equal_where_values_are(values: list[int]) -> None:
    column = np.array(values, np.int64)
    for numbers, same in (
        (dense(column), lambda a, b: values[a] == values[b]),
        (runs(column), lambda a, b: len(set(values[min(a, b) : max(a, b) + 1])) == 1),
    ):
        given_numbers = numbers.tolist()
        for a in range(len(values)):
            for b in range(len(values)):
                assert (given_numbers[a] == given_numbers[b]) == same(a, b)
    assert runs(column).tolist() == sorted(runs(column).tolist())


@given(st.lists(st.integers(0, 3)))
def test_accounts_of_rising_people_get_numbers_of_their_own(people: list[int]) -> None:
    """Each person has two accounts; rows rise by person and not by account."""
    outer = np.array(sorted(people), np.int64)
    inner = outer * 2 + (np.arange(len(people)) % 2)
    numbers = nested(outer, inner).tolist()
    assert len(set(numbers)) == len(set(inner.tolist()))
    assert len(set(zip(numbers, inner.tolist(), strict=True))) == len(set(numbers))


@given(st.lists(st.integers(0, 9)))
def test_distinct_codes_rise(codes: list[int]) -> None:
    assert distinct(np.array(codes, np.int64)) == sorted(set(codes))
