"""A scratch book to measure on: filled through the door, settled by worker processes."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import psycopg

from tanzhang.apps.activities.api import accept
from tanzhang.apps.database import bulk_transaction
from tanzhang.config.database import administrator
from tanzhang.workbench.bench.machine import cpu_seconds
from tanzhang.workbench.city import Batch, City, batches

PROGRAMME = "citic"
WORKERS = 2

#: A worker process: says when it is ready, waits for the word, settles until nothing waits.
_WORKER = """
import json, resource, sys
from tanzhang.config import setup
setup()
from tanzhang.apps.activities.api import drain
from tanzhang.apps.catalogue.api import rulebook_in_force
rulebook_in_force()
print("ready", flush=True)
sys.stdin.readline()
before = resource.getrusage(resource.RUSAGE_SELF)
settled = drain()
usage = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"items": settled.items, "fast": settled.fast, "outcomes": settled.outcomes,
                  "cpu": usage.ru_utime + usage.ru_stime
                  - before.ru_utime - before.ru_stime}), flush=True)
"""


@dataclass(frozen=True, slots=True)
class Drained:
    """What draining the queue took, by all workers together."""

    items: int
    fast: int
    outcomes: int
    seconds: float
    worker_cpu_s: float
    server_cpu_s: float
    wal_bytes: int

    @property
    def rate(self) -> float:
        """Acts a second."""
        return self.items / self.seconds


def report(stream: Iterable[Batch]) -> tuple[int, float]:
    """Bring batches to the door: how many reports, and how long the door took."""
    rows, seconds = 0, 0.0
    for batch in stream:
        begin = time.perf_counter()
        accept(
            batch.reports,
            partner=batch.partner,
            programme=PROGRAMME,
            received_us=batch.received_us,
        )
        seconds += time.perf_counter() - begin
        rows += len(batch.reports)
    return rows, seconds


def by_day(city: City) -> Iterator[list[Batch]]:
    """The city's batches, those of one window of arrival together."""
    waiting: list[Batch] = []
    for batch in batches(city):
        if waiting and batch.received_us != waiting[0].received_us:
            yield waiting
            waiting = []
        waiting.append(batch)
    if waiting:
        yield waiting


def drain(workers: int = WORKERS) -> Drained:
    """Settle everything that waits, by worker processes that start together."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _WORKER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(workers)
    ]
    for process in processes:
        assert process.stdout is not None
        if process.stdout.readline().strip() != "ready":
            raise RuntimeError("a worker did not start")
    checkpoint()
    server = _postmaster()
    wal, cpu, begin = _wal_position(), cpu_seconds(server), time.perf_counter()
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = []
    for process in processes:
        assert process.stdout is not None
        said.append(json.loads(process.stdout.readline()))
    seconds = time.perf_counter() - begin
    server_cpu = cpu_seconds(server) - cpu
    for process in processes:
        process.communicate()
    return Drained(
        items=sum(one["items"] for one in said),
        fast=sum(one["fast"] for one in said),
        outcomes=sum(one["outcomes"] for one in said),
        seconds=seconds,
        worker_cpu_s=sum(one["cpu"] for one in said),
        server_cpu_s=server_cpu,
        wal_bytes=_wal_position() - wal,
    )


def checkpoint() -> None:
    """Write out everything, so that no earlier work falls into the next measurement."""
    with as_administrator() as server:
        server.execute("checkpoint")


def as_administrator() -> psycopg.Connection[Any]:
    """The scratch server's superuser: measurements look where no role of the product may."""
    return psycopg.connect(**administrator(), autocommit=True)


def stored_acts() -> int:
    """How many outcomes the book holds."""
    with bulk_transaction() as cursor:
        cursor.execute("select count(*) from activity")
        row = cursor.fetchone()
        assert row is not None
        return int(row[0])


def bytes_of(*patterns: str) -> int:
    """The bytes on disk of tables whose names match, with their indexes."""
    with bulk_transaction() as cursor:
        cursor.execute(
            "select coalesce(sum(pg_total_relation_size(oid)), 0)::bigint from pg_class"
            " where relkind = 'r' and relnamespace = 'public'::regnamespace and relname ~ any(%s)",
            [list(patterns)],
        )
        row = cursor.fetchone()
        assert row is not None
        return int(row[0])


def _wal_position() -> int:
    with as_administrator() as server:
        row = server.execute(
            "select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint"
        ).fetchone()
        assert row is not None
        return int(row[0])


def _postmaster() -> int:
    with as_administrator() as server:
        row = server.execute(
            "select split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int"
        ).fetchone()
        assert row is not None
        return int(row[0])
