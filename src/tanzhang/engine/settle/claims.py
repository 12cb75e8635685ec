"""Claims: who holds a thing that several people could report (design §10.9).

A meter and month, an order, a ticket: of all eligible acts under one key, the first in conflict
order holds it. Acts under the key that do not meet it — those of other people — lose to it and
block nobody.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tanzhang.engine.acts import Acts, Reason, Witnesses
from tanzhang.engine.localtime import period_number
from tanzhang.engine.rules import ConflictClass, Ints, Rulebook
from tanzhang.engine.settle.eligibility import days_of, reasons
from tanzhang.engine.settle.plan import Plan, plan_of
from tanzhang.engine.settle.segments import Segments, segments

#: ``lost_to`` values: a row, NOBODY, or FIRST_WITNESS - w for witness w.
NOBODY = -1
FIRST_WITNESS = -2


def once_periods(plan: Plan, classes: Ints, day: Ints) -> Ints:
    """The number of the once-period of each act's class that holds its local day; 0 for none."""
    periods = np.zeros(len(classes), np.int64)
    for number, conflict_class in enumerate(plan.classes):
        if conflict_class.once is not None:
            rows = classes == number
            periods[rows] = period_number(day[rows], conflict_class.once)
    return periods


def lost_claims(
    acts: Acts, plan: Plan, classes: Ints, periods: Ints, witnesses: Witnesses | None
) -> Ints:
    """For each act the act that holds its claim for somebody else, NOBODY if none does.

    ``classes`` is the class number of each eligible act and -1 for all others; ``periods`` its
    once-period.
    """
    lost_to = np.full(len(acts), NOBODY, np.int64)
    shared = np.array([conflict_class.shared for conflict_class in plan.classes], bool)
    rows = np.flatnonzero((classes >= 0) & np.append(shared, False)[classes])
    if len(rows) == 0:
        return lost_to
    subject, key = acts.subject[rows], acts.key[rows]
    party = subject if acts.party is None else acts.party[rows]
    started, grade = acts.started_us[rows], acts.grade[rows]
    claim = [classes[rows], acts.item[rows], periods[rows]]
    holder = rows
    if witnesses is not None and len(witnesses.subject):
        names = {conflict_class.name: n for n, conflict_class in enumerate(plan.classes)}
        known = np.array([names.get(name, -1) for name in witnesses.conflict_class], np.int64)
        subject = np.append(subject, witnesses.subject)
        party = np.append(party, witnesses.subject)  # strangers: they meet no act here
        key = np.append(key, witnesses.key)
        started = np.append(started, witnesses.started_us)
        grade = np.append(grade, witnesses.grade)
        claim = [
            np.append(claim[0], known),
            np.append(claim[1], witnesses.item),
            np.append(claim[2], witnesses.period),
        ]
        holder = np.append(holder, FIRST_WITNESS - np.arange(len(witnesses.subject)))
    several = _named_by_several(segments(*claim), subject)
    ranked = several[np.lexsort((key[several], started[several], -grade[several]))]
    groups = segments(*(column[ranked] for column in claim))
    listed = ranked[groups.order]
    first = listed[groups.start]
    loses = (subject[first] != subject[listed]) & (party[first] != party[listed])
    loses &= holder[listed] >= 0
    lost_to[holder[listed[loses]]] = holder[first[loses]]
    return lost_to


def _named_by_several(groups: Segments, subject: Ints) -> Ints:
    """The rows of groups in which more than one subject stands."""
    listed = subject[groups.order]
    contested = np.zeros(len(listed), bool)
    contested[groups.start[listed != listed[groups.start]]] = True
    return groups.order[contested[groups.start]]


@dataclass(frozen=True, slots=True)
class OnceKeys:
    """The eligible acts whose class counts once a key: their rows, classes and once-periods."""

    row: Ints
    conflict_class: tuple[ConflictClass, ...]  #: the class of each such act
    period: Ints


def once_keys(acts: Acts, rulebook: Rulebook) -> OnceKeys:
    """Which acts compete for a once-key or a claim, before anything is decided."""
    plan = plan_of(rulebook)
    day = days_of(acts, plan)
    version = plan.pack_version(acts.pack, day)
    eligible = reasons(acts, plan, day, version) == Reason.NONE
    classes = np.append(plan.class_of_version, -1)[np.where(eligible, version, -1)]
    once = np.array([c.once is not None for c in plan.classes] + [False], bool)
    rows = np.flatnonzero(once[classes])
    periods = once_periods(plan, classes, day)
    return OnceKeys(
        rows, tuple(plan.classes[number] for number in classes[rows].tolist()), periods[rows]
    )
