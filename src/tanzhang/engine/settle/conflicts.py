"""Conflicts: of acts that are the same act, one is kept (design §10.10).

One greedy pass per (kin, class) in conflict order — grade, start, key: an act is kept if no
kept act of its class that meets it overlaps it or has its once-key. The pass is a loop, but almost
no act has a rival: the scans find the few groups in which two acts could touch, and only those are
walked.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from tanzhang.engine.acts import Acts, Reason
from tanzhang.engine.rules import Ints
from tanzhang.engine.settle.claims import NOBODY
from tanzhang.engine.settle.plan import Plan
from tanzhang.engine.settle.segments import Segments, dense, segments

#: Later than every act: what blocks an act that nothing blocks.
FREE = 2**62


def lost_conflicts(
    acts: Acts, plan: Plan, kin: Ints, classes: Ints, periods: Ints
) -> tuple[Ints, Ints]:
    """For each act the kept act that blocks it (NOBODY if it is kept) and why.

    Rows must be sorted by (kin, start, key). ``classes`` is the class number of each act that
    takes part and -1 for all others.
    """
    lost_to = np.full(len(acts), NOBODY, np.int64)
    reason = np.zeros(len(acts), np.int64)
    for number, conflict_class in enumerate(plan.classes):
        rows = np.flatnonzero(classes == number)
        if len(rows) < 2:
            continue
        once = conflict_class.once is not None
        if once and conflict_class.overlap:
            groups = segments(dense(kin[rows]))
        elif once:
            groups = segments(dense(kin[rows]), acts.item[rows], periods[rows])
        elif conflict_class.overlap:
            groups = time_clusters(acts, kin, rows)
        else:
            continue
        _walk(
            acts, groups, rows, periods if once else None, conflict_class.overlap, lost_to, reason
        )
    return lost_to, reason


def time_clusters(acts: Acts, kin: Ints, rows: Ints) -> Segments:
    """Runs of acts of one kin in which each starts before all earlier ones have ended.

    The running maximum of end times restarts with each kin: its number and the end time share
    one int64, the time coarsened so that it fits, which can only join runs, never part them.
    """
    owner = dense(kin[rows])
    started, ended = acts.started_us[rows], acts.ended_us[rows]
    origin = int(started.min())
    span_bits = max(int(ended.max()) - origin, 1).bit_length()
    owner_bits = int(owner.max()).bit_length()
    coarse = max(0, span_bits + owner_bits + 1 - 62)
    room = span_bits - coarse + 1
    reach = (owner << room) + ((ended - origin + (1 << coarse) - 1) >> coarse)
    begin = (owner << room) + ((started - origin) >> coarse)
    furthest = np.maximum.accumulate(reach)
    begins = np.ones(len(rows), bool)
    begins[1:] = begin[1:] >= furthest[:-1]
    start = np.maximum.accumulate(np.where(begins, np.arange(len(rows)), 0))
    return Segments(np.arange(len(rows)), start)


def _walk(
    acts: Acts,
    groups: Segments,
    rows: Ints,
    periods: Ints | None,
    overlap: bool,
    lost_to: Ints,
    reason: Ints,
) -> None:
    sizes = groups.sizes()
    met = np.flatnonzero(np.repeat(sizes, sizes) > 1)
    group, rows = groups.start[met], rows[groups.order[met]]
    order = np.lexsort((acts.key[rows], acts.started_us[rows], -acts.grade[rows], group))
    group, rows = group[order], rows[order]
    starts, ends = acts.started_us[rows].tolist(), acts.ended_us[rows].tolist()
    once_keys: list[tuple[int, int] | None] = [None] * len(rows)
    if periods is not None:
        named = zip(acts.item[rows].tolist(), periods[rows].tolist(), strict=True)
        once_keys = list(named)
    # An act meets others by its subject, and by its party where that is another.
    subjects = acts.subject[rows].tolist()
    parties = subjects if acts.party is None else acts.party[rows].tolist()
    kept, walked = defaultdict[int, _Kept](partial(_Kept, overlap)), -1
    for place, in_group in enumerate(group.tolist()):
        if in_group != walked:
            kept.clear()
            walked = in_group
        start, end, once_key = starts[place], ends[place], once_keys[place]
        own, shared = kept[subjects[place]], kept[parties[place]]
        blocker = own.blocker(start, end, once_key)
        if shared is not own:
            blocker = min(blocker, shared.blocker(start, end, once_key))
        if blocker == FREE:
            own.keep(place, start, end, once_key)
            if shared is not own:
                shared.keep(place, start, end, once_key)
        else:
            lost_to[rows[place]] = rows[blocker]
            same = once_key is not None and once_keys[blocker] == once_key
            reason[rows[place]] = Reason.ONCE if same else Reason.OVERLAP


@dataclass(slots=True)
class _Kept:
    """The kept acts of one group that meet by one subject or one party, in conflict order.

    Such acts never overlap one another, so sorted by start they are sorted by end as well: those
    that overlap a new interval stand side by side.
    """

    overlap: bool
    spans: list[tuple[int, int, int]] = field(default_factory=list)
    once: dict[tuple[int, int], int] = field(default_factory=dict)

    def blocker(self, start: int, end: int, once_key: tuple[int, int] | None) -> int:
        """The first kept act, in conflict order, that overlaps the interval or has its key."""
        found = FREE if once_key is None else self.once.get(once_key, FREE)
        if self.overlap:
            # Half-open intervals overlap exactly where s1 < e2 (left of place) and s2 < e1.
            place = bisect_left(self.spans, (end,))
            while place > 0 and self.spans[place - 1][1] > start:
                place -= 1
                found = min(found, self.spans[place][2])
        return found

    def keep(self, place: int, start: int, end: int, once_key: tuple[int, int] | None) -> None:
        """Add a kept act."""
        if self.overlap:
            insort(self.spans, (start, end, place))
        if once_key is not None:
            self.once.setdefault(once_key, place)
