"""What was said before is said again: to another process, after a restart, by sixteen at once.

Real servers over one database. A captured request is good for nobody, nowhere; a batch may be sent
any number of times and counts once; and where nonces cannot be kept nobody is served.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from tanzhang_client import Activity, Client, PlatformKeys, PrivateKey, Unanswered

from clean_database import Database
from crash.door_house import answers, begin, free_port, kill, wait
from crash.door_steps import PARTNER, let_in
from river.books import ask
from tanzhang.crypto import Algorithm, generate

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

THREADS = 16
RIDES = 12

Begin = Callable[..., int]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Begin]:
    """Starts a server over this test's database, on a port if one is given; the port.

    A second server on the same port takes the place of the first, which is killed.
    """
    processes: dict[int, Any] = {}

    def start(port: int = 0, *, processes_of_its_own: int = 1) -> int:
        if port in processes:
            kill(processes.pop(port))
        port = port or free_port()
        environment = {
            "TANZHANG_LISTEN": f"127.0.0.1:{port}",
            "TANZHANG_WEB_PROCESSES": str(processes_of_its_own),
        }
        processes[port] = begin(("web",), tmp_path / f"web-{port}.log", os.environ | environment)
        wait(lambda: answers(port), "the site answers")
        return port

    yield start
    for process in processes.values():
        kill(process)


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """A folder with the partner's key, which we know, and ours, which it trusts."""
    key = generate(Algorithm.SM2)
    (tmp_path / "key.pem").write_text(key.to_pem())
    (tmp_path / "public.pem").write_text(key.public.pem)
    let_in(tmp_path / "public.pem", tmp_path / "trust.json")
    return tmp_path


class Ear(httpx.BaseTransport):
    """HTTP, and what somebody hears who listens on the wire."""

    def __init__(self) -> None:
        self._inner = httpx.HTTPTransport()
        self.heard: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.heard.append(request)
        return self._inner.handle_request(request)

    def close(self) -> None:
        self._inner.close()


def client(port: int, keys: Path, ear: Ear | None = None, patience_seconds: float = 60) -> Client:
    """The partner's client."""
    return Client(
        f"http://127.0.0.1:{port}",
        partner=PARTNER,
        key=PrivateKey.from_file(keys / "key.pem"),
        trust=PlatformKeys.from_file(keys / "trust.json"),
        patience_seconds=patience_seconds,
        http=httpx.Client(timeout=30, transport=ear or httpx.HTTPTransport()),
    )


def rides() -> list[Activity]:
    """A ride a day."""
    first = datetime(2025, 5, 1, tzinfo=UTC)
    return [
        Activity(
            id=f"ride-{day}",
            person="ada",
            scene="bike",
            started_at=first + timedelta(days=day),
            ended_at=first + timedelta(days=day, minutes=10),
            inputs={"distance_m": 2_000},
        )
        for day in range(RIDES)
    ]


def said_again(heard: httpx.Request, port: int, host_port: int) -> tuple[int, str]:
    """Status and code of a captured request that a stranger sends, named as for ``host_port``."""
    headers = {name: value for name, value in heard.headers.items() if name != "host"}
    answer = httpx.post(
        f"http://127.0.0.1:{port}{heard.url.path}",
        content=heard.content,
        headers=headers | {"Host": f"127.0.0.1:{host_port}"},
    )
    return answer.status_code, answer.json()["code"]


def test_a_captured_request_is_refused_by_every_process_and_after_a_restart(
    site: Begin, keys: Path
) -> None:
    here, elsewhere = site(), site()
    ear = Ear()
    with client(here, keys, ear) as partner:
        assert partner.report(rides())["counts"]["accepted"] == RIDES
    (heard,) = ear.heard
    assert said_again(heard, here, here) == (401, "NONCE_REPLAYED")
    assert said_again(heard, elsewhere, here) == (401, "NONCE_REPLAYED")
    assert said_again(heard, elsewhere, elsewhere) == (401, "SIG_INVALID")
    site(here)
    assert said_again(heard, here, here) == (401, "NONCE_REPLAYED")
    assert ask("select count(*), sum(accepted) from batch") == [(1, RIDES)]


def test_of_sixteen_that_send_one_batch_at_once_one_is_accepted_and_all_are_answered(
    site: Begin, keys: Path, database: Database
) -> None:
    port = site(processes_of_its_own=2)
    start = threading.Barrier(THREADS)
    with client(port, keys) as partner:
        batch = partner.prepare(rides(), seal=("/subject",))

        def send(number: int) -> dict[str, Any]:
            key = batch.idempotency_key if number % 2 else f"{batch.idempotency_key}-{number}"
            start.wait(timeout=20)
            return partner.send(replace(batch, idempotency_key=key))

        with ThreadPoolExecutor(THREADS) as pool:
            receipts = list(pool.map(send, range(THREADS)))
        assert all(receipt == receipts[1] for receipt in receipts[1::2])
        told = [receipt["counts"] for receipt in {r["batch_id"]: r for r in receipts}.values()]
        assert sorted(counts["accepted"] for counts in told) == [0] * (len(told) - 1) + [RIDES]
        assert all(counts["accepted"] + counts["duplicate"] == RIDES for counts in told)
        with database.connect("owner", autocommit=True) as owner:
            owner.execute("delete from idempotency")  # as if sixty days had passed
        late = partner.send(batch)
    assert late["counts"]["duplicate"] == RIDES
    assert [item["event_key"] for item in late["items"]] == [
        item["event_key"] for item in receipts[1]["items"]
    ]
    assert ask("select count(*) from event_identity") == [(RIDES,)]
    assert ask("select sum(accepted) from batch") == [(RIDES,)]


def test_where_nonces_cannot_be_kept_nobody_is_served_until_they_can(
    site: Begin, keys: Path, database: Database
) -> None:
    with (
        client(site(), keys, patience_seconds=1) as partner,
        database.connect("owner", autocommit=True) as owner,
    ):
        batch = partner.prepare(rides())
        owner.execute("revoke insert on used_nonce from tanzhang_app")
        try:
            with pytest.raises(Unanswered, match="TEMPORARILY_UNAVAILABLE") as refused:
                partner.send(batch)
        finally:
            owner.execute("grant insert on used_nonce to tanzhang_app")
        assert getattr(refused.value.__cause__, "status", None) == 503
        for table in ("batch", "event_identity", "idempotency"):
            assert ask(f"select count(*) from {table}") == [(0,)]
        assert partner.send(batch)["counts"]["accepted"] == RIDES
