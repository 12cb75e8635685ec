"""A death is a verified case; then next of kin have their rights, step by step."""

from __future__ import annotations

import pytest
from people_groups import account

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people
from tanzhang.problems import Problem

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]

DIGEST = bytes(range(32))
Step, Way = people.Step, people.Way


def report(owner: people.AccountEntry) -> int:
    return people.report_death(owner.id, by="wang", reason="her daughter came", documents=[DIGEST])


def confirm(case: int, *, approve: bool = True) -> None:
    number = people.propose_step(case, "confirm_death", by="wang", note="certificate seen")
    people.decide_case(number, approve=approve, by="li", note="seen too")


def state(owner: people.AccountEntry) -> str:
    with bulk_transaction() as cursor:
        return people.account_state(cursor, [owner.id])[owner.id].state.value


def test_two_persons_confirm_a_death_and_the_account_is_frozen() -> None:
    ada = account("ada")
    case = report(ada)
    assert state(ada) == "open"
    with pytest.raises(Problem, match="death_unconfirmed"):
        people.use_kin_right(case, "export", by="wang", note="")
    confirm(case)
    assert state(ada) == "frozen"
    with pytest.raises(Problem, match="frozen"):
        people.admit(ada.id, Way.PHONE)
    people.use_kin_right(case, "export", by="wang", note="handed to the daughter")
    assert state(ada) == "frozen"
    people.use_kin_right(case, "erase", by="wang", note="")
    assert state(ada) == "closed"
    with pytest.raises(Problem, match="frozen"):
        people.admit(ada.id, Way.HOST)  # whoever has her number now does not come in
    assert [(step.step, step.note) for step in people.case_steps(case)[-2:]] == [
        (Step.USED, "export: handed to the daughter"),
        (Step.USED, "erase"),
    ]


def test_a_death_needs_documents_and_a_reason() -> None:
    ada = account("ada")
    with pytest.raises(Problem, match="documents_missing"):
        people.report_death(ada.id, by="wang", reason="somebody called", documents=[])
    with pytest.raises(Problem, match="reason_missing"):
        people.report_death(ada.id, by="wang", reason=" ", documents=[DIGEST])


def test_the_dead_do_not_log_in() -> None:
    ada = account("ada")
    case = report(ada)
    assert people.admit(ada.id, Way.PHONE).cancelled
    with pytest.raises(Problem, match="case_ended"):
        people.propose_step(case, "confirm_death", by="wang", note="certificate seen")
    assert state(ada) == "open"


def test_what_was_refused_changes_nothing() -> None:
    ada = account("ada")
    case = report(ada)
    confirm(case, approve=False)
    assert state(ada) == "open"
    people.refuse_case(case, by="li", note="the certificate is another person's")
    assert not people.identity_case(case).is_open


def test_a_death_takes_the_place_of_a_sanction() -> None:
    ada = account("ada")
    with bulk_transaction() as cursor:
        people.set_account_state(cursor, [ada.id], people.State.FROZEN, "sanction_2")
    case = report(ada)
    confirm(case)
    with bulk_transaction() as cursor:
        standing = people.account_state(cursor, [ada.id])[ada.id]
    assert (standing.state, standing.reason) == (people.State.FROZEN, f"death case {case}")


def test_next_of_kin_close_an_account_in_whatever_state_it_is_and_once() -> None:
    ada = account("ada")
    case = report(ada)
    confirm(case)
    with bulk_transaction() as cursor:
        people.set_account_state(cursor, [ada.id], people.State.RESTRICTED, "by_request")
    people.use_kin_right(case, "erase", by="wang", note="")
    assert state(ada) == "closed"
    steps = len(people.case_steps(case))
    with pytest.raises(Problem, match="account_closed"):
        people.use_kin_right(case, "close", by="wang", note="")
    assert len(people.case_steps(case)) == steps
    people.use_kin_right(case, "export", by="wang", note="")
