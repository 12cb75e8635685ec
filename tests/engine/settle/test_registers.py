"""Registers as columns: written over, read by account, kind and period, put away and trimmed."""

from __future__ import annotations

import numpy as np

from tanzhang.engine.settle.registers import (
    BUSY_US,
    FIRST_LIMIT,
    LAST_US,
    LONG_AGO,
    Registers,
)

A, B = FIRST_LIMIT, FIRST_LIMIT + 1

Row = tuple[int, int, int, int]  #: account, key, period, value

SEVERAL: tuple[Row, ...] = (
    (0, A, 4, 40),
    (0, A, 5, 50),
    (1, A, 4, 41),
    (1, B, 4, 42),
    (2, A, 4, 43),
    (2, A, 6, 63),
)


def registers(*rows: Row) -> Registers:
    columns = np.array(rows, np.int64).reshape(-1, 4).T
    return Registers.none().written(*columns)


def rows_of(told: Registers) -> list[Row]:
    columns = (told.account, told.key, told.period, told.value)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def test_registers_are_sorted_however_they_are_written() -> None:
    assert rows_of(registers(*SEVERAL[::-1])) == [*SEVERAL]
    assert rows_of(registers()) == []


def test_of_equal_registers_the_last_one_stays_and_all_others_stay() -> None:
    news = np.array([(0, A, 5, 1), (1, B, 4, 2), (2, A, 4, 3), (2, A, 5, 4)], np.int64)
    assert rows_of(registers(*SEVERAL).written(*news.T)) == [
        (0, A, 4, 40),
        (0, A, 5, 1),
        (1, A, 4, 41),
        (1, B, 4, 2),
        (2, A, 4, 3),
        (2, A, 5, 4),
        (2, A, 6, 63),
    ]


def test_a_register_is_read_by_its_account_kind_and_period_and_is_nought_before() -> None:
    told = registers(*SEVERAL)
    account, period = np.array([2, 0, 1, 1, 3]), np.array([6, 5, 4, 5, 4])
    assert told.read(account, A, period).tolist() == [63, 50, 41, 0, 0]
    assert told.read(account, B, period).tolist() == [0, 0, 42, 0, 0]
    assert told.read(account, B + 1, period).tolist() == [0] * 5


def test_registers_of_several_kinds_are_read_at_once() -> None:
    told = registers(*SEVERAL)
    asked = np.array([(1, B, 4), (1, A, 4), (2, B, 4), (2, A, 6), (0, A, 4), (3, A, 4)])
    assert told.read_each(*asked.T).tolist() == [42, 41, 0, 63, 40, 0]
    assert Registers.none().read_each(*asked.T).tolist() == [0] * 6


def test_each_account_has_a_byte_string_of_its_own() -> None:
    told = registers(*SEVERAL)
    stored = told.encode(4)
    assert [len(part) for part in stored] == [40, 40, 40, 0]
    assert rows_of(Registers.decode(stored)) == [*SEVERAL]
    assert rows_of(Registers.decode([stored[3], stored[1]])) == [(1, A, 4, 41), (1, B, 4, 42)]


def test_what_is_dropped_leaves_the_furthest_end_of_its_trips() -> None:
    told = registers(
        (0, BUSY_US, 4, 900),
        (0, BUSY_US, 5, 700),
        (0, BUSY_US, 6, 800),
        (1, BUSY_US, 6, 600),
        (1, A, 4, 41),
    )
    left = told.trimmed(told.period == 6, 3)
    assert rows_of(left) == [
        (0, BUSY_US, LONG_AGO, 900),
        (0, BUSY_US, 6, 800),
        (1, BUSY_US, 6, 600),
    ]
    assert left.busy_until_us(3, np.array([5, 6, 6])).tolist() == [900, 600, 0]
    assert left.busy_until_us(3, np.array([6, 5, 6])).tolist() == [900, 0, 0]


def test_the_newest_day_is_that_of_the_latest_start() -> None:
    told = registers((0, LAST_US, 4, 1), (0, LAST_US, 7, 1), (0, A, 9, 1), (1, LAST_US, 5, 1))
    assert told.latest_day(3).tolist() == [7, 5, LONG_AGO]
