"""``pages``: how long the site takes to answer a citizen, with a large book behind it.

Run in a process of its own (``python -m tanzhang.workbench.bench.pages``) whose ``TANZHANG_HOME``
is a scratch directory; prints its results as JSON. The site runs as it does for real, in one web
process, and is asked over HTTP by one visitor after the other, each a citizen drawn at random from
those who acted every day of the last eight weeks: theirs are the largest pages.
"""

from __future__ import annotations

import json
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from http.client import HTTPConnection
from statistics import quantiles
from typing import Any, Final

from tanzhang.config import migrate, setup
from tanzhang.engine.packs import load_packs

#: What a page may take at the 95th percentile.
LIMIT_MS: Final = 50.0

#: The rest of the city acts on one day in so many, over so many days.
EVERY_DAYS: Final = 20
HISTORY_DAYS: Final = 730
ACTS_A_DAY: Final = 2.45
#: Citizens who move in at once.
PART: Final = 50_000

#: The measured citizens act on each of these last days.
DAILY: Final = 56

START_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is stored, how many citizens look, and how often each page is asked for."""

    stored: int
    visitors: int
    requests: int


SCALES = {
    "full": Scale(10_000_000, 400, 2_000),
    "quick": Scale(200_000, 100, 300),
    "tiny": Scale(2_000, 5, 10),  # what the tests run
}


def main() -> None:
    """Measure, and print one JSON object: suite name to its figures by result."""
    scale = next(SCALES[name] for name in SCALES if name in sys.argv)
    setup()
    migrate.migrate()
    from tanzhang.apps.catalogue.api import load_catalogue

    load_catalogue(load_packs(), ["citic"])
    sys.stdout.write(json.dumps({"pages": measure(scale)}) + "\n")


def measure(scale: Scale) -> dict[str, Any]:
    """Fill the book, serve it, and ask for each page."""
    from tanzhang.workbench.bench import book

    sessions = _fill(scale)
    with book.as_administrator() as server:
        server.execute("analyze")  # as autovacuum does soon after
        row = server.execute(
            "select count(*) from pg_inherits where inhparent = 'activity'::regclass"
        )
        partitions = (row.fetchone() or (0,))[0]
    book.checkpoint()
    details = {"acts": book.stored_acts(), "partitions": partitions, "requests": scale.requests}
    results = {}
    with serving() as port:
        for name, path in (("home", "/home/"), ("records", "/records/"), ("live", None)):
            taken_ms, size = _ask(port, path, sessions, scale.requests)
            cuts = quantiles(taken_ms, n=100, method="inclusive")
            found = {"p50_ms": round(cuts[49], 2), "p99_ms": round(cuts[98], 2), "bytes": size}
            results[f"{name}_p95_ms"] = {
                "value": cuts[94],
                "limit": LIMIT_MS,
                "details": details | found,
            }
    return results


def _fill(scale: Scale) -> list[str]:
    """Store acts until there are enough; the sessions of the citizens who will look."""
    from tanzhang.apps.activities.api import drain
    from tanzhang.workbench.bench import book
    from tanzhang.workbench.city import City, batches
    from tanzhang.workbench.city.residents import enrol_residents, handles

    today = date.today()
    daily = City(7, scale.visitors, DAILY, today - timedelta(days=DAILY), batches_a_day=1)
    enrol_residents(daily, book.PROGRAMME)
    others = max(1, round(scale.stored / (ACTS_A_DAY * (HISTORY_DAYS // EVERY_DAYS))))
    for seed, first in enumerate(range(0, others, PART), 1_000):
        part = City(seed, min(PART, others - first), 1, today, batches_a_day=1)
        enrol_residents(part, book.PROGRAMME)
        days = range(HISTORY_DAYS, 0, -EVERY_DAYS)
        book.report(
            batch
            for back in days
            for batch in batches(replace(part, start=today - timedelta(days=back)))
        )
        book.drain()
    past = replace(daily, days=1)
    book.report(
        batch
        for back in range(HISTORY_DAYS, DAILY, -EVERY_DAYS)
        for batch in batches(replace(past, start=today - timedelta(days=back)))
    )
    drain()
    for window in book.by_day(daily):  # day after day, as rows come to lie for real
        book.report(window)
        drain()
    return [session(handle) for handle in handles(daily, book.PROGRAMME)]


def session(handle: str) -> str:
    """The key of a session that is logged in to an account."""
    from django.contrib.sessions.backends.db import SessionStore

    from tanzhang.apps.people.api import account

    found = account(handle)
    assert found is not None
    session = SessionStore()
    session["account"] = found.id
    session.create()
    return str(session.session_key)


@contextmanager
def serving(*program: str) -> Iterator[int]:
    """The site in a web process of its own, or a program that serves it; its port."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = int(trial.getsockname()[1])
    environment = os.environ | {"TANZHANG_LISTEN": f"127.0.0.1:{port}"}
    command = [sys.executable, *(program or ("-m", "tanzhang", "web"))]
    web = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        _wait_until_ready(port)
        yield port
    finally:
        web.terminate()
        web.wait(30)


def _wait_until_ready(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the site did not start")


def _ask(
    port: int, path: str | None, sessions: Sequence[str], times: int
) -> tuple[list[float], int]:
    """Milliseconds of each request, and the bytes of the last answer.

    Without a path the question of an open page is asked: whether there is anything new.
    """
    draw = random.Random(1)  # noqa: S311
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    stamps: dict[str, str] = {}
    taken_ms, size = [], 0
    for place in range(times + len(sessions)):
        # Every citizen looks once before anything is measured, as a site that runs has been asked.
        session = sessions[place] if place < len(sessions) else draw.choice(sessions)
        address = path or f"/live/home/?stamp={stamps.get(session, '')}"
        begin = time.perf_counter()
        connection.request("GET", address, headers={"Cookie": f"sessionid={session}"})
        answer = connection.getresponse()
        body = answer.read()
        if place >= len(sessions):
            taken_ms.append((time.perf_counter() - begin) * 1000)
            size = len(body)
        if answer.status not in (200, 204):
            raise RuntimeError(f"{address} answered {answer.status}")
        if path is None and answer.status == 200:
            stamps[session] = body.decode().partition('data-stamp="')[2].partition('"')[0]
    return taken_ms, size


if __name__ == "__main__":
    main()
