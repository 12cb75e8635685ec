"""Why one act has its number: what it is made of, what took from it, and nobody else's name."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from apps_world import RECEIVED_US, instant, report, ride

from tanzhang.apps.activities.api import Statement, Why, accept, drain, statement, why
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.people.api import AccountEntry, account, handles
from tanzhang.problems import Problem

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]


def tell(*rows: dict[str, Any], partner: str = "bikes") -> None:
    accept(report(*rows), partner=partner, programme="lake", received_us=RECEIVED_US, enrol=True)
    drain()


def of(person: str, partner: str = "bikes") -> AccountEntry:
    found = account(handles("lake", partner, [person])[0])
    assert found is not None
    return found


def state(person: str = "ada", partner: str = "bikes") -> Statement:
    return statement(of(person, partner), rulebook_in_force())


def reason(status: str, person: str = "ada", partner: str = "bikes", lang: str = "en") -> Why:
    """Why the person's only act of a status stands as it does."""
    (event,) = (line.event for line in state(person, partner).events if line.status == status)
    return why(of(person, partner), event, rulebook_in_force(), lang)


def test_a_reason_names_the_methodology_and_its_review() -> None:
    tell(ride())
    found = reason("credited").methodology
    assert found is not None
    assert (found.pack, found.version) == ("meituan-bike", "1")
    assert found.reviewed_by == "the Tanzhang project"
    assert found.reviewed_on == date(2026, 11, 20)
    assert found.valid_until is None
    assert reason("credited", lang="zh").methodology.author == "Tanzhang 碳账"  # type: ignore[union-attr]


def test_the_number_is_the_explanations() -> None:
    tell(ride())
    found = reason("credited")
    assert found.record.reduction_mg == 112_010
    assert found.told.explanation is not None
    assert found.told.explanation.reduction_mg == 112_010
    assert found.sentences == ["This act is credited with 112.01 g and 112 points."]


def test_what_a_limit_took_is_told_in_words() -> None:
    tell(ride("w", scene="walk", in_distance_m=None, in_steps=25_000))
    (taken,) = reason("credited").taken
    assert taken.mg == 300_000
    assert taken.limit == "at most 200 g a day for acts counted by this methodology"
    assert reason("credited", lang="zh").taken[0].limit == "按本方法学计入的行为每日至多 200 克"


def test_an_own_act_that_counts_instead_is_named() -> None:
    tell(ride("r1"), ride("r2", started_us=instant("2024-05-01 08:05"), grade=1))
    found = reason("duplicate")
    assert found.winner is not None
    assert found.winner.event == reason("credited").record.event
    assert not found.lost_to_another_person


def test_another_person_who_holds_the_same_bill_is_not_given_away() -> None:
    bill = {"scene": "bill", "in_distance_m": None, "in_payments": 1, "item_key": "household-7"}
    tell(ride("b1", **bill), partner="bank")
    tell(ride("b2", **bill, person="bo", started_us=instant("2024-05-02 08:00")), partner="bank")
    found = reason("duplicate", "bo", "bank")
    assert found.lost_to_another_person
    assert found.winner is None
    holder = state("ada", "bank")
    shown = repr([found.record, found.sentences, found.taken, found.changes])
    assert holder.events[0].event not in shown
    assert holder.account.handle not in shown


def test_every_change_is_told_with_its_time() -> None:
    tell(ride("r1"))
    tell(ride("r1", revision=1, in_distance_m=1_000))
    changes = reason("credited").changes
    assert [change.cause for change in changes] == ["first report", "correction by the partner"]
    assert sum(change.reduction_mg for change in changes) == 48_700
    assert changes[0].posted_us <= changes[1].posted_us


def test_another_citizens_event_is_unknown() -> None:
    tell(ride("r1"), ride("r2", person="bo", started_us=instant("2024-05-01 09:00")))
    (event,) = (line.event for line in state("bo").events)
    with pytest.raises(Problem) as refused:
        why(of("ada"), event, rulebook_in_force(), "en")
    assert refused.value.code == "ledger.event_unknown"
