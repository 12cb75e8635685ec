"""Workers: what they do when PostgreSQL breaks them off, goes away, or they are told to stop."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from itertools import pairwise

import psycopg
import pytest

from clean_database import Database
from river.books import rows_of
from river.checks import faults
from river.reports import act, hand_in
from tanzhang.apps.activities.api import run, waiting_shards, work_on
from tanzhang.apps.activities.posting import worker
from tanzhang.problems import Problem

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]


def until(condition: Callable[[], bool]) -> Callable[[], bool]:
    """Tells a worker to stop as soon as something is true, and after half a minute anyway."""
    deadline = time.monotonic() + 30
    return lambda: condition() or time.monotonic() > deadline


def broken_off(*_: object) -> None:
    raise psycopg.errors.DeadlockDetected("deadlock detected")


def test_a_shard_that_is_broken_off_again_and_again_has_a_problem_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hand_in(act("r1", "05-03 08:00"))
    (shard,) = waiting_shards()
    monkeypatch.setattr(worker, "IDLE_SECONDS", 0.001)
    monkeypatch.setattr(worker, "settle_pieces", broken_off)
    with pytest.raises(Problem) as refused:
        work_on(shard)
    assert refused.value.code == "settlement.contended"
    assert refused.value.details == {"shard": shard, "attempts": worker.ATTEMPTS}
    assert waiting_shards() == [shard]


def test_before_a_worker_tries_again_it_waits_as_others_do_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hand_in(act("r1", "05-03 08:00"))
    (shard,) = waiting_shards()
    waits: list[float] = []
    monkeypatch.setattr(worker, "settle_pieces", broken_off)
    monkeypatch.setattr(time, "sleep", waits.append)
    for process in (16, 18, 23):
        monkeypatch.setattr(os, "getpid", lambda own=process: own)
        with pytest.raises(Problem):
            work_on(shard)
    each = worker.ATTEMPTS - 1
    assert waits == pytest.approx([0.05] * each + [0.15] * each + [0.4] * each)


def test_a_worker_whose_connection_is_cut_comes_back_and_goes_on(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    hand_in(act("r1", "05-03 08:00"))
    settle: Callable[..., object] = vars(worker)["settle_pieces"]
    cut: list[int] = []

    def cut_off_once(cursor: psycopg.Cursor, *rest: object) -> object:
        if not cut:
            cut.append(cursor.connection.info.backend_pid)
            with database.connect(autocommit=True) as other:
                other.execute("select pg_terminate_backend(%s)", cut)
        return settle(cursor, *rest)

    monkeypatch.setattr(worker, "settle_pieces", cut_off_once)
    with caplog.at_level(logging.WARNING, logger=worker.__name__):
        run(until(lambda: bool(cut) and waiting_shards() == []))
    assert [record.getMessage() for record in caplog.records] == [
        "The worker cannot work on the database now; it keeps trying.",
        "The worker goes on.",
    ]
    assert [row.status for row in rows_of("bikes", "r1")] == ["credited"]
    assert faults() == {}


def test_a_worker_without_a_database_waits_longer_each_time_and_stops_when_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tried: list[float] = []

    def nobody_there() -> list[int]:
        tried.append(time.monotonic())
        raise psycopg.OperationalError("connection refused")

    monkeypatch.setattr(worker, "waiting_shards", nobody_there)
    with caplog.at_level(logging.WARNING, logger=worker.__name__):
        run(until(lambda: len(tried) == 3))
    first, second = [after - before for before, after in pairwise(tried)]
    assert 0.1 < first < second
    assert len(caplog.records) == 1


def test_a_wait_for_the_database_is_by_chance_up_to_half_as_long_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = [0.0]

    def pass_by(seconds: float) -> None:
        clock[0] += seconds

    monkeypatch.setattr(worker, "IDLE_SECONDS", 0.001)
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(time, "sleep", pass_by)

    def waited(failures: int) -> float:
        before = clock[0]
        worker._wait_for_database(failures, lambda: False)
        return clock[0] - before

    for failures, least in ((1, 0.2), (2, 0.4), (3, 0.8), (30, 10.0)):
        drawn = [waited(failures) for _ in range(10)]
        assert min(drawn) >= least - 0.001
        assert max(drawn) <= least * 1.5 + 0.002
        assert max(drawn) - min(drawn) > least * 0.01


def test_a_worker_that_is_refused_says_so_by_the_problems_code(
    caplog: pytest.LogCaptureFixture,
) -> None:
    counts = {"file": "erasures.jsonl", "known": 2, "written": 1}
    refusals = [
        psycopg.OperationalError("connection refused"),
        Problem("privacy.journal_short", **counts),
        Problem("privacy.journal_short", **counts),
    ]

    def refuse_thrice() -> None:
        if refusals:
            raise refusals.pop(0)

    with caplog.at_level(logging.WARNING, logger=worker.__name__):
        run(until(lambda: len(caplog.records) == 3), refuse_thrice)
    told = [(record.getMessage(), vars(record)) for record in caplog.records]
    assert [message for message, _ in told] == [
        "The worker cannot work on the database now; it keeps trying.",
        "The worker may not work now; it keeps trying.",
        "The worker goes on.",
    ]
    assert told[0][1]["error"] == "OperationalError"
    assert told[1][1]["problem"] == "privacy.journal_short"
    assert told[2][1]["failures"] == 3
