"""Points: what a programme gives for grams, or for acts (design §10.17).

Points by mass are the steps of a staircase: floor(S/u) after the act less floor(S/u) before it,
where S is the day's running credited sum. So a day's points do not depend on how the day's grams
were cut into acts, and what is left at midnight lapses. Points by table are integers an act.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tanzhang.engine.acts import Acts
from tanzhang.engine.localtime import period_number
from tanzhang.engine.rules import FOR_EVER, Flags, Ints, Period, Points
from tanzhang.engine.settle.carry import Carry
from tanzhang.engine.settle.plan import Plan
from tanzhang.engine.settle.segments import segments

#: A daily maximum that nothing reaches.
UNBOUNDED = 2**62


@dataclass(frozen=True, slots=True)
class Earned:
    """Points of each act, and what each act adds to the day's two running sums."""

    points: Ints
    mass_mg: Ints
    table_points: Ints


def earn_points(
    acts: Acts,
    plan: Plan,
    *,
    wallet: Ints,
    day: Ints,
    programme_version: Ints,
    credited_mg: Ints,
    rewarded: Flags,
    duplicate: Flags,
    carry: Carry,
) -> Earned:
    """Points of each act; rows must be sorted by (subject, start, key).

    ``rewarded`` marks credited acts that earn by table: grams left, or none by design.
    """
    table, on_duplicate = _tables(plan, acts.pack, programme_version)
    listed = table >= 0
    rules = [version.points for version in plan.programme_versions]
    earns = listed & (rewarded | (duplicate & on_duplicate))
    table_points = np.where(earns, table, 0)
    mass_mg = np.where(listed, 0, credited_mg)
    points = np.zeros(len(acts), np.int64)

    rows = np.flatnonzero(mass_mg > 0)
    if len(rows):
        unit, most = _column(rules, "unit_mg"), _column(rules, "daily_max")
        points += _staircase(acts, wallet, day, rows, mass_mg, programme_version, unit, most, carry)
    rows = np.flatnonzero(table_points > 0)
    if len(rows):
        groups = segments(wallet[rows], day[rows])
        rows = rows[groups.order]
        earned = table_points[rows]
        before = groups.exclusive_sum(earned)
        before = before + carry.day_act_points(acts.account[rows], day[rows])
        most = _column(rules, "per_act_daily_max")[programme_version[rows]]
        points[rows] += np.minimum(most, before + earned) - np.minimum(most, before)
    return Earned(points, mass_mg, table_points)


def _staircase(
    acts: Acts,
    wallet: Ints,
    day: Ints,
    rows: Ints,
    mass_mg: Ints,
    programme_version: Ints,
    unit: Ints,
    most: Ints,
    carry: Carry,
) -> Ints:
    groups = segments(wallet[rows], day[rows])
    rows = rows[groups.order]
    mass = mass_mg[rows]
    before = groups.exclusive_sum(mass) + carry.day_mass_mg(acts.account[rows], day[rows])
    u, top = unit[programme_version[rows]], most[programme_version[rows]]
    step = np.maximum(u, 1)
    climbed = np.minimum(top, (before + mass) // step)
    # Within a day an act starts on the step that the one before it has reached.
    from_step = np.append(0, climbed[:-1])
    firsts = groups.firsts()
    from_step[firsts] = np.minimum(top[firsts], before[firsts] // step[firsts])
    steps = climbed - from_step
    points = np.zeros(len(acts), np.int64)
    points[rows] = np.where(u > 0, steps, 0)
    return points


def _tables(plan: Plan, pack: Ints, programme_version: Ints) -> tuple[Ints, Flags]:
    """The table's points for each act, -1 where its pack is not listed, and ``on_duplicate``."""
    rules = [version.points for version in plan.programme_versions]
    table = np.array(
        [[rule.per_act.get(name, -1) for name in plan.pack_names] for rule in rules], np.int64
    )
    on_duplicate = np.array([rule.on_duplicate for rule in rules], bool)
    return table[programme_version, pack], on_duplicate[programme_version]


def _column(rules: list[Points], name: str) -> Ints:
    values = [getattr(rule, name) for rule in rules]
    return np.array([UNBOUNDED if value is None else value for value in values], np.int64)


def expiry_days(day: Ints, years: Ints) -> Ints:
    """The first local day on which points earned on ``day`` can no longer be spent.

    They live to the end of the calendar year that is ``years`` after the day's; below 0: for ever.
    """
    after = period_number(day, Period.YEAR) + years + 1
    begins = after.astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)
    return np.where(years < 0, FOR_EVER, begins)
