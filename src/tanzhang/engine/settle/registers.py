"""Registers: a few sums beside each account's balance, so that an act in order reads no history.

A register is (account, key, period) → value; what is absent is 0. The registers of an account are
kept as one small byte string of fixed-width entries, the account itself left out. Keys below
``FIRST_LIMIT`` are named here and their periods are local days; the others are limits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tanzhang.engine.rules import Flags, Ints

#: The latest start of any act of the day.
LAST_US = 0
#: The furthest end of any overlapping act that began on the day (or on LONG_AGO: before them all).
BUSY_US = 1
#: The day's running sum of credited milligrams that earn points by mass.
MASS_MG = 2
#: The day's running sum of points by the table, before its daily limit.
TABLE_POINTS = 3
FIRST_LIMIT = 16

#: The period that stands for all days whose own registers were dropped.
LONG_AGO = -(2**31)

#: A limit's key is its stable number times this, and the number of the scene or pack whose acts
#: have room of their own.
PARTS = 1 << 16

#: Keys of the days' inputs that look-backs read have this bit.
LOOK_BACK = 1 << 62

_ENTRY = np.dtype([("key", "<i8"), ("period", "<i4"), ("value", "<i8")])


@dataclass(frozen=True, slots=True)
class Registers:
    """Registers of many accounts, sorted by (account, key, period) without repetition.

    ``account`` is a small number that the caller gives each account, from 0 up.
    """

    account: Ints
    key: Ints
    period: Ints
    value: Ints

    @classmethod
    def none(cls) -> Registers:
        """No registers."""
        empty = np.empty(0, np.int64)
        return cls(empty, empty, empty, empty)

    @classmethod
    def decode(cls, stored: Sequence[bytes]) -> Registers:
        """Read one byte string for each account, in the order of their numbers."""
        entries = np.frombuffer(b"".join(stored), _ENTRY)
        counts = [len(entry) // _ENTRY.itemsize for entry in stored]
        return cls(
            np.repeat(np.arange(len(stored)), counts),
            entries["key"].astype(np.int64),
            entries["period"].astype(np.int64),
            entries["value"].astype(np.int64),
        )

    def encode(self, accounts: int) -> list[bytes]:
        """One byte string for each of the accounts 0 … accounts-1."""
        entries = np.empty(len(self.account), _ENTRY)
        entries["key"], entries["period"], entries["value"] = self.key, self.period, self.value
        flat = entries.tobytes()
        ends = (np.searchsorted(self.account, np.arange(accounts), "right")) * _ENTRY.itemsize
        begins = np.append(0, ends[:-1])
        return [flat[a:b] for a, b in zip(begins.tolist(), ends.tolist(), strict=True)]

    def read(self, account: Ints, key: int, period: Ints) -> Ints:
        """The values of one kind of register, for many accounts and periods at once."""
        rows = np.flatnonzero(self.key == key)
        if len(rows) == 0:
            return np.zeros(len(account), np.int64)
        known = _code(self.account[rows], self.period[rows])  # rises, as the registers do
        asked = _code(account, period)
        place = np.minimum(np.searchsorted(known, asked), len(known) - 1)
        return np.where(known[place] == asked, self.value[rows[place]], 0)

    def read_each(self, account: Ints, key: Ints, period: Ints) -> Ints:
        """The values of registers of any kinds at once."""
        if len(self.value) == 0 or len(account) == 0:
            return np.zeros(len(account), np.int64)
        # Number the accounts' (account, key) pairs together, then find the periods among them.
        count = len(self.account)
        order = np.lexsort((np.append(self.key, key), np.append(self.account, account)))
        both = np.append(self.account, account)[order], np.append(self.key, key)[order]
        steps = np.zeros(len(order), np.int64)
        steps[1:] = (both[0][1:] != both[0][:-1]) | (both[1][1:] != both[1][:-1])
        pair = np.empty(len(order), np.int64)
        pair[order] = np.cumsum(steps)
        known, asked = _code(pair[:count], self.period), _code(pair[count:], period)
        place = np.minimum(np.searchsorted(known, asked), count - 1)
        return np.where(known[place] == asked, self.value[place], 0)

    def written(self, account: Ints, key: Ints, period: Ints, value: Ints) -> Registers:
        """These registers with others put in or in their place; of equals the last one stays."""
        account = np.append(self.account, account)
        key, period = np.append(self.key, key), np.append(self.period, period)
        value = np.append(self.value, value)
        order = np.lexsort((period, key, account))  # stable: a new value follows an old one
        account, key, period = account[order], key[order], period[order]
        last = np.ones(len(order), bool)
        last[:-1] = (
            (account[1:] != account[:-1]) | (key[1:] != key[:-1]) | (period[1:] != period[:-1])
        )
        return Registers(account[last], key[last], period[last], value[order][last])

    def trimmed(self, stays: Flags, accounts: int) -> Registers:
        """Only the registers that stay; of trips that do not, the furthest end is kept."""
        dropped = Registers(*(column[~stays] for column in self._columns()))
        busy = dropped.busy_until_us(accounts, np.full(accounts, 2**31))
        kept = Registers(*(column[stays] for column in self._columns()))
        moving = np.flatnonzero(busy)
        return kept.written(
            moving, np.full(len(moving), BUSY_US), np.full(len(moving), LONG_AGO), busy[moving]
        )

    def _columns(self) -> tuple[Ints, Ints, Ints, Ints]:
        return self.account, self.key, self.period, self.value

    def latest_day(self, accounts: int) -> Ints:
        """The newest local day on which each account has an act; very early where it has none."""
        newest = np.full(accounts, LONG_AGO, np.int64)
        days = self.key == LAST_US
        np.maximum.at(newest, self.account[days], self.period[days])
        return newest

    def busy_until_us(self, accounts: int, last_day: Ints) -> Ints:
        """When the last trip ends of those that began on ``last_day`` of each account or before."""
        busy = np.zeros(accounts, np.int64)
        trips = np.flatnonzero(self.key == BUSY_US)
        trips = trips[self.period[trips] <= last_day[self.account[trips]]]
        np.maximum.at(busy, self.account[trips], self.value[trips])
        return busy


def _code(account: Ints, period: Ints) -> Ints:
    """One number for an account and a period, which is a day or a count of longer periods."""
    return account * (1 << 33) + period + (1 << 32)
