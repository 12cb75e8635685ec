"""How much of a group's total its managers see: nobody can be read out of it.

A cell (a scene, a source) with fewer than ten members behind it is shown only together with others,
so that whatever is hidden together has ten members behind it. A member's own part is shown only if
she lets it be, and only while nobody's hidden part could be reckoned from the rest.
In a household, and among the accounts of one person, everybody has agreed to be seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Final

from tanzhang.apps.activities.rollup import RollUp, Sum

#: Fewer people than this could be told apart (the usual floor of published statistics).
FLOOR: Final = 10


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be seen of a total.

    ``members`` is None where no part of a member may be seen. ``others`` under a breakdown is what
    is told together; None if everything is told apart.
    """

    total: Sum
    accounts: int
    scenes: Mapping[int, Sum]
    other_scenes: Sum | None
    sources: Mapping[int, Sum]
    other_sources: Sum | None
    members: Mapping[int, Sum] | None
    other_members: Sum | None


def shown_to_all(found: RollUp) -> Shown:
    """Everything: to the person herself, and within a household."""
    return Shown(
        *(found.total, found.accounts, found.by_scene, None, found.by_source, None),
        *(found.by_member, None),
    )


def shown_to_managers(found: RollUp, willing: Set[int]) -> Shown:
    """What those who look after a group see of it; ``willing`` let their own part be seen."""
    scenes, other_scenes = told_apart(found.by_scene)
    sources, other_sources = told_apart(found.by_source)
    silent = [cell for account, cell in found.by_member.items() if account not in willing]
    with_acts = sum(bool(cell.acts) for cell in silent)
    members = None
    if with_acts == 0 or with_acts >= FLOOR:
        members = {one: cell for one, cell in found.by_member.items() if one in willing}
    return Shown(
        *(found.total, found.accounts, scenes, other_scenes, sources, other_sources),
        *(members, summed(silent) if members is not None and silent else None),
    )


def told_apart(cells: Mapping[int, Sum]) -> tuple[Mapping[int, Sum], Sum | None]:
    """The cells that may be seen, and the rest as one.

    The rest has the floor of members behind it; where all cells together have not, none is seen.
    """
    order = sorted(cells, key=lambda name: (len(cells[name].members), name))
    hidden: list[int] = [name for name in order if len(cells[name].members) < FLOOR]
    seen = order[len(hidden) :]
    while hidden and seen and len(summed([cells[name] for name in hidden]).members) < FLOOR:
        hidden.append(seen.pop(0))
    rest = summed([cells[name] for name in hidden]) if hidden else None
    return {name: cells[name] for name in cells if name in set(seen)}, rest


def summed(cells: list[Sum]) -> Sum:
    """Several sums as one."""
    whole = Sum()
    for cell in cells:
        whole.reduction_mg += cell.reduction_mg
        whole.acts += cell.acts
        whole.members |= cell.members
        for unit, points in cell.points.items():
            whole.points[unit] = whole.points.get(unit, 0) + points
    return whole
