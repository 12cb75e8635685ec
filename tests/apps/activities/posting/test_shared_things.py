"""A bill, an order, a meter: people in different shards compete for them, and one holds each."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import psycopg
import pytest
from django.db import connection

from river.books import account_and_month, ask, balance, key, rows_of
from river.checks import faults
from river.people import ACCOUNTS
from river.reports import Row, act, hand_in
from tanzhang.apps.activities.api import drain, hold, release, waiting_shards, work_on
from tanzhang.apps.activities.models import PieceKind
from tanzhang.apps.activities.posting import claims, worker
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.distribution import shards

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

BILL_MG = 262_000


def settle(*rows: Row) -> None:
    hand_in(*rows)
    drain()
    assert faults() == {}


def bill(external_id: str, when: str, person: str, **more: object) -> Row:
    return act(external_id, when, "bill", person=person, **{"item_key": "meter", **more})


def holder() -> list[bytes]:
    return [event_key.bytes for (event_key,) in ask("select event_key from claim")]


def outcome(external_id: str) -> tuple[str, str, int]:
    last = rows_of("bank", external_id)[-1]
    return last.status, last.reason, sum(row.mg for row in rows_of("bank", external_id))


def test_the_people_of_these_tests_live_in_different_shards() -> None:
    assert len(set(shards(np.arange(1, len(ACCOUNTS) + 1)).tolist())) == len(ACCOUNTS)


def test_who_paid_first_holds_the_bill_though_reported_later() -> None:
    settle(bill("later", "05-20 10:00", "ada"))
    assert holder() == [key("bank", "later")]
    settle(bill("first", "05-10 10:00", "bo"))
    assert holder() == [key("bank", "first")]
    assert outcome("first") == ("credited", "", BILL_MG)
    assert outcome("later") == ("duplicate", "claim", 0)
    assert rows_of("bank", "later")[-1].lost_to == key("bank", "first")
    assert rows_of("bank", "later")[-1].cause == "neighbour_changed"
    assert (balance("river-ada"), balance("river-bo")) == ((0, 0), (BILL_MG, 26))


def test_the_loser_is_asked_again_in_a_piece_of_her_own_shard() -> None:
    settle(bill("later", "05-20 10:00", "ada"))
    hand_in(bill("first", "05-10 10:00", "bo"))
    (shard_of_bo,) = waiting_shards()
    assert work_on(shard_of_bo) is not None
    shard_of_ada = int(shards(np.array([1]))[0])
    queued = ask("select shard, kind from piece join piece_queue using (shard) where id = piece_id")
    assert queued == [(shard_of_ada, PieceKind.NEIGHBOUR)]
    assert outcome("later") == ("credited", "", BILL_MG)
    drain()
    assert ask("select count(*) from piece_queue") == [(0,)]
    assert outcome("later") == ("duplicate", "claim", 0)
    assert faults() == {}


@pytest.mark.parametrize("going", ["withdrawn", "moved to another month", "held", "impossible"])
def test_a_bill_passes_to_the_next_when_its_holder_goes(going: str) -> None:
    settle(bill("first", "05-10 10:00", "bo"), bill("next", "05-20 10:00", "ada"))
    settle(bill("last", "05-30 10:00", "cy", grade=1))
    assert [outcome(name)[0] for name in ("next", "last")] == ["duplicate", "duplicate"]
    if going == "held":
        with bulk_transaction() as cursor:
            hold(cursor, [account_and_month("bank", "first")])
        drain()
    else:
        changes = {
            "withdrawn": bill("first", "05-10 10:00", "bo", revision=1, withdrawn=True),
            "moved to another month": bill("first", "06-10 10:00", "bo", revision=1),
            "impossible": bill("first", "05-10 10:00", "bo", revision=1, count=2),
        }
        settle(changes[going])
    assert faults() == {}
    assert outcome("next") == ("credited", "", BILL_MG)
    assert outcome("last") == ("duplicate", "claim", 0)
    assert rows_of("bank", "last")[-1].lost_to == key("bank", "next")


def test_a_holder_that_comes_back_takes_its_bill_again() -> None:
    settle(bill("first", "05-10 10:00", "bo"), bill("next", "05-20 10:00", "ada"))
    with bulk_transaction() as cursor:
        hold(cursor, [account_and_month("bank", "first")])
    drain()
    with bulk_transaction() as cursor:
        release(cursor, [account_and_month("bank", "first")])
    drain()
    assert faults() == {}
    assert outcome("first") == ("credited", "", BILL_MG)
    assert outcome("next") == ("duplicate", "claim", 0)


def test_a_stronger_report_takes_the_bill_from_an_earlier_one() -> None:
    settle(bill("weak", "05-10 10:00", "ada", grade=1))
    settle(bill("strong", "05-20 10:00", "bo", grade=3))
    assert outcome("weak") == ("duplicate", "claim", 0)
    assert outcome("strong") == ("credited", "", BILL_MG)


def test_programmes_share_bills_each_in_its_own_months() -> None:
    """31 May on the coast is 1 June at the river: two months, two claims."""
    dues = act("dues", "05-31 20:00", "dues", person="ada", item_key="meter")
    settle(dues, bill("same instant", "06-01 08:00", "bo"))
    assert outcome("same instant") == ("credited", "", BILL_MG)
    settle(bill("same month", "05-31 20:00", "cy"))
    assert outcome("same month") == ("credited", "", BILL_MG)
    assert rows_of("ferries", "dues")[-1].status == "duplicate"


def test_a_person_who_reports_her_bill_twice_loses_to_herself() -> None:
    settle(bill("one", "05-10 10:00", "ada"), bill("two", "05-11 10:00", "ada-too"))
    assert outcome("two") == ("duplicate", "once", 0)
    assert rows_of("bank", "two")[0].lost_to == key("bank", "one")


def test_two_who_report_a_new_bill_at_once_are_told_apart_by_their_order() -> None:
    settle(bill("b", "05-10 10:00", "bo"), bill("a", "05-10 10:00", "ada"))
    names = sorted(("a", "b"), key=lambda name: key("bank", name))
    assert [outcome(name)[0] for name in names] == ["credited", "duplicate"]


def test_two_workers_that_meet_at_a_new_bill_both_see_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Later revisions hold no key beforehand, so that both workers find the bill unclaimed."""
    hand_in(bill("later", "05-20 10:00", "ada", revision=1))
    (shard_of_ada,) = waiting_shards()
    hand_in(bill("first", "05-10 10:00", "bo", revision=1))
    (shard_of_bo,) = set(waiting_shards()) - {shard_of_ada}
    look, met = claims.open_contest, threading.Event()

    def bo_comes_between(*asked: Any) -> claims.Contest:
        contest = look(*asked)
        if not met.is_set():
            met.set()
            other = threading.Thread(target=work_alone, args=[shard_of_bo])
            other.start()
            other.join()
        return contest

    monkeypatch.setattr(claims, "open_contest", bo_comes_between)
    assert work_on(shard_of_ada) is not None
    drain()
    assert met.is_set()
    assert holder() == [key("bank", "first")]
    assert outcome("first") == ("credited", "", BILL_MG)
    assert outcome("later") == ("duplicate", "claim", 0)
    assert faults() == {}


