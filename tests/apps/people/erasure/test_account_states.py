"""The state of an account: its history stays, and it says what may still be done."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from beside import beside
from clean_database import Database
from river.books import ask
from river.reports import act, hand_in
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people
from tanzhang.apps.people.api import State
from tanzhang.problems import Problem

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

FRIDAY = datetime(2026, 3, 6, 9, 0, tzinfo=UTC)


def ada() -> people.AccountEntry:
    found = people.account("river-ada", even_restricted=True)
    assert found is not None
    return found


def put(state: State, reason: str = "test") -> None:
    with bulk_transaction() as cursor:
        people.set_account_state(cursor, [ada().id], state, reason)


def state() -> State:
    with bulk_transaction() as cursor:
        return people.account_state(cursor, [ada().id])[ada().id].state


def code(*rows: dict[str, object]) -> list[str | None]:
    (said,) = hand_in(*rows)
    return said.verdicts["code"].to_list()


def test_an_account_to_which_nothing_happened_is_open() -> None:
    assert state() is State.OPEN


def test_every_state_stays_in_the_history() -> None:
    for each in (State.DORMANT, State.OPEN, State.FROZEN):
        put(each, f"because {each.value}")
    assert state() is State.FROZEN
    with bulk_transaction() as cursor:
        told = people.state_history(cursor, ada().id)
    assert [(one.state, one.reason) for one in told] == [
        (State.DORMANT, "because dormant"),
        (State.OPEN, "because open"),
        (State.FROZEN, "because frozen"),
    ]


def test_a_state_is_never_taken_back_from_the_table(database: Database) -> None:
    import psycopg

    put(State.CLOSED)
    for statement in ("update account_state set state = 'open'", "delete from account_state"):
        with database.connect("app") as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute(statement)


def test_a_closed_account_takes_no_act_and_lets_an_earlier_one_be_withdrawn() -> None:
    assert code(act("b1", "05-03 08:00")) == [None]
    put(State.CLOSED)
    assert code(
        act("b2", "05-03 18:00"),
        act("b1", "05-03 08:00", revision=1, withdrawn=True),
        act("b3", "05-03 18:00", person="bo"),
    ) == ["account_closed", None, None]


def test_closing_ends_every_consent_at_once() -> None:
    live = "select count(*) from consent where account_id = %s and to_us is null"
    assert ask(live, [ada().id])[0][0] > 0
    people.close_account(ada())
    assert ask(live, [ada().id]) == [(0,)]


def test_closing_waits_for_a_batch_at_the_door_and_ends_consents_after_it() -> None:
    ((partner_id,),) = ask(
        "select partner_id from consent where account_id = %s and to_us is null"
        " order by partner_id limit 1",
        [ada().id],
    )
    with bulk_transaction() as cursor:
        people.lock_source(cursor, partner_id)  # as a batch does for as long as it is there
        with beside(lambda: people.close_account(ada())) as closing:
            closing.waits()
            left_us = time.time_ns() // 1000
            assert state() is State.OPEN
    assert closing.result().closed_at is not None
    ends = ask("select min(to_us) from consent where account_id = %s", [ada().id])
    assert ends[0][0] >= left_us


@pytest.mark.parametrize("others", [State.DORMANT, State.FROZEN])
def test_other_states_hold_no_act_back(others: State) -> None:
    put(others)
    assert code(act("b1", "05-03 08:00")) == [None]


def test_a_restricted_account_is_read_by_nobody() -> None:
    number = ada().id
    put(State.RESTRICTED)
    with pytest.raises(Problem, match="account_restricted"):
        people.account("river-ada")
    with pytest.raises(Problem, match="account_restricted"):
        people.account_numbered(number)
    assert ada().id == number, "whoever protects it still finds it"


def test_lifting_a_restriction_brings_back_what_was_before() -> None:
    put(State.CLOSED)
    put(State.RESTRICTED)
    with bulk_transaction() as cursor:
        assert people.lift_restriction(cursor, ada().id, "over") is State.CLOSED
        assert people.lift_restriction(cursor, ada().id, "over") is State.CLOSED
    assert state() is State.CLOSED


def test_whoever_closes_is_told_fifteen_working_days() -> None:
    closed = people.close_account(ada(), at=FRIDAY)
    assert (closed.closed_at, closed.due_on) == (FRIDAY, date(2026, 3, 27))
    again = people.close_account(ada())
    assert again == closed, "closing twice changes nothing"


def test_a_frozen_account_is_not_closed() -> None:
    put(State.FROZEN)
    with pytest.raises(Problem, match="frozen"):
        people.close_account(ada())


def test_nobody_closes_her_way_out_of_a_sanction() -> None:
    put(State.FROZEN, f"{people.BY_SANCTION}2")
    with pytest.raises(Problem, match="sanctioned"):
        people.close_account(ada())


def test_nobody_closes_her_way_out_through_a_restriction() -> None:
    put(State.FROZEN, f"{people.BY_SANCTION}2")
    put(State.RESTRICTED, "case 12")
    with pytest.raises(Problem, match="sanctioned"):
        people.close_account(ada())
    assert state() is State.RESTRICTED


def test_what_is_beneath_a_restriction_is_what_was_last_before_it() -> None:
    with bulk_transaction() as cursor:
        assert people.state_beneath(cursor, ada().id).state is State.OPEN
    for each in (State.DORMANT, State.RESTRICTED, State.RESTRICTED):
        put(each)
    with bulk_transaction() as cursor:
        assert people.state_beneath(cursor, ada().id).state is State.DORMANT


def test_lifting_waits_for_whoever_is_changing_the_state() -> None:
    put(State.RESTRICTED)

    def lift() -> State:
        with bulk_transaction() as cursor:
            return people.lift_restriction(cursor, ada().id, "over")

    with bulk_transaction() as cursor:
        people.set_account_state(cursor, [ada().id], State.CLOSED, "test")
        with beside(lift) as lifting:
            lifting.waits()
    assert lifting.result() is State.CLOSED


def test_a_person_is_due_when_all_her_accounts_are_closed_for_ten_working_days() -> None:
    hers = people.accounts_of_subject(ada().subject_id)
    assert len(hers) > 1
    for account in hers[:-1]:
        people.close_account(account, at=FRIDAY)
    assert people.subjects_to_erase(FRIDAY + timedelta(days=300)) == []
    people.close_account(hers[-1], at=FRIDAY)
    in_china = ZoneInfo("Asia/Shanghai")
    instant = timedelta(microseconds=1)
    due, overdue = datetime(2026, 3, 20, tzinfo=in_china), datetime(2026, 3, 28, tzinfo=in_china)
    assert people.subjects_to_erase(due - instant) == []
    assert people.subjects_to_erase(due) == [ada().subject_id]
    assert people.overdue_closings(overdue - instant) == []
    assert people.overdue_closings(overdue) == [ada().subject_id]
