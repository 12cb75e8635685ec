"""What earlier acts used already: the sums that a part of a book starts from.

Settling a whole book starts from nothing. Settling only the newest acts of an account starts from
sums that are kept beside its balance (``tanzhang.engine.settle.running``); both read them through
``Carry``.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from tanzhang.engine.rules import Ints

#: Number and sum of a day's inputs in one integer: the number above, the sum below this bit.
ONE_ACT = 1 << 48


class Carry(Protocol):
    """Sums over an account's earlier acts. Each question is asked for many acts at once."""

    def limit_used(self, family: int, account: Ints, part: Ints, period: Ints) -> Ints:
        """What limit ``family`` was offered in the period, in its own unit (mg or acts).

        ``part`` is the family's part of the account's acts (``plan.Family.part``).
        """
        ...

    def day_mass_mg(self, account: Ints, day: Ints) -> Ints:
        """The day's running sum of credited milligrams that earn points by mass."""
        ...

    def day_input(self, pack: int, slot: int, account: Ints, item: Ints, day: Ints) -> Ints:
        """What look-backs read of the day: the acts' number times ``ONE_ACT`` and their sum."""
        ...

    def day_act_points(self, account: Ints, day: Ints) -> Ints:
        """The day's running sum of points by the table, before its daily limit."""
        ...


class NoCarry:
    """A book from its first act on."""

    def limit_used(self, family: int, account: Ints, part: Ints, period: Ints) -> Ints:
        """Nothing yet."""
        return np.zeros(len(account), np.int64)

    def day_mass_mg(self, account: Ints, day: Ints) -> Ints:
        """Nothing yet."""
        return np.zeros(len(account), np.int64)

    def day_input(self, pack: int, slot: int, account: Ints, item: Ints, day: Ints) -> Ints:
        """Nothing yet."""
        return np.zeros(len(account), np.int64)

    def day_act_points(self, account: Ints, day: Ints) -> Ints:
        """Nothing yet."""
        return np.zeros(len(account), np.int64)
