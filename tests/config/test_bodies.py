"""Visitors who never send what they announced hold up a few threads, and nobody else."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tanzhang.config import arrivals
from tanzhang.config.arrivals import MOST_BYTES, Arrivals, Places


class Stalled(io.RawIOBase):
    """A body of which nothing comes until the test lets it."""

    def __init__(self, gate: threading.Event, body: bytes = b"x") -> None:
        super().__init__()
        self._gate, self._rest, self._read = gate, io.BytesIO(body), threading.Event()

    def is_read(self) -> bool:
        """Wait until somebody has taken a place and reads."""
        return self._read.wait(timeout=60)

    def read(self, size: int = -1) -> bytes:
        self._read.set()
        self._gate.wait(timeout=60)
        return self._rest.read(min(size, 3))


def echo(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", [])
    return [environ["wsgi.input"].read()]


def asked(
    application: Arrivals, stream: Any, length: int, address: str = "192.0.2.1", **more: str
) -> tuple[str, bytes]:
    said: list[str] = []
    environ = {"wsgi.input": stream, "CONTENT_LENGTH": str(length), "REMOTE_ADDR": address, **more}
    body = b"".join(application(environ, lambda status, headers: said.append(status)))
    return said[0][:3], body


def test_one_address_takes_half_of_the_places_and_others_are_answered() -> None:
    site, gate = Arrivals(echo, 8, behind_proxy=False), threading.Event()
    with ThreadPoolExecutor(9) as pool:
        bodies = [Stalled(gate) for _ in range(3)]
        stalled = [pool.submit(asked, site, each, 1) for each in bodies]
        assert all(each.is_read() for each in bodies)
        status, body = asked(site, io.BytesIO(b"late"), 4)
        assert (status, json.loads(body)["retryable"]) == ("503", True)
        assert asked(site, io.BytesIO(b"hello"), 5, "192.0.2.2") == ("200", b"hello")
        assert asked(site, io.BytesIO(b""), 0) == ("200", b""), "a page has no body"
        gate.set()
        assert [each.result()[0] for each in stalled] == ["200"] * 3
        assert asked(site, io.BytesIO(b"again"), 5) == ("200", b"again")


def test_whoever_finds_no_place_hears_so_when_her_patience_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert 0 < arrivals.PATIENCE_SECONDS <= 1, "a thread that waits answers nobody"
    monkeypatch.setattr(arrivals, "PATIENCE_SECONDS", 0.02)
    site, gate = Arrivals(echo, 4, behind_proxy=False), threading.Event()
    with ThreadPoolExecutor(2) as pool:
        body = Stalled(gate)
        first = pool.submit(asked, site, body, 1)
        assert body.is_read()
        late = pool.submit(asked, site, io.BytesIO(b"late"), 4)
        try:
            assert late.result(timeout=10)[0] == "503"  # five hundred times her patience
            assert not first.done(), "the gate is shut"
        finally:
            gate.set()


def test_many_addresses_leave_two_threads_to_pages() -> None:
    site, gate = Arrivals(echo, 4, behind_proxy=False), threading.Event()
    with ThreadPoolExecutor(4) as pool:
        bodies = [Stalled(gate) for _ in range(2)]
        for number, each in enumerate(bodies):
            pool.submit(asked, site, each, 1, f"192.0.2.{number}")
        assert all(each.is_read() for each in bodies)
        assert asked(site, io.BytesIO(b"late"), 4, "192.0.2.9")[0] == "503"
        assert asked(site, io.BytesIO(b""), 0, "192.0.2.9")[0] == "200"
        gate.set()


def test_a_body_in_pieces_is_whole_and_a_broken_one_is_short() -> None:
    site, open_gate = Arrivals(echo, 8, behind_proxy=False), threading.Event()
    open_gate.set()
    assert asked(site, Stalled(open_gate, b"in several pieces"), 17)[1] == b"in several pieces"
    assert asked(site, Stalled(open_gate, b"cut"), 17)[1] == b"cut"


def test_what_is_too_large_or_malformed_is_left_to_whom_it_is_for() -> None:
    seen: list[Any] = []

    def look(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        seen.append(environ["wsgi.input"])
        return echo(environ | {"wsgi.input": io.BytesIO(b"")}, start_response)

    site, untouched = Arrivals(look, 8, behind_proxy=False), io.BytesIO(b"1")
    asked(site, untouched, MOST_BYTES + 1)
    asked(site, untouched, -5)
    asked(site, untouched, 2**20 + 1, PATH_INFO="/v1/events:batch")
    assert seen == [untouched] * 3


def test_behind_a_proxy_the_address_that_it_saw_counts() -> None:
    site, gate = Arrivals(echo, 4, behind_proxy=True), threading.Event()
    with ThreadPoolExecutor(2) as pool:
        proxied = {"HTTP_X_FORWARDED_FOR": "10.0.0.1, 192.0.2.7"}
        body = Stalled(gate)
        pool.submit(asked, site, body, 1, "10.9.9.9", **proxied)
        assert body.is_read()
        assert asked(site, io.BytesIO(b"no"), 2, "10.9.9.9", **proxied)[0] == "503"
        other = {"HTTP_X_FORWARDED_FOR": "192.0.2.8"}
        assert asked(site, io.BytesIO(b"yes"), 3, "10.9.9.9", **other)[0] == "200"
        gate.set()


def test_a_place_that_becomes_free_is_given_to_whoever_waits() -> None:
    places = Places(4)
    assert places.take("a")
    assert not places.take("a", 0.05)
    threading.Timer(0.1, places.leave, ["a"]).start()
    assert places.take("a", 5)