def test_two_workers_that_wait_in_a_circle_both_come_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each holds the new key of one meter and comes to want the other's, known by a correction."""
    hand_in(
        bill("ada's", "05-20 10:00", "ada", item_key="one"),
        bill("ada's other", "05-21 10:00", "ada", item_key="other", revision=1),
    )
    hand_in(
        bill("bo's", "05-10 10:00", "bo", item_key="other"),
        bill("bo's other", "05-11 10:00", "bo", item_key="one", revision=1),
    )
    both, met = threading.Barrier(2, timeout=30), set[threading.Thread]()
    broken_off: list[threading.Thread] = []
    look, settle_pieces = claims.open_contest, worker.settle_pieces

    def once_both_hold_their_new_key(*asked: Any) -> claims.Contest:
        if len(met) < 2 and threading.current_thread() not in met:
            met.add(threading.current_thread())
            both.wait()
        return look(*asked)

    def noting_who_is_broken_off(*given: Any) -> object:
        try:
            return settle_pieces(*given)
        except psycopg.errors.DeadlockDetected:
            broken_off.append(threading.current_thread())
            raise

    monkeypatch.setattr(claims, "open_contest", once_both_hold_their_new_key)
    monkeypatch.setattr(worker, "settle_pieces", noting_who_is_broken_off)
    workers = [threading.Thread(target=work_alone, args=[shard]) for shard in waiting_shards()]
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join()
    assert len(met) == 2
    assert len(broken_off) == 1
    drain()
    statuses = [outcome(name)[0] for name in ("ada's", "ada's other", "bo's", "bo's other")]
    assert statuses == ["duplicate", "duplicate", "credited", "credited"]
    assert faults() == {}


def work_alone(shard: int) -> None:
    try:
        work_on(shard)
    finally:
        connection.close()
