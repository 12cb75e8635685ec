"""A partner who never gives up: threads that report rides, and a journal that outlives everything.

A batch is in the journal, on the disk, before it is sent; its receipt as soon as it came. An answer
that did not come is asked for again: with the same Idempotency-Key, or now and then with a new one,
as a client does that lost its notes.
"""

from __future__ import annotations

import json
import os
import random
import secrets
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx
from tanzhang_client import Activity, Client, PlatformKeys, Prepared, PrivateKey, Unanswered
from tanzhang_client.activities import event_of

from crash.door_steps import PARTNER

#: Whom the partner reports on (``river.people``), and somebody whom nobody knows.
PEOPLE: Final = ("ada", "ada-too", "bo", "cy", "cy-too", "di", "ed", "fu", "nobody")

FIRST_DAY: Final = datetime(2025, 5, 1, 0, 0, tzinfo=UTC)

#: How long one call of the client asks before the partner's own program decides what to do.
PATIENCE_SECONDS: Final = 0.4


class Journal:
    """A file of lines: what was prepared, and what was answered."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def prepared(self, batch: Prepared, events: list[dict[str, Any]]) -> None:
        """A batch will be sent; ``events`` are its events before anything was sealed."""
        body = batch.body.decode()
        self._write({"key": batch.idempotency_key, "body": body, "events": events})

    def answered(self, batch: Prepared, receipt: dict[str, Any]) -> None:
        """The receipt of a batch came, and its signature holds."""
        self._write({"key": batch.idempotency_key, "receipt": receipt})

    def _write(self, line: dict[str, Any]) -> None:
        with self._lock, self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def read(self) -> Read:
        """All that it holds."""
        with self._lock:
            lines = [json.loads(line) for line in self._path.read_text("utf-8").splitlines()]
        receipts = {line["key"]: line["receipt"] for line in lines if "receipt" in line}
        return Read({line["key"]: line["events"] for line in lines if "events" in line}, receipts)


@dataclass(frozen=True)
class Read:
    """Events and receipts by the Idempotency-Key under which they went."""

    events: dict[str, list[dict[str, Any]]]
    receipts: dict[str, dict[str, Any]]

    def items(self) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        """Each event that was answered, with its line of the receipt."""
        for key, receipt in self.receipts.items():
            yield from zip(self.events[key], receipt["items"], strict=True)


class Wire(httpx.BaseTransport):
    """HTTP, and how often it failed: answers that never came, and those that said 503."""

    def __init__(self, seen: Counter[str]) -> None:
        self._inner = httpx.HTTPTransport()
        self._seen = seen

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        try:
            response = self._inner.handle_request(request)
            response.read()
        except httpx.ConnectError:
            self._seen["nobody there"] += 1
            raise
        except httpx.TransportError:
            self._seen["answer lost"] += 1
            raise
        self._seen[str(response.status_code)] += 1
        return response

    def close(self) -> None:
        self._inner.close()


@dataclass
class Reporter:
    """One thread of the partner's program. ``seen`` counts what it met."""

    number: int
    url: str
    key: Path
    trust: Path
    journal: Journal
    seen: Counter[str] = field(default_factory=Counter)
    failure: BaseException | None = None

    def __post_init__(self) -> None:
        self._chance = random.Random(self.number)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._reported: list[Activity] = []

    def start(self) -> None:
        """Begin to report."""
        self._thread.start()

    def stop(self) -> None:
        """Report nothing new; what is under way is still asked for until it is answered."""
        self._ended.set()

    def is_done(self) -> bool:
        """Whether everything is answered; raises what the thread died of."""
        if self.failure is not None:
            raise self.failure
        return not self._thread.is_alive()

    def _run(self) -> None:
        client = Client(
            self.url,
            partner=PARTNER,
            key=PrivateKey.from_file(self.key),
            trust=PlatformKeys.from_file(self.trust),
            patience_seconds=PATIENCE_SECONDS,
            http=httpx.Client(timeout=15.0, transport=Wire(self.seen)),
        )
        try:
            with client:
                number = 0
                while not self._ended.is_set():
                    self._report(client, number)
                    number += 1
        except BaseException as error:
            self.failure = error

    def _report(self, client: Client, number: int) -> None:
        rides = [self._ride(f"{self.number}-{number}-{place}") for place in range(6)]
        if self._reported and self._chance.random() < 0.3:
            earlier = self._reported[-1]
            rides.append(replace(earlier, revision=1, inputs={"distance_m": 2_500}))
        if self._reported and self._chance.random() < 0.3:
            rides.append(self._chance.choice(self._reported))  # told a second time, days later
        batch = client.prepare(rides, seal=("/subject",) if number % 2 else ())
        self._send(client, batch, [event_of(ride, PARTNER) for ride in rides])
        self._reported = rides[:6]

    def _send(self, client: Client, batch: Prepared, events: list[dict[str, Any]]) -> None:
        self.journal.prepared(batch, events)
        while True:
            try:
                self.journal.answered(batch, client.send(batch))
                break
            except Unanswered:
                self.seen["same key again"] += 1
            if self._chance.random() < 0.3:
                batch = replace(batch, idempotency_key=secrets.token_hex(16))
                self.journal.prepared(batch, events)
                self.seen["new key"] += 1
        self.seen["answered"] += 1

    def _ride(self, ride_id: str) -> Activity:
        started_at = FIRST_DAY + timedelta(
            days=self._chance.randrange(28), minutes=self._chance.randrange(1400)
        )
        return Activity(
            id=ride_id,
            person=self._chance.choice(PEOPLE),
            scene="bike",
            started_at=started_at,
            ended_at=started_at + timedelta(minutes=10),
            inputs={"distance_m": self._chance.randrange(500, 4_000)},
            grade=2,
        )
