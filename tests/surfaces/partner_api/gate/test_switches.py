"""A developer can make a sandbox fail, and nobody can make a live platform fail."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from surfaces.partner_api.reports import batch, event
from surfaces.partner_api.signing import Partner
from tanzhang.crypto import PublicKey

pytestmark = pytest.mark.database

Become = Callable[[str], None]


def switch(name: str) -> dict[str, str]:
    return {"Tanzhang-Sandbox": name}


@pytest.mark.parametrize("kind_now", ["sandbox", "demonstration"])
@pytest.mark.parametrize(
    ("status", "code"),
    [(429, "RATE_LIMITED"), (500, "INTERNAL_ERROR"), (503, "TEMPORARILY_UNAVAILABLE")],
)
def test_a_status_is_answered_and_nothing_is_done(
    bikes: Partner, kind: Become, kind_now: str, status: int, code: str
) -> None:
    kind(kind_now)
    answer = bikes.post("/v1/events:batch", batch(), sent=switch(f"status={status}"))
    assert (answer.status, answer.code, answer.json()["retryable"]) == (status, code, True)
    assert int(answer.headers["Retry-After"]) >= 1
    assert bikes.get("/v1/events/e1").status == 404


def test_a_request_is_done_twice_and_counts_once(bikes: Partner, kind: Become) -> None:
    kind("sandbox")
    answer = bikes.post("/v1/events:batch", batch(), sent=switch("duplicate"))
    assert answer.json()["items"][0]["outcome"] == "duplicate"
    assert len(bikes.get("/v1/events/e1").json()["deliveries"]) == 2


def test_a_bad_signature_does_not_verify(
    bikes: Partner, platform_keys: dict[str, PublicKey], kind: Become
) -> None:
    kind("sandbox")
    answer = bikes.get("/v1/ping", sent=switch("bad-signature"))
    assert answer.status == 200
    assert not answer.is_signed_by(platform_keys)


def test_after_a_dropped_reply_the_same_key_gets_the_stored_answer(
    bikes: Partner, kind: Become
) -> None:
    kind("sandbox")
    key = {"idempotency_key": "idem-1"}
    with pytest.raises(ConnectionAbortedError):
        bikes.post("/v1/events:batch", batch(), signed=key, sent=switch("drop-reply"))
    again = bikes.post("/v1/events:batch", batch(), signed=key)
    assert again.json()["items"][0]["outcome"] == "accepted"


def test_a_delay_is_waited(bikes: Partner, kind: Become) -> None:
    kind("sandbox")
    started_s = time.monotonic()
    assert bikes.get("/v1/ping", sent=switch("delay=300")).status == 200
    assert time.monotonic() - started_s >= 0.3


def test_a_reordered_request_is_done_after_the_next_one(bikes: Partner, kind: Become) -> None:
    from django.db import connections

    kind("sandbox")
    answers: list[int] = []

    def held_back() -> None:
        correction = event("e1", revision=1)
        answers.append(
            bikes.post("/v1/events:batch", batch(correction), sent=switch("reorder")).status
        )
        connections.close_all()

    waiting = threading.Thread(target=held_back)
    waiting.start()
    time.sleep(1)
    first = bikes.post("/v1/events:batch", batch(event("e1")))
    waiting.join()
    assert answers == [200]
    assert first.json()["items"][0]["outcome"] == "accepted"  # it was there before the correction
    assert bikes.get("/v1/events/e1").json()["revisions"] == [0, 1]


@pytest.mark.parametrize(
    "name", ["nonsense", "delay", "delay=x", "status=200", "duplicate,reorder"]
)
def test_an_unknown_switch_is_told(bikes: Partner, kind: Become, name: str) -> None:
    kind("sandbox")
    answer = bikes.get("/v1/ping", sent=switch(name))
    assert (answer.status, answer.code) == (400, "HEADER_INVALID")


@pytest.mark.parametrize("name", ["status=503", "bad-signature", "nonsense"])
def test_a_live_platform_takes_no_notice(
    bikes: Partner, platform_keys: dict[str, PublicKey], kind: Become, name: str
) -> None:
    kind("live")
    answer = bikes.get("/v1/ping", sent=switch(name))
    assert answer.status == 200
    assert answer.is_signed_by(platform_keys)


def test_a_stranger_has_no_switches(bikes: Partner, kind: Become) -> None:
    kind("sandbox")
    assert bikes.send("GET", "/v1/ping", b"", switch("status=503")).code == "SIG_MISSING"
