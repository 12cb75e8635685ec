"""A group's total is a read over who belonged on the day of each act; no act counts twice."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from river.books import ask
from river.people import CONSENT_FROM_US, JOINED_DAY
from river.reports import act, hand_in
from river.streams import arrive, order_holds, stream
from tanzhang.apps.activities.api import Sum, drain, roll_up, verify
from tanzhang.apps.activities.models import Cause
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners.api import partner
from tanzhang.apps.people import api as people
from tanzhang.engine.acts import Status
from tanzhang.problems import Problem

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

LAST = JOINED_DAY + 1000
MAY_31 = 20_239  #: 2025-05-31

Spell = tuple[int, int, int, int | None]  #: parent, member, from_day, to_day
NODES = range(9)  #: the four accounts with most acts, then five groups
GROUPS = NODES[-5:]


def spells_of(seed: int) -> list[Spell]:
    """Some belonging: drawn evenly, so that several ways often lead to one account."""
    chance = random.Random(seed)
    spells: list[Spell] = []
    for _ in range(chance.randrange(4, 30)):
        parent = chance.choice(GROUPS)
        member = chance.choice(NODES[:parent]) if chance.random() < 0.9 else chance.choice(NODES)
        first = MAY_31 + chance.randrange(-3, 3)
        spells.append((parent, member, first, chance.choice((None, 1, 2, 3, 4))))
    return spells


@contextmanager
def tried() -> Iterator[psycopg.Cursor[Any]]:
    """A transaction of which nothing stays."""

    class Enough(Exception):
        pass

    try:
        with bulk_transaction() as cursor:
            yield cursor
            raise Enough
    except Enough:
        pass


def group(kind: people.AccountKind, unit: int = 2) -> people.AccountEntry:
    rules = rulebook_in_force()
    wanted = people.NewGroup(kind, "river", rules.programme_ids["river"], unit, JOINED_DAY)
    return people.open_group(wanted, by="test")


def standing() -> list[dict[str, Any]]:
    """Every act as it stands, folded in plain Python from all posted rows."""
    rows = ask(
        "select subject_id, month, event_key, account_id, day, scene_id, partner_id, credited_mg,"
        " points, status, cause from activity order by subject_id, month, event_key, outcome_no"
    )
    acts: dict[tuple[Any, ...], dict[str, Any]] = {}
    for *key, account, day, scene, source, mg, points, status, cause in rows:
        known = acts.get(tuple(key), {"mg": 0, "points": 0})
        acts[tuple(key)] = {
            "account": account,
            "day": day,
            "scene": scene,
            "source": source,
            "mg": known["mg"] + mg,
            "points": known["points"] + points,
            "counts": status == Status.CREDITED and cause != Cause.MOVED,
        }
    return [*acts.values()]


def belongs(root: int, account: int, day: int, spells: list[Spell]) -> bool:
    """Whether some way down from the root is open on this day, way by way."""
    if root == account:
        return True
    return any(
        belongs(member, account, day, spells)
        for parent, member, first, end in spells
        if parent == root and first <= day and (end is None or day < end)
    )


@pytest.mark.parametrize("seed", [3, 4])
def test_whatever_groups_there_are_no_act_counts_twice(seed: int) -> None:
    happened = stream(seed)
    arrive(happened.rows)
    order_holds(happened)
    drain()
    acts = standing()
    busiest = Counter(one["account"] for one in acts).most_common(4)
    people_here = [people.account_numbered(number) for number, _ in busiest]
    kinds = (people.AccountKind.TEAM, people.AccountKind.COMMUNITY)
    nodes = [*people_here, *(group(kind) for kind in (*kinds, *kinds, kinds[0]))]
    assert len(nodes) == len(NODES)
    tries = []

    @settings(
        max_examples=60, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(
        st.integers(0, 2**32).map(spells_of),
        st.sampled_from(GROUPS[2:]) | st.sampled_from(NODES),
        st.integers(-4, 1),
        st.integers(1, 70),
    )
    def check(spells: list[Spell], top: int, first: int, length: int) -> None:
        with tried() as cursor:
            made = list(belonging(cursor, nodes, spells))
            root = nodes[top]
            assert root is not None
            from_day = MAY_31 + first
            found = roll_up(cursor, [root.id], from_day, from_day + length)
        own = [
            one
            for one in acts
            if from_day <= one["day"] < from_day + length
            and belongs(root.id, one["account"], one["day"], made)
        ]
        tries.append(len(own))
        assert found.total.reduction_mg == sum(one["mg"] for one in own)
        assert found.total.points.get(2, 0) == sum(one["points"] for one in own)
        assert found.total.acts == sum(one["counts"] for one in own)
        for part, key in (
            *((found.by_member, "account"), (found.by_scene, "scene")),
            (found.by_source, "source"),
        ):
            assert {name: plain(cell) for name, cell in part.items()} == plainly(own, key)

    check()
    assert max(tries) > 5  # the examples are about something


Cell = tuple[int, int, int, set[int]]  #: grams, points, acts, members


def plain(cell: Sum) -> Cell:
    assert cell.points.keys() <= {2}
    return cell.reduction_mg, cell.points.get(2, 0), cell.acts, cell.members


def plainly(acts: list[dict[str, Any]], key: str) -> dict[int, Cell]:
    """What the acts brought by account, scene or source: every cell that has an act."""
    cells: dict[int, Cell] = {}
    for one in acts:
        mg, points, count, members = cells.get(one[key], (0, 0, 0, set()))
        whose = {one["account"]} if one["counts"] else set()
        totals = (mg + one["mg"], points + one["points"], count + one["counts"])
        cells[one[key]] = (*totals, members | whose)
    return cells


def belonging(
    cursor: psycopg.Cursor[Any], nodes: list[Any], spells: list[Spell]
) -> Iterator[Spell]:
    """Make what can be made of these; nobody may belong to herself, to a person, twice at once."""
    for parent, member, first, length in spells:
        end = None if length is None else first + length
        role = people.Role.CHILD if nodes[parent].kind == 0 else people.Role.MEMBER
        joining = people.Joining(nodes[parent], nodes[member], first, end, role)
        try:
            with bulk_transaction() as inner:
                people.add_member(inner, joining)
        except (Problem, psycopg.errors.CheckViolation):
            continue
        yield nodes[parent].id, nodes[member].id, first, end


def test_an_account_alone_rolls_up_to_its_balance() -> None:
    happened = stream(5)
    arrive(happened.rows)
    order_holds(happened)
    drain()
    for number, mg, points in ask("select account_id, reduction_mg, points from balance"):
        with bulk_transaction() as cursor:
            found = roll_up(cursor, [number], 0, LAST)
        assert (found.total.reduction_mg, found.total.points.get(2, 0)) == (mg, points)


def test_her_accounts_together_count_each_act_once_though_one_is_the_others_child() -> None:
    hand_in(act("a", "05-31 08:00", person="ada"), act("b", "06-01 08:00", person="ada-too"))
    drain()
    ada, too = (people.account(name) for name in ("river-ada", "river-ada-too"))
    assert ada is not None and too is not None
    with bulk_transaction() as cursor:
        people.add_member(cursor, people.Joining(ada, too, JOINED_DAY, role=people.Role.CHILD))
        both = roll_up(cursor, [ada.id, too.id], 0, LAST)
        parent = roll_up(cursor, [ada.id], 0, LAST)
        child = roll_up(cursor, [too.id], 0, LAST)
    assert both.total == parent.total
    assert parent.total.acts == 2
    assert child.total.acts == 1  # each still shows its own
    assert both.by_member[too.id].reduction_mg == child.total.reduction_mg > 0


def test_points_of_two_units_are_never_added() -> None:
    office = group(people.AccountKind.UNIT, unit=4)
    bikes = partner("bikes").id
    (ref,) = people.person_refs(people.installation_secret(), "bikes", ["office"])
    with bulk_transaction() as cursor:
        cursor.execute(
            "insert into partner_link (partner_id, account_id, subject_id, person_ref)"
            " values (%s, %s, %s, %s)",
            [bikes, office.id, office.subject_id, ref],
        )
        cursor.execute(
            "insert into consent (partner_id, account_id, subject_id, from_us)"
            " values (%s, %s, %s, %s)",
            [bikes, office.id, office.subject_id, CONSENT_FROM_US],
        )
    hand_in(act("a", "05-31 08:00", person="ada"), act("b", "05-31 08:00", person="office"))
    drain()
    ada = people.account("river-ada")
    assert ada is not None
    with bulk_transaction() as cursor:
        people.add_member(cursor, people.Joining(office, ada, JOINED_DAY))
        found = roll_up(cursor, [office.id], 0, LAST)
    assert found.total.points == {2: 9, 4: 9}
    assert ask("select unit, sum(amount)::int from source_balance where unit > 1 group by 1"
               " order by 1") == [(2, -9), (4, -9)]  # fmt: skip
    assert verify().ok


def test_an_act_that_moved_to_another_day_leaves_nothing_behind() -> None:
    hand_in(act("a", "05-31 08:00", person="ada"))
    drain()
    hand_in({**act("a", "05-30 08:00", person="ada"), "revision": 1})
    drain()
    ada = people.account("river-ada")
    assert ada is not None
    with bulk_transaction() as cursor:
        before, after = (roll_up(cursor, [ada.id], day, day + 1) for day in (MAY_31 - 1, MAY_31))
    assert (before.total.acts, len(before.by_scene)) == (1, 1)
    assert (after.total.acts, after.by_member, after.by_scene) == (0, {}, {})
