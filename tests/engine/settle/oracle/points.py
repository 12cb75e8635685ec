"""Points (design §2 "Points", §10.17)."""

from __future__ import annotations

from collections.abc import Sequence

from tanzhang.engine.acts import Status

from .lines import Line


def award_points(lines: Sequence[Line]) -> None:
    """Each account's local day by itself: a pack in the table earns by the table only."""
    for line in lines:
        if line.rules is None or line.status not in (Status.CREDITED, Status.DUPLICATE):
            continue
        earlier = [
            other
            for other in lines
            if other.fact.account == line.fact.account
            and other.day == line.day
            and other.in_time < line.in_time
        ]
        award = by_table if line.pack_id in line.rules.points.per_act else by_mass
        line.points = award(line, earlier)


def by_mass(line: Line, earlier: Sequence[Line]) -> int:
    """One point per unit of the running credited sum of the acts that earn by mass."""
    assert line.rules is not None
    points = line.rules.points
    if points.unit_mg == 0:
        return 0
    before_mg = sum(x.credited_mg for x in earlier if x.pack_id not in points.per_act)
    before = before_mg // points.unit_mg
    after = (before_mg + line.credited_mg) // points.unit_mg
    return capped(after, points.daily_max) - capped(before, points.daily_max)


def by_table(line: Line, earlier: Sequence[Line]) -> int:
    """The act's own number in full, under the day's ceiling."""
    assert line.rules is not None
    ceiling = line.rules.points.per_act_daily_max
    before = sum(own_points(other) for other in earlier)
    return capped(before + own_points(line), ceiling) - capped(before, ceiling)


def own_points(line: Line) -> int:
    """What the table gives to this act before the day's ceiling."""
    if line.rules is None:
        return 0
    points = line.rules.points
    if line.status is Status.DUPLICATE:
        earns = points.on_duplicate
    else:
        earns = line.status is Status.CREDITED and (line.credited_mg > 0 or line.is_zero_by_design)
    return points.per_act.get(line.pack_id, 0) if earns else 0


def capped(points: int, ceiling: int | None) -> int:
    return points if ceiling is None else min(ceiling, points)
