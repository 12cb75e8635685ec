"""From the receipt of a batch until a citizen sees her act settled, with workers at work.

Of each batch one ride is watched, by whichever watcher is free: he is logged in as its citizen and
asks for the part of her home that changes, far more often than a page does, until it names the act
as her latest settled one.
"""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Final

from tanzhang.apps.database import bulk_transaction
from tanzhang.workbench.bench import book
from tanzhang.workbench.bench.doors_load import Request, Rider, paced, seconds_of, send
from tanzhang.workbench.bench.pages import session

#: How often a watcher asks. An open page asks twice a second.
ASKS_EVERY_S: Final = 0.03

WATCHERS: Final = 2
PATIENCE_S: Final = 60.0


@dataclass(slots=True)
class Seen:
    """How long each watched act took to be seen, and how many events were sent a second."""

    taken_ms: list[float] = field(default_factory=list)
    sent_per_s: float = 0.0


@dataclass(frozen=True, slots=True)
class _Sight:
    """An act to be watched for, accepted at an instant of ``perf_counter``."""

    person: str
    event_key: str
    accepted_s: float


@contextmanager
def working() -> Iterator[None]:
    """As many workers as other suites have, until the end of the block."""
    command = [sys.executable, "-m", "tanzhang", "worker"]
    workers = [subprocess.Popen(command, stderr=subprocess.DEVNULL) for _ in range(book.WORKERS)]
    try:
        yield
    finally:
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.wait(30)


def maximum_load(riders: Sequence[Rider], batches: int, events: int) -> float:
    """Events a second, accepted and settled, when partners send as fast as they are answered."""
    for count in (1, batches):  # the first ones find workers and caches awake
        queues = [rider.requests(count, events, signed=True) for rider in riders]
        begin = time.perf_counter()
        seconds_of(riders[0].host, queues)
        while _waiting():
            time.sleep(0.01)
        seconds = time.perf_counter() - begin
    return batches * events * len(riders) / seconds


def seen_at(events_per_s: float, riders: Sequence[Rider], events: int, seconds: float) -> Seen:
    """Watch acts while batches come at this load."""
    every_s = events * len(riders) / events_per_s
    count = max(2, round(seconds / every_s))
    queues = [rider.requests(count, events, signed=True) for rider in riders]
    sessions = _sessions(request for requests in queues for request in requests)
    host, seen, free = riders[0].host, Seen(), threading.Semaphore(WATCHERS)
    sights: queue.Queue[_Sight | None] = queue.Queue()

    def told(request: Request, receipt: bytes) -> None:
        accepted_s = time.perf_counter()
        if free.acquire(blocking=False):  # what waited for a watcher would be seen too late
            key = json.loads(receipt)["items"][0]["event_key"]
            sights.put(_Sight(request.rides[0].person, key, accepted_s))

    with ThreadPoolExecutor(len(riders) + WATCHERS) as pool:
        watching = [
            pool.submit(_watch, host, sessions, sights, seen, free) for _ in range(WATCHERS)
        ]
        begin = time.perf_counter()
        sending = [pool.submit(send, host, paced(own, every_s), told) for own in queues]
        for sender in sending:
            sender.result()
        taken_s = max(time.perf_counter() - begin, count * every_s)  # the last one has its turn too
        seen.sent_per_s = count * events * len(riders) / taken_s
        for _ in watching:
            sights.put(None)
        for watcher in watching:
            watcher.result()
    return seen


def _watch(
    host: str,
    sessions: dict[str, str],
    sights: queue.Queue[_Sight | None],
    seen: Seen,
    free: threading.Semaphore,
) -> None:
    """Wait for one act after the other to be seen."""
    connection = HTTPConnection(host, timeout=30)
    while (sight := sights.get()) is not None:
        cookie = {"Cookie": f"sessionid={sessions[sight.person]}"}
        stamp, latest = "", ""
        while latest != sight.event_key:
            if time.perf_counter() - sight.accepted_s > PATIENCE_S:
                raise RuntimeError("an act was never seen")
            connection.request("GET", f"/live/home/?stamp={stamp}", headers=cookie)
            answer = connection.getresponse()
            page = answer.read().decode()
            if answer.status == 200:
                stamp, latest = _said(page, "stamp"), _said(page, "latest")
            if latest != sight.event_key:
                time.sleep(ASKS_EVERY_S)
        seen.taken_ms.append((time.perf_counter() - sight.accepted_s) * 1000)
        free.release()
    connection.close()


def _said(page: str, name: str) -> str:
    """What a page says of its own freshness."""
    return page.partition(f'data-{name}="')[2].partition('"')[0]


def _sessions(requests: Iterable[Request]) -> dict[str, str]:
    """Log in every citizen who may be watched; the keys of their sessions."""
    persons = {request.rides[0].person for request in requests}
    return {person: session(f"{book.PROGRAMME}-{person}") for person in persons}


def _waiting() -> bool:
    """Whether any piece waits to be settled."""
    with bulk_transaction() as cursor:
        cursor.execute("select exists (select from piece_queue)")
        return bool(cursor.fetchall()[0][0])
