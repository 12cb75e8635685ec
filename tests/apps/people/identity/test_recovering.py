"""Coming back takes time, a proof beside the phone, and nobody's objection."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import psycopg
import pytest
from django.utils import timezone
from people_groups import account
from people_world import bank

from clean_database import Database
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people
from tanzhang.problems import Problem

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]

NUMBER, PHONE, OLD = "11010519491231002X", "13800000009", "13800000001"
NOW = timezone.now()
DIGEST = bytes(range(32))
Step = people.Step


def days(count: int, seconds: int = 0) -> datetime:
    return NOW + timedelta(days=count, seconds=seconds)


def ada() -> people.AccountEntry:
    opened = account("ada")
    people.link_phone(opened, OLD)
    people.vouch(opened, bank(), "id_number", people.identity_digest("id_number", NUMBER))
    return opened


def ask(owner: people.AccountEntry, number: str = NUMBER, at: datetime = NOW) -> people.CaseEntry:
    return people.ask_recovery(people.Recovery(owner, PHONE, people.identity_digests(number)), at)


def opens(phone: str) -> int | None:
    return people.account_of_phone(phone)


def test_after_the_waiting_the_new_phone_opens_the_account_and_the_old_one_no_more() -> None:
    owner = ada()
    case = ask(owner)
    assert (case.is_open, case.is_checked, case.opens_at) == (True, True, days(7))
    with pytest.raises(Problem, match="recovery_waits"):
        people.come_back(PHONE, days(7, -1))
    assert opens(PHONE) is None
    assert people.come_back(PHONE, days(7)) == owner
    assert (opens(PHONE), opens(OLD)) == (owner.id, None)
    with pytest.raises(Problem, match="recovery_unknown"):
        people.come_back(PHONE, days(8))
    with bulk_transaction() as cursor:
        assert people.quiet_until(cursor, owner.id, days(7)) == days(8)


def test_all_ways_in_are_told_at_once() -> None:
    case = ask(ada())
    (checked, told) = people.case_steps(case.id)
    assert (checked.step, told.step, told.note) == (Step.CHECKED, Step.NOTIFIED, "page")


def test_any_log_in_meanwhile_ends_it() -> None:
    owner = ada()
    ask(owner)
    assert people.admit(owner.id, people.Way.PHONE, days(3)) == people.Admitted(cancelled=True)
    with pytest.raises(Problem, match="recovery_unknown"):
        people.come_back(PHONE, days(7))
    with pytest.raises(Problem, match="case_too_soon"):
        ask(owner, at=days(4))
    ask(owner, at=days(34))


def test_a_phone_and_time_alone_open_nothing() -> None:
    owner = ada()
    case = ask(owner, number="110105199003070011")
    with pytest.raises(Problem, match="recovery_unchecked"):
        people.come_back(PHONE, days(99))
    with pytest.raises(Problem, match="documents_missing"):
        people.check_documents(case.id, by="wang", note="passport", documents=[])
    people.check_documents(case.id, by="wang", note="passport", documents=[DIGEST])
    assert people.case_steps(case.id)[-1].documents == [DIGEST.hex()]
    assert people.come_back(PHONE, days(99)) == owner


def test_there_is_one_request_at_a_time() -> None:
    owner = ada()
    ask(owner)
    with pytest.raises(Problem, match="case_open_already"):
        ask(owner, at=days(1))


def test_nobody_shortens_the_waiting_alone() -> None:
    owner = ada()
    case = ask(owner)
    number = people.propose_step(case.id, "shorten", by="wang", note="she stands at the counter")
    with pytest.raises(Problem, match="own_proposal"):
        people.decide_step(number, approve=True, by=" Wang ", note="")
    with pytest.raises(Problem, match="recovery_waits"):
        people.come_back(PHONE, days(1))
    people.decide_step(number, approve=True, by="li", note="seen")
    with pytest.raises(Problem, match="proposal_decided"):
        people.decide_step(number, approve=False, by="li", note="")
    assert people.come_back(PHONE, days(1)) == owner


def test_the_database_itself_wants_two_persons(database: Database) -> None:
    number = people.propose_step(ask(ada()).id, "shorten", by="wang", note="at the counter")
    with database.connect() as app, pytest.raises(psycopg.errors.CheckViolation):
        app.execute(
            "insert into identity_decision (proposal_id, decision, proposed_by, decided_by, note)"
            " values (%s, 'approved', 'wang', 'WANG ', '')",
            [number],
        )


def test_a_refused_proposal_leaves_the_waiting_as_it_was() -> None:
    case = ask(ada())
    number = people.propose_step(case.id, "shorten", by="wang", note="at the counter")
    with pytest.raises(Problem, match="proposal_open_already"):
        people.propose_step(case.id, "shorten", by="li", note="again")
    people.decide_step(number, approve=False, by="li", note="not her")
    with pytest.raises(Problem, match="recovery_waits"):
        people.come_back(PHONE, days(1))
    with pytest.raises(Problem, match="proposal_unfit"):
        people.propose_step(case.id, "confirm_death", by="wang", note="no")
    with pytest.raises(Problem, match="reason_missing"):
        people.propose_step(case.id, "shorten", by="wang", note=" ")


def test_nobody_recovers_the_account_of_a_person_who_has_died() -> None:
    owner, late = ada(), account("bo")
    ask(owner)
    for gone in (owner, late):
        with bulk_transaction() as cursor:
            people.set_account_state(cursor, [gone.id], people.State.FROZEN, "death case 1")
    with pytest.raises(Problem, match=r"identity\.frozen"):
        people.come_back(PHONE, days(7))
    assert (opens(PHONE), opens(OLD)) == (None, owner.id)
    with pytest.raises(Problem, match=r"identity\.frozen"):
        ask(late)
    assert not people.cases_of(late.id)


def test_staff_can_refuse_and_then_it_has_ended() -> None:
    case = ask(ada())
    people.refuse_case(case.id, by="wang", note="the document was another person's")
    with pytest.raises(Problem, match="recovery_unknown"):
        people.come_back(PHONE, days(7))
    with pytest.raises(Problem, match="case_ended"):
        people.check_documents(case.id, by="li", note="", documents=[DIGEST])


def asked_from(owner: people.AccountEntry) -> str | None:
    """The phone from which somebody asks, as the vault has it."""
    with bulk_transaction() as cursor:
        return people.vault.own(cursor, owner.subject_id).get("recovery_phone")


ENDINGS: dict[str, Callable[[people.CaseEntry], object]] = {
    "she logged in": lambda case: people.admit(case.account_id, people.Way.PHONE),
    "she said no": lambda case: people.cancel_recovery(case.account_id, by="owner"),
    "staff refused": lambda case: people.refuse_case(case.id, by="wang", note="not her"),
    "she came back": lambda case: people.come_back(PHONE, days(7)),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_phone_from_which_somebody_asked_is_forgotten_when_it_ends(ending: str) -> None:
    owner = ada()
    case = ask(owner)
    assert asked_from(owner) == f"+86{PHONE}"
    ENDINGS[ending](case)
    assert not people.identity_case(case.id).is_open
    assert asked_from(owner) is None


@pytest.mark.parametrize("wrong", ["0", "91", "soon"])
def test_the_waiting_time_is_configured(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv("TANZHANG_RECOVERY_DAYS", "30")
    assert ask(ada()).opens_at == days(30)
    monkeypatch.setenv("TANZHANG_RECOVERY_DAYS", wrong)
    with pytest.raises(Problem, match="days_malformed"):
        people.waiting_time()
