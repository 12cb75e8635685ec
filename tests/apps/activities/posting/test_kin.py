"""Linked people lie in several shards, and whoever settles one of them holds them all."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable

import numpy as np
import pytest
from django.db import connection

from clean_database import Database
from river.books import ask
from river.checks import faults
from river.kin import account_of, link
from river.reports import act, hand_in
from river.streams import arrive, in_batches, stream
from tanzhang.apps.activities.api import digest, drain, waiting_shards, work_on
from tanzhang.apps.activities.posting import locks, settlement, worker
from tanzhang.apps.activities.posting.kin import Kin, hold_kin
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.distribution import shards
from tanzhang.engine.kinship import Link


def shard_of(name: str) -> int:
    return int(shards(np.array([account_of(name).subject_id]))[0])


def test_kin_are_all_whom_links_connect_at_whatever_time() -> None:
    kin = Kin.of([Link(1, 2, 10, 20), Link(2, 3, 30), Link(7, 8, 0)])
    assert kin.subjects.tolist() == [1, 2, 3, 7, 8]
    assert kin.together([3, 5]) == {1, 2, 3, 5}
    assert kin.pieces({1: 5, 3: 9, 4: 2}) == {1: 5, 2: 9, 3: 9, 4: 2}


def test_nobody_is_kin_of_nobody() -> None:
    kin = Kin.of([])
    assert kin.subjects.tolist() == []
    assert kin.together([3]) == {3}
    assert kin.pieces({3: 1}) == {3: 1}


@pytest.mark.database
@pytest.mark.usefixtures("river")
def test_the_shards_of_kin_are_held_or_the_one_that_is_not_free_is_named(
    database: Database,
) -> None:
    link("di", "fu", "05-30")
    di, fu = shard_of("di"), shard_of("fu")
    assert di != fu
    subject = np.array([account_of("di").subject_id])
    with database.connect("app") as other:
        assert locks.try_shard(other.cursor(), fu)
        with (
            pytest.raises(locks.ShardTakenError) as taken,
            bulk_transaction() as cursor,
        ):
            hold_kin(cursor, di, subject)
        assert taken.value.shards == {di, fu}
    with bulk_transaction() as cursor:
        kin = hold_kin(cursor, di, subject)
        assert kin.subjects.tolist() == sorted(account_of(name).subject_id for name in ("di", "fu"))
        with database.connect("app") as other:
            assert not locks.try_shard(other.cursor(), fu)


@pytest.mark.database
@pytest.mark.usefixtures("river")
def test_a_worker_that_cannot_have_all_shards_lets_go_and_waits_for_them_in_order(
    monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    """While it waits it holds no piece: its first transaction was rolled back."""
    link("di", "fu", "05-30")
    hand_in(act("one", "05-30 08:00", person="di"))
    waited: list[set[int]] = []
    wait = locks.lock_shards
    with database.connect("app") as other:
        assert locks.try_shard(other.cursor(), shard_of("fu"))

        def until_it_is_free(cursor: object, wanted: frozenset[int]) -> None:
            waited.append(set(wanted))
            other.rollback()
            wait(cursor, wanted)  # type: ignore[arg-type]

        monkeypatch.setattr(locks, "lock_shards", until_it_is_free)
        assert work_on(shard_of("di")) is not None
    assert waited == [{shard_of("di"), shard_of("fu")}]
    assert faults() == {}


@pytest.mark.database
@pytest.mark.usefixtures("river")
def test_a_shard_that_is_held_for_long_is_left_for_later(
    monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    monkeypatch.setattr(locks, "LOCK_TIMEOUT_SECONDS", 1)
    link("di", "fu", "05-30")
    hand_in(act("one", "05-30 08:00", person="di"))
    with database.connect("app") as other:
        assert locks.try_shard(other.cursor(), shard_of("fu"))
        assert work_on(shard_of("di")) is None
    assert waiting_shards() == [shard_of("di")]
    drain()
    assert faults() == {}


@pytest.mark.database
@pytest.mark.usefixtures("river")
def test_two_workers_that_want_each_others_shard_both_come_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Both hold their own shard before either asks for the other's; then both let go."""
    link("di", "fu", "05-30")
    hand_in(act("one", "05-30 08:00", person="di"))
    hand_in(act("two", "05-30 08:05", partner="bank", person="fu"))
    both, met = threading.Barrier(2, timeout=30), set[threading.Thread]()
    let_go: list[threading.Thread] = []
    ask_for = settlement.hold_kin

    def once_both_hold_their_own(*asked: object) -> Kin:
        me = threading.current_thread()
        if me in met:
            return ask_for(*asked)  # type: ignore[arg-type]
        met.add(me)
        both.wait()
        try:
            return ask_for(*asked)  # type: ignore[arg-type]
        except locks.ShardTakenError:
            let_go.append(me)
            raise

    monkeypatch.setattr(settlement, "hold_kin", once_both_hold_their_own)
    at_once([work_on_alone(shard) for shard in waiting_shards()])
    assert len(met) == 2
    assert let_go != []
    assert waiting_shards() == []
    assert faults() == {}


@pytest.mark.database
def test_workers_under_load_on_all_shards_of_linked_people_leave_no_piece(
    afresh: Callable[[], None],
) -> None:
    """Three workers at once, five people linked in a row, and reports that go on arriving."""
    row = (("di", "fu"), ("fu", "bo"), ("bo", "ada"), ("ada", "cy"))
    rows = stream(301).rows

    def report() -> None:
        for place, batch in enumerate(in_batches(rows, (10, 20), random.Random(1))):
            hand_in(*batch)
            if place < len(row):
                link(*row[place], "05-30")

    at_once([alone(report), *[alone(drain_until_quiet)] * 3])
    drain()
    assert ask("select count(*) from piece_queue") == [(0,)]
    assert faults() == {}
    busy = digest()
    afresh()
    for one, other in row:
        link(one, other, "05-30")
    arrive(rows)
    assert digest() == busy


def drain_until_quiet() -> None:
    quiet = 0
    while quiet < 5:
        worked = [worker.work_on(shard) for shard in worker.waiting_shards()]
        quiet = 0 if any(worked) else quiet + 1
        threading.Event().wait(0.05)


def work_on_alone(shard: int) -> Callable[[], None]:
    return alone(lambda: work_on(shard))


def alone(do: Callable[[], object]) -> Callable[[], None]:
    def with_a_connection_of_its_own() -> None:
        try:
            do()
        finally:
            connection.close()

    return with_a_connection_of_its_own


def at_once(tasks: list[Callable[[], None]]) -> None:
    failed: list[BaseException] = []

    def noting(task: Callable[[], None]) -> None:
        try:
            task()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=noting, args=[task]) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert failed == []
