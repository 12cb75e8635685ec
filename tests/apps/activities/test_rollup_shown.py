"""Nobody can be read out of a group's total by those who look after the group."""

from __future__ import annotations

from hypothesis import given, strategies as st

from tanzhang.apps.activities.rollup import RollUp, Sum
from tanzhang.apps.activities.rollup_shown import (
    FLOOR,
    shown_to_all,
    shown_to_managers,
    summed,
    told_apart,
)


def cell(*members: int, mg: int = 100) -> Sum:
    return Sum(mg * len(members), {2: len(members)}, len(members), set(members))


def rolled(members: int) -> RollUp:
    by_member = {number: cell(number) for number in range(members)}
    everybody = cell(*range(members))
    return RollUp(0, 30, members + 1, everybody, by_member, {1: everybody}, {7: everybody})


CELLS = st.dictionaries(st.integers(1, 8), st.sets(st.integers(0, 30), min_size=1), max_size=8).map(
    lambda drawn: {name: cell(*members) for name, members in drawn.items()}
)


@given(CELLS)
def test_what_is_hidden_has_ten_members_or_is_everything(cells: dict[int, Sum]) -> None:
    seen, rest = told_apart(cells)
    assert all(len(one.members) >= FLOOR for one in seen.values())
    assert summed([*seen.values(), *([rest] if rest else [])]) == summed([*cells.values()])
    if rest is not None and seen:
        assert len(rest.members) >= FLOOR


def test_a_cell_of_few_takes_the_smallest_other_into_hiding() -> None:
    cells = {1: cell(1, 2), 2: cell(*range(10, 22)), 3: cell(*range(15))}
    seen, rest = told_apart(cells)
    assert set(seen) == {3}
    assert rest == summed([cells[1], cells[2]])


def test_a_group_under_ten_shows_no_member_without_consent() -> None:
    assert shown_to_managers(rolled(9), set()).members is None
    assert shown_to_managers(rolled(9), {1, 2, 3}).members is None
    assert shown_to_managers(rolled(9), set(range(9))).members == rolled(9).by_member


def test_one_hidden_member_is_not_reckoned_from_the_others() -> None:
    nobody_else = shown_to_managers(rolled(40), set(range(39)))
    assert nobody_else.members is None
    enough = shown_to_managers(rolled(40), set(range(30)))
    assert enough.members is not None and len(enough.members) == 30
    assert enough.other_members == cell(*range(30, 40))


def test_a_household_sees_everything() -> None:
    shown = shown_to_all(rolled(3))
    assert (shown.members, shown.other_scenes, shown.other_members) == (
        rolled(3).by_member,
        None,
        None,
    )
