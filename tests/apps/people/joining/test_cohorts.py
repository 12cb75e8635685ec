"""Cohorts: by invitation or first come, and never more people than places."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from joining_world import JOINING, opened, programme
from people_world import bank

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.api import AccountEntry
from tanzhang.apps.people.joining import stages
from tanzhang.apps.people.joining.cohorts import (
    ask_to_enter,
    cohorts_of,
    leave_cohort,
    member_counts,
)
from tanzhang.apps.people.joining.lists import load_list
from tanzhang.problems import Problem

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]


def move(cohort: str, stage: str) -> None:
    stages.move_cohort(programme(), JOINING, cohort, stage, by="Ling", note="as planned")


def enter(account: AccountEntry, cohort: str = "call") -> int:
    return ask_to_enter(account, JOINING, cohort, bank()).number


def refused(code: str) -> pytest.RaisesExc[Problem]:
    return pytest.raises(Problem, match=rf"joining\.{code}")


def test_the_first_who_ask_get_the_places_in_their_order() -> None:
    people = [opened(name) for name in ("ada", "bo", "cy", "di")]
    with refused("cohort_not_open"):
        enter(people[0])
    move("call", "open")
    assert [enter(one) for one in people[:3]] == [1, 2, 3]
    with refused("cohort_full"):
        enter(people[3])
    assert enter(people[1]) == 2  # asking again takes no second place
    assert member_counts(programme()) == {"call": 3}


def test_a_place_that_is_given_back_is_free_for_somebody_else() -> None:
    people = [opened(name) for name in ("ada", "bo", "cy", "di")]
    move("call", "open")
    for one in people[:3]:
        enter(one)
    assert leave_cohort(people[0], "call")
    assert not leave_cohort(people[0], "call")
    assert enter(people[3]) == 4
    with refused("cohort_full"):
        enter(people[0])
    with bulk_transaction() as cursor:
        assert cohorts_of(cursor, people[3].id) == {"call": 4}
        assert cohorts_of(cursor, people[0].id) == {}


def test_of_those_who_ask_at_once_as_many_get_in_as_there_are_places() -> None:
    people = [opened(f"p{number}") for number in range(12)]
    move("call", "open")
    start = Barrier(len(people))

    def ask(account: AccountEntry) -> int | str:
        try:
            start.wait(30)
            return enter(account)
        except Problem as problem:
            return problem.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(people)) as pool:
        answers = list(pool.map(ask, people))
    assert sorted(answer for answer in answers if isinstance(answer, int)) == [1, 2, 3]
    assert answers.count("joining.cohort_full") == 9


def test_an_invitation_is_for_whoever_is_on_the_list() -> None:
    ada, bo = opened("ada"), opened("bo")
    load_list(programme(), JOINING.lists["guests"], ["ada"])
    move("beta", "open")
    assert enter(ada, "beta") == 1
    with refused("not_invited"):
        enter(bo, "beta")
    move("beta", "closed")
    load_list(programme(), JOINING.lists["guests"], ["bo"])
    with refused("cohort_not_open"):
        enter(bo, "beta")
    with refused("cohort_unknown"):
        enter(bo, "gamma")
