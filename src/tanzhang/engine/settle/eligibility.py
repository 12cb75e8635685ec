"""Eligibility: which acts take part at all, and the first reason why one does not.

Reasons are tried in the order of design §10.18: withdrawn, held, pack, consent, joining,
activation, inputs, bounds, key. An act that fails here takes part in nothing that follows.
"""

from __future__ import annotations

import numpy as np

from tanzhang.engine.acts import Acts, Reason, State
from tanzhang.engine.localtime import local_days
from tanzhang.engine.rules import Bound, Flags, Ints, PackVersion
from tanzhang.engine.settle.plan import Plan
from tanzhang.engine.settle.segments import by_code, distinct

#: Metres per hour times this is metres per microsecond, upside down.
US_PER_HOUR = 3_600_000_000


def days_of(acts: Acts, plan: Plan) -> Ints:
    """The local day of each act, in its programme's time zone."""
    day = np.zeros(len(acts), np.int64)
    for index in distinct(acts.programme):
        rows = acts.programme == index
        day[rows] = local_days(acts.started_us[rows], plan.programme_zones[index])
    return day


def reasons(acts: Acts, plan: Plan, day: Ints, version: Ints) -> Ints:
    """The first reason against each act, Reason.NONE where there is none."""
    reason = np.zeros(len(acts), np.int64)

    def refuse(failing: Flags, why: Reason) -> None:
        reason[failing & (reason == Reason.NONE)] = why

    first_days = np.array([days[0] for days in plan.programme_days], np.int64)
    refuse(acts.state == State.WITHDRAWN, Reason.WITHDRAWN)
    refuse(acts.state == State.HELD, Reason.HELD)
    refuse(version < 0, Reason.NO_PACK)
    refuse(~acts.consent, Reason.NO_CONSENT)
    refuse(day < acts.joined_day, Reason.BEFORE_JOINING)
    refuse(day < first_days[acts.programme], Reason.BEFORE_ACTIVATION)
    refuse(day >= plan.programme_ends[acts.programme], Reason.AFTER_END)
    open_rows = np.where(reason == Reason.NONE, version, -1)
    for number, rows in by_code(open_rows):
        reason[rows] = _version_reasons(acts, plan.versions[number], rows)
    return reason


def _version_reasons(acts: Acts, version: PackVersion, rows: Ints) -> Ints:
    reason = np.zeros(len(rows), np.int64)

    def refuse(failing: Flags, why: int) -> None:
        reason[failing & (reason == Reason.NONE)] = why

    duration_us = acts.ended_us[rows] - acts.started_us[rows]
    for slot, declared in enumerate(version.inputs):
        if declared.required:
            refuse(~acts.given[rows, slot], Reason.MISSING_INPUT)
    refuse(duration_us < 0, Reason.ENDS_BEFORE_START)
    for place, bound in enumerate(bounds_of(version)):
        refuse(_violates(acts, version, bound, rows, duration_us), Reason.BOUND + place)
    if version.conflict_class is not None and version.conflict_class.once is not None:
        refuse(acts.item[rows] == 0, Reason.MISSING_KEY)
    return reason


def bounds_of(version: PackVersion) -> tuple[Bound, ...]:
    """All bounds of a version in order: each input's own range, then the declared bounds."""
    ranges = (
        Bound(declared.name, "input", declared.name, declared.minimum, declared.maximum)
        for declared in version.inputs
    )
    return (*ranges, *version.bounds)


def _violates(
    acts: Acts, version: PackVersion, bound: Bound, rows: Ints, duration_us: Ints
) -> Flags:
    if bound.kind == "duration":
        return _outside(duration_us, bound, scale=1_000_000)
    slot = [declared.name for declared in version.inputs].index(bound.input)
    value = acts.inputs[rows, slot]
    given = acts.given[rows, slot]
    if bound.kind == "input":
        outside: Flags = given & _outside(value, bound)
        return outside
    # Speed. Comparing products keeps integers exact. Distance over zero duration violates any
    # speed bound, zero over zero none (design §10.7).
    failing = (duration_us == 0) & (value > 0)
    travelled = value * US_PER_HOUR
    if bound.maximum is not None:
        failing |= travelled > bound.maximum * duration_us
    if bound.minimum is not None:
        failing |= travelled < bound.minimum * duration_us
    violated: Flags = given & failing
    return violated


def _outside(value: Ints, bound: Bound, scale: int = 1) -> Flags:
    failing = np.zeros(len(value), bool)
    if bound.minimum is not None:
        failing |= value < bound.minimum * scale
    if bound.maximum is not None:
        failing |= value > bound.maximum * scale
    return failing
