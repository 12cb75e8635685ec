"""No restriction and no haste leads past a sanction, or out of one."""

from __future__ import annotations

import pytest

from beside import beside
from tanzhang.apps.activities import api as activities
from tanzhang.apps.activities.models import Sanction
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people
from tanzhang.apps.people.api import State
from tanzhang.problems import Problem

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]


def bo() -> people.AccountEntry:
    found = people.account("river-bo", even_restricted=True)
    assert found is not None
    return found


def sanction(*steps: int) -> None:
    for step in steps:
        activities.sanction(bo().id, step, by="ling", note="forty accounts on one phone")


def put(state: State, reason: str) -> None:
    with bulk_transaction() as cursor:
        people.set_account_state(cursor, [bo().id], state, reason)


def lift() -> State:
    with bulk_transaction() as cursor:
        return people.lift_restriction(cursor, bo().id, "case 12 is over")


def standing() -> people.Standing:
    with bulk_transaction() as cursor:
        return people.account_state(cursor, [bo().id])[bo().id]


def test_whoever_is_sanctioned_while_restricted_is_frozen_when_it_is_lifted() -> None:
    put(State.RESTRICTED, "case 12")
    sanction(1, 2)
    assert (standing().state, standing().reason) == (State.RESTRICTED, "case 12")
    assert lift() is State.FROZEN
    assert standing().is_sanctioned


def test_a_further_step_beneath_a_restriction_takes_the_place_of_the_one_before() -> None:
    sanction(1, 2)
    put(State.RESTRICTED, "case 12")
    sanction(3)
    lift()
    assert standing().reason.startswith("sanction_3")
    assert activities.sanction_until(bo().id) == Sanction.objects.latest("id").until


@pytest.mark.parametrize(
    ("state", "reason"), [(State.CLOSED, "by owner"), (State.FROZEN, "death case 7")]
)
def test_what_else_is_beneath_a_restriction_stays(state: State, reason: str) -> None:
    put(state, reason)
    put(State.RESTRICTED, "case 12")
    sanction(1, 2)
    assert lift() is state
    assert standing().reason.startswith(reason)


def test_a_warning_freezes_nothing_beneath_a_restriction() -> None:
    put(State.RESTRICTED, "case 12")
    sanction(1)
    assert lift() is State.OPEN


def test_whoever_closes_while_she_is_being_sanctioned_waits_and_is_refused() -> None:
    sanction(1)
    with bulk_transaction():
        sanction(2)
        with beside(lambda: people.close_account(bo())) as closing:
            closing.waits()
    with pytest.raises(Problem, match="sanctioned"):
        closing.result()
    assert standing().is_sanctioned


def test_whoever_was_closing_first_stays_closed() -> None:
    sanction(1)
    with bulk_transaction():
        people.close_account(bo())
        with beside(lambda: sanction(2)) as taking:
            taking.waits()
    taking.result()
    assert standing().state is State.CLOSED
    assert activities.next_step(bo().id) == 3, "it is written down all the same"


def test_a_sanction_waits_for_a_restriction_and_is_beneath_it() -> None:
    sanction(1)
    with bulk_transaction() as cursor:
        people.set_account_state(cursor, [bo().id], State.RESTRICTED, "case 12")
        with beside(lambda: sanction(2)) as taking:
            taking.waits()
    taking.result()
    assert standing().state is State.RESTRICTED
    assert lift() is State.FROZEN


def test_nobody_is_thawed_whose_further_step_is_being_taken() -> None:
    sanction(1, 2)
    earlier = Sanction.objects.earliest("id").at
    Sanction.objects.create(account_id=bo().id, step=2, taken_by="x", note="x", until=earlier)
    with bulk_transaction():
        sanction(3)
        with beside(activities.thaw_sanctioned) as thawing:
            thawing.waits()
    assert thawing.result() == 0
    assert standing().reason == "sanction_3"
