"""Which sums a change touches, so that they are added up anew, and which are kept."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tanzhang.engine.rules import Kind, LookBack, Period, Scope
from tanzhang.engine.settle.plan import plan_of
from tanzhang.engine.settle.registers import (
    FIRST_LIMIT,
    LAST_US,
    LOOK_BACK,
    MASS_MG,
    TABLE_POINTS,
    Registers,
)
from tanzhang.engine.settle.running import Running, touched_by, trimmed

from .cases import book, limit, read_facts, read_table, version
from .plain import as_acts

RULES = book(
    {
        "ride": version(limits=(limit("m", Kind.AMOUNT, 5, Period.MONTH, Scope.ACCOUNT),)),
        "walk": version(),
    }
)


def of_one(account: int, subject: int) -> Running:
    """The state of somebody with one account, before all acts."""
    return Running(
        number=np.array([account], np.int64),
        subject=np.array([subject], np.int64),
        families=plan_of(RULES).families,
        limit_ids=[1],
        pack_ids=np.array([1, 2], np.int64),
        registers=Registers.none(),
    )


@pytest.mark.parametrize("old_ways", [False, True])
@pytest.mark.parametrize(("event", "touches"), [("a", True), ("b", False)])
def test_an_act_touches_the_sums_of_limits_that_its_pack_states(
    event: str, touches: bool, old_ways: bool
) -> None:
    table = """
        event | pack | start       | n
        a     | ride | 03-01 08:00 | 1
        b     | walk | 03-01 09:00 | 1
        """
    rows = read_table(table)
    facts = read_facts(rows, RULES)
    running = of_one(facts[0].account, facts[0].subject)
    changed = np.array([row["event"] == event for row in rows], np.bool_)
    touched = touched_by(as_acts(facts), RULES, running, changed, old_ways=old_ways)
    assert np.any(touched.key >= FIRST_LIMIT) == touches


def test_an_act_that_look_backs_read_touches_the_sum_of_its_day() -> None:
    read = (LookBack("before", "n", 3, "sum", "zero", scale=1),)
    rules = book({"ride": version(look_backs=read), "walk": version()})
    rows = read_table(
        """
        event | pack | start       | n
        a     | ride | 03-01 08:00 | 1
        b     | walk | 03-01 09:00 | 1
        """
    )
    facts = read_facts(rows, rules)
    state = replace(of_one(facts[0].account, facts[0].subject), families=plan_of(rules).families)
    for fact, sums in zip(facts, (1, 0), strict=True):
        changed = np.array([one is fact for one in facts], np.bool_)
        touched = touched_by(as_acts(facts), rules, state, changed)
        assert np.sum(touched.key >= LOOK_BACK) == sums


def test_sums_of_the_day_before_the_newest_stay_and_older_ones_go() -> None:
    rows = [(0, key, day, 1) for key in (LAST_US, TABLE_POINTS) for day in (5, 6, 7)]
    told = Registers.none().written(*np.array(rows, np.int64).T)
    left = trimmed(of_one(1, 1), RULES, told)
    kept = zip(left.key.tolist(), left.period.tolist(), strict=True)
    assert set(kept) == {(key, day) for key in (LAST_US, TABLE_POINTS) for day in (6, 7)}


def test_a_sum_that_came_back_to_nothing_takes_no_room() -> None:
    rows = [(0, LAST_US, 7, 1), (0, MASS_MG, 7, 0), (0, TABLE_POINTS, 7, 5)]
    told = Registers.none().written(*np.array(rows, np.int64).T)
    left = trimmed(of_one(1, 1), RULES, told)
    assert left.key.tolist() == [LAST_US, TABLE_POINTS]
