"""Closure: which outcomes a change can reach, and which acts are needed to compute them.

Settlement of a whole life is exact but slow; after a change only a few acts can come out
differently. ``closure`` is the least fixed point of the ways in which one act touches another
(design §2 "Closure"):

- acts of one account and local day share the day's points;
- an act takes room from all later acts in a limit's period;
- acts of an overlapping class that run into each other, and acts with one once-key or claim key;
  where subjects are linked, those of all kin (``parties.kin_of``), whether they meet or not;
- an act is read by the look-backs of the days after it.

``needed`` walks the same ways backwards: earlier acts in a limit's period, days that a look-back
reads, rivals. Settling ``needed(closure)`` gives every act of the closure its true outcome.
Both err on the side of more: they ignore eligibility.

Where the rules themselves have changed, acts also touch each other by the rules that counted
before (``old_ways``): an act may have taken room from others by a limit that no longer counts it.
What an act took by an old conflict class is not found here: the losers name their winner.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tanzhang.engine.acts import Acts
from tanzhang.engine.localtime import period_number
from tanzhang.engine.rules import Flags, Ints, Period, Rulebook, Scope
from tanzhang.engine.settle.claims import once_periods
from tanzhang.engine.settle.conflicts import time_clusters
from tanzhang.engine.settle.eligibility import days_of
from tanzhang.engine.settle.parties import kin_of
from tanzhang.engine.settle.plan import Family, Plan, plan_of
from tanzhang.engine.settle.quantities import dense_pairs
from tanzhang.engine.settle.segments import Segments, segments

#: Days around an act on which another act can overlap it: packs bound overlapping acts to a day.
OVERLAP_DAYS = 2

#: A day before and a day after every act there is.
BEFORE_ALL, AFTER_ALL = -(2**31), 2**31


def closure(acts: Acts, rulebook: Rulebook, changed: Flags, *, old_ways: bool = False) -> Flags:
    """The rows whose outcomes can change when the ``changed`` rows do.

    Rows are positions, sorted by (kin, start): a fact that moved stands at its old and at its
    new position, both changed.
    """
    ways = _Ways.of(acts, plan_of(rulebook), old_ways)
    return ways.spread(changed, forward=True)


def needed(acts: Acts, rulebook: Rulebook, wanted: Flags, *, old_ways: bool = False) -> Flags:
    """The rows that must be settled together so that the ``wanted`` rows come out true."""
    ways = _Ways.of(acts, plan_of(rulebook), old_ways)
    return ways.spread(wanted, forward=False)


def reach(acts: Acts, rulebook: Rulebook, *, old_ways: bool = False) -> tuple[Ints, Ints]:
    """The first and the last local day on which another act could touch each row's act.

    Once-keys and claims are left out: they are found by key, not by day.
    """
    plan = plan_of(rulebook)
    ways = _Ways.of(acts, plan, old_ways)
    first, last = ways.day.copy(), ways.day.copy()
    overlapping = [rows for _, rows in ways.overlapping()]
    for rows in [np.arange(len(acts))] if old_ways else overlapping:
        first[rows] -= OVERLAP_DAYS
        last[rows] += OVERLAP_DAYS
    for days, rows in ways.looking_back():
        first[rows] = np.minimum(first[rows], ways.day[rows] - days)
        last[rows] = np.maximum(last[rows], ways.day[rows] + days)
    for family, rows in ways.limited():
        begin, end = _period_days(ways.day[rows], family.period)
        first[rows] = np.minimum(first[rows], begin)
        last[rows] = np.maximum(last[rows], end)
    return first, last


def _period_days(day: Ints, period: Period) -> tuple[Ints, Ints]:
    """The first and the last day of the period that holds each day."""
    if period is Period.DAY:
        return day, day
    if period is Period.WEEK:
        begin = day - (day + 3) % 7
        return begin, begin + 6
    if period is Period.LIFETIME:
        return np.full_like(day, BEFORE_ALL), np.full_like(day, AFTER_ALL)
    unit = "datetime64[M]" if period is Period.MONTH else "datetime64[Y]"
    number = period_number(day, period)
    begin = number.astype(unit).astype("datetime64[D]").astype(np.int64)
    after = (number + 1).astype(unit).astype("datetime64[D]").astype(np.int64)
    return begin, after - 1


@dataclass(frozen=True, slots=True)
class _Ways:
    """The ways in which rows touch each other; eligibility is not asked."""

    acts: Acts
    plan: Plan
    kin: Ints
    day: Ints
    version: Ints
    programme_version: Ints
    classes: Ints
    old_ways: bool

    @classmethod
    def of(cls, acts: Acts, plan: Plan, old_ways: bool) -> _Ways:
        day = days_of(acts, plan)
        version = plan.pack_version(acts.pack, day)
        classes = np.append(plan.class_of_version, -1)[version]
        programme_version = plan.programme_version(acts.programme, day)
        kin = kin_of(acts)
        return cls(acts, plan, kin, day, version, programme_version, classes, old_ways)

    def spread(self, seed: Flags, *, forward: bool) -> Flags:
        """The least set that holds ``seed`` and everything that it touches."""
        reached = seed.copy()
        together = [self._places(groups, rows) for groups, rows in self._together(forward)]
        directed = [self._places(groups, rows) for groups, rows in self._directed()]
        while True:
            before = int(reached.sum())
            for rows, start in together:
                reached[rows] |= _any_in_group(reached[rows], start)
            for rows, start in directed:
                reached[rows] |= _any_before(reached[rows], start, forward)
            for days, rows in self.looking_back():
                reached[rows] |= self._within(rows, reached[rows], days, forward)
            if int(reached.sum()) == before:
                return reached

    @staticmethod
    def _places(groups: Segments, rows: Ints) -> tuple[Ints, Ints]:
        return rows[groups.order], groups.start

    def _together(self, forward: bool) -> Iterator[tuple[Segments, Ints]]:
        """Groups in which every act touches every other."""
        everyone = np.arange(len(self.acts))
        if forward:  # a day's points are shared, but nobody's points are needed by another
            yield segments(self.acts.account, self.day), everyone
        periods = once_periods(self.plan, self.classes, self.day)
        for number, conflict_class in enumerate(self.plan.classes):
            rows = np.flatnonzero(self.classes == number)
            if conflict_class.once is None or len(rows) == 0:
                continue
            key = [self.acts.item[rows], periods[rows]]
            if not conflict_class.shared:
                key.append(self.kin[rows])
            yield segments(*key), rows
        for _, rows in self.overlapping():
            yield time_clusters(self.acts, self.kin, rows), rows

    def _directed(self) -> Iterator[tuple[Segments, Ints]]:
        """Groups in which an act touches all later ones: a limit's owner and period."""
        for family, rows in self.limited():
            columns = [self.acts.account[rows], family.part(self.acts, rows)]
            if family.scope is Scope.PROGRAMME:
                columns = [self.kin[rows], self.acts.programme[rows]]
            if family.per_item_key:
                columns.append(self.acts.item[rows])
            yield segments(*columns, period_number(self.day[rows], family.period)), rows

    def overlapping(self) -> Iterator[tuple[int, Ints]]:
        """The rows of each overlapping class."""
        for number, conflict_class in enumerate(self.plan.classes):
            rows = np.flatnonzero(
                (self.classes == number) & (self.acts.ended_us >= self.acts.started_us)
            )
            if conflict_class.overlap and len(rows):
                yield number, rows

    def limited(self) -> Iterator[tuple[Family, Ints]]:
        """The rows that each limit counts, or has counted by the old ways."""
        for family in self.plan.families:
            if self.old_ways:
                rows = np.flatnonzero(self.plan.ever_stated(family, self.acts))
            else:
                stated = self.plan.stated(family, self.version, self.programme_version)
                rows = np.flatnonzero(stated)
            if len(rows):
                yield family, rows

    def looking_back(self) -> Iterator[tuple[int, Ints]]:
        """The rows of each pack whose acts look back, and how many days at most."""
        for pack, first in enumerate(self.plan.first_version.tolist()):
            count = len(self.plan.version_days[pack])
            versions = self.plan.versions[first : first + count]
            days = max((b.days for version in versions for b in version.look_backs), default=0)
            rows = np.flatnonzero((self.acts.pack == pack) & (days > 0))
            if len(rows):
                yield days, rows

    def _within(self, rows: Ints, reached: Flags, days: int, forward: bool) -> Flags:
        """Which rows have a reached row of their series in the ``days`` before (or after) them."""
        series = dense_pairs(self.acts.account[rows], self.acts.item[rows]) * (1 << 32)
        code = series + self.day[rows] + (1 << 31)
        known = np.unique(code[reached])
        begin, end = (code - days, code - 1) if forward else (code + 1, code + days)
        found = np.searchsorted(known, begin, "left") < np.searchsorted(known, end, "right")
        return np.asarray(found)


def _any_in_group(flags: Flags, start: Ints) -> Flags:
    """Whether any row of each row's group is flagged; ``start`` is the group's first place."""
    counts = np.zeros(len(start), np.int64)
    np.add.at(counts, start, flags)
    return np.asarray(counts[start] > 0)


def _any_before(flags: Flags, start: Ints, forward: bool) -> Flags:
    """Whether any earlier row of the group is flagged (any later one, if not forward)."""
    counts = np.cumsum(flags)
    before: Ints = counts - flags
    earlier = before - before[start] > 0
    if forward:
        return np.asarray(earlier)
    total = np.zeros(len(start), np.int64)
    np.add.at(total, start, flags)
    return np.asarray(total[start] - (counts - before[start]) > 0)
