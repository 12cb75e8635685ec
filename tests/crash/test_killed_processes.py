"""A process killed at any point and started again ends in the same books."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from clean_database import Database
from crash.processes import WORKER, ended, ran, started, step
from river.batches import BATCHES
from river.books import ask
from river.checks import faults
from river.reports import Row, act, hand_in
from river.streams import arrive, stream
from tanzhang.apps.activities.api import digest, drain, waiting_shards
from tanzhang.apps.activities.posting.locks import _SHARD_LOCK as SHARD_LOCK
from tanzhang.apps.distribution import SHARDS
from tanzhang.faults import FAULT_POINTS

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

SEED = 7

#: The digest of ``SEED`` when nobody is killed. Other rules or another stream would change it.
UNDISTURBED = "c28fdd992aa1240a11ff4ef688cd4cefc038c3aa0112c42753a4c5d50d327387"

SETTLING = [point for point in FAULT_POINTS if point.startswith("settle.")]
DOOR = [point for point in FAULT_POINTS if point.startswith("door.")]
INTAKE = [point for point in FAULT_POINTS if point.startswith("intake.")]
CHANGING = [point for point in FAULT_POINTS if point.startswith("rules.")]
ERASING = [point for point in FAULT_POINTS if point.startswith("erase.")]
TURNING = [point for point in FAULT_POINTS if point.startswith(("turn.", "reindex."))]
LINKING = [point for point in FAULT_POINTS if point.startswith("linking.")]
SUSPECTING = [point for point in FAULT_POINTS if point.startswith("suspicion.")]


def dying_at(point: str, marker: Path, passage: int = 2) -> dict[str, str]:
    """The environment of a process that dies at its second passage of a point."""
    return {"TANZHANG_FAULT": f"{point}:{passage}", "TANZHANG_FAULT_FIRED": str(marker)}


def test_the_stream_ends_in_the_digest_that_these_tests_expect() -> None:
    arrive(stream(SEED).rows)
    assert faults() == {}
    assert digest() == UNDISTURBED


@pytest.mark.parametrize("point", SETTLING)
def test_a_worker_killed_while_it_settles_is_followed_by_another(
    point: str, tmp_path: Path
) -> None:
    rows = stream(SEED).rows
    arrive(rows[:20])
    hand_in(*rows[20:])
    code, _ = ended(started(WORKER, dying_at(point, tmp_path / "fired")))
    assert code == -signal.SIGKILL
    assert (tmp_path / "fired").exists()
    assert waiting_shards() != []
    answer = json.loads(ran(WORKER))
    assert answer["pieces"] > 0
    assert waiting_shards() == []
    assert faults() == {}
    assert digest() == UNDISTURBED


@pytest.mark.parametrize("point", DOOR)
def test_a_door_that_dies_keeps_what_it_acknowledged_and_takes_the_rest_again(
    point: str, tmp_path: Path
) -> None:
    door = step("hand-in", str(SEED))
    code, said = ended(started(door, dying_at(point, tmp_path / "fired")))
    assert code == -signal.SIGKILL
    assert (tmp_path / "fired").exists()
    (acknowledged,) = map(json.loads, said.splitlines())
    known = {key.hex for (key,) in ask("select distinct event_key from event_identity")}
    assert set(acknowledged["accepted"]) <= known
    assert (known > set(acknowledged["accepted"])) == (point == "door.after_commit")
    first, second, *_ = map(json.loads, ran(door).splitlines())
    assert first["counts"]["accepted"] == 0
    assert (second["counts"]["accepted"] == 0) == (point == "door.after_commit")
    ran(WORKER)
    assert faults() == {}
    assert digest() == UNDISTURBED


@pytest.mark.parametrize("point", [*DOOR, *INTAKE])
def test_a_batch_is_there_with_all_its_events_and_its_receipt_or_not_at_all(
    point: str, tmp_path: Path
) -> None:
    step_in = step("hand-in-batches")
    code, said = ended(started(step_in, dying_at(point, tmp_path / "fired")))
    assert code == -signal.SIGKILL
    assert (tmp_path / "fired").exists()
    (acknowledged,) = map(json.loads, said.splitlines())
    kept = 2 if point.endswith("after_commit") else 1
    known = [str(number) for (number,) in ask("select id from batch order by id")]
    assert len(known) == kept and acknowledged["batch_id"] in known
    for table in ("event_identity", "batch_item"):
        assert ask(f"select count(*) from {table}") == [(kept * len(BATCHES[0]),)]
    assert ask("select sum(item_count) from piece") == [(kept * len(BATCHES[0]),)]
    counts = [json.loads(line)["counts"] for line in ran(step_in).splitlines()]
    assert [c["duplicate"] for c in counts] == [
        len(batch) if place < kept else 0 for place, batch in enumerate(BATCHES)
    ]
    assert sum(c["accepted"] + c["duplicate"] for c in counts) == sum(map(len, BATCHES))
    ran(WORKER)
    assert faults() == {}
    assert ask("select count(*) from event_identity") == [(sum(map(len, BATCHES)),)]


def test_every_fault_point_is_tried() -> None:
    assert {*LINKING, *SETTLING, *DOOR, *INTAKE, *CHANGING, *SUSPECTING, *ERASING, *TURNING} == set(
        FAULT_POINTS
    )


def neighbours() -> list[Row]:
    """Two dozen more people in as many shards, who compete for a few bills."""
    return [
        row
        for number in range(12)
        for row in (
            act(f"n{number}", f"05-{number + 1:02} 08:00", person=f"rider {number}"),
            act(f"b{number}", f"05-{28 - number:02} 08:00", "bill", person=f"payer {number}",
                item_key=f"bill-{number % 3}"),
        )
    ]  # fmt: skip


def everything_waits() -> None:
    for place in range(4):
        hand_in(*stream(SEED).rows[place::4], *neighbours()[place::4], enrol=True)


def test_two_workers_at_once_share_the_shards_and_end_in_the_same_books(
    database: Database, afresh: Callable[[], None]
) -> None:
    everything_waits()
    drain()
    alone = digest()
    afresh()
    everything_waits()
    with database.connect(autocommit=True) as keeper:  # nobody begins before both are there
        keeper.execute(
            "select pg_advisory_lock(%s, shard) from generate_series(0, %s) shard",
            [SHARD_LOCK, SHARDS - 1],
        )
        workers = [started(WORKER, {"PGAPPNAME": "a worker"}) for _ in range(2)]
        wait_for_connections(keeper, 2)
    answers = [json.loads(said) for code, said in map(ended, workers) if code == 0]
    assert len(answers) == 2
    assert all(answer["pieces"] > 0 for answer in answers)
    assert ask("select count(*) from piece") == [(sum(a["pieces"] for a in answers),)]
    assert faults() == {}
    assert digest() == alone


def wait_for_connections(connection: psycopg.Connection, count: int) -> None:
    deadline = time.monotonic() + 60
    while connection.execute(
        "select count(*) from pg_stat_activity where datname = current_database()"
        " and application_name = 'a worker'"
    ).fetchone() != (count,):
        assert time.monotonic() < deadline
        time.sleep(0.05)
