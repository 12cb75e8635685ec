"""Each check answers with its code, and of several faults the first in the documented order."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from surfaces.partner_api.reports import batch
from surfaces.partner_api.signing import Partner
from surfaces.partner_api.trouble import IN_ORDER, Trouble
from tanzhang.apps.activities import api as activities
from tanzhang.apps.partners import api as partners
from tanzhang.crypto import PublicKey
from tanzhang.surfaces.partner_api.codes import CODES
from tanzhang.surfaces.partner_api.gate import order

pytestmark = pytest.mark.database

ALL = [code for entry in IN_ORDER for code in entry]


@pytest.fixture
def trouble(bikes: Partner, monkeypatch: pytest.MonkeyPatch) -> Trouble:
    return Trouble(bikes, monkeypatch)


@pytest.mark.parametrize("code", ALL)
def test_one_fault_gets_its_code_and_a_signed_answer(
    trouble: Trouble, platform_keys: dict[str, PublicKey], code: str
) -> None:
    answer = trouble.answer({code})
    assert (answer.code, answer.status) == (code, CODES[code].status), answer.body
    assert answer.json()["retryable"] is CODES[code].retryable
    assert answer.headers["Content-Type"] == "application/problem+json"
    if code in {"SIG_MISSING", "SIG_MALFORMED"}:
        answer = type(answer)(answer.status, answer.body, answer.headers, "-")
    assert answer.is_signed_by(platform_keys)


@pytest.mark.parametrize("place", range(len(IN_ORDER)))
def test_of_this_fault_and_all_later_ones_this_is_told(trouble: Trouble, place: int) -> None:
    for first in IN_ORDER[place]:
        wrong = {first} | {entry[0] for entry in IN_ORDER[place + 1 :]}
        assert trouble.answer(wrong).code == first
        break


def test_the_order_here_is_the_published_one() -> None:
    checks = [CODES[code].check for code in ALL]
    assert checks == sorted(checks)
    at_any_time = {"TEMPORARILY_UNAVAILABLE", "INTERNAL_ERROR"}
    no_batch = {"CONSENT_MISSING", "NOT_ASSESSED", "RECIPIENT_ABROAD"}  # can get one of these
    assert set(CODES) - set(ALL) == at_any_time | no_batch


def while_the_body_comes(monkeypatch: pytest.MonkeyPatch, do: Callable[[], object]) -> None:
    """Lets something happen between the first byte of a body and its last."""
    read = order._body

    def slowly(*given: Any) -> bytes:
        do()
        return read(*given)

    monkeypatch.setattr(order, "_body", slowly)


def test_a_body_arrives_when_its_last_byte_is_there(
    bikes: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    take, told, during = activities.take_batch, [], []

    def taken(*given: Any, **named: Any) -> Any:
        told.append(named["received_us"])
        return take(*given, **named)

    monkeypatch.setattr(activities, "take_batch", taken)
    while_the_body_comes(monkeypatch, lambda: during.append(time.time_ns() // 1000))
    assert bikes.post("/v1/events:batch", batch()).status == 200
    assert told[0] >= during[0]


def test_a_body_that_comes_after_its_time_is_refused(
    bikes: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    now_ns = [time.time_ns()]

    def wait() -> None:
        now_ns[0] += 302 * 10**9

    monkeypatch.setattr(order, "time", SimpleNamespace(time_ns=lambda: now_ns[0]))
    while_the_body_comes(monkeypatch, wait)
    answer = bikes.post("/v1/events:batch", batch())
    assert (answer.status, answer.code) == (401, "TIMESTAMP_OUT_OF_WINDOW")


def test_a_partner_that_is_suspended_while_its_body_comes_is_not_served(
    bikes: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = partners.partner("bikes").id
    with monkeypatch.context() as patch:
        while_the_body_comes(patch, lambda: partners.suspend(number, reason="odd", by="ling"))
        refused = bikes.post("/v1/events:batch", batch(), signed={"idempotency_key": "k"})
    assert (refused.status, refused.code) == (403, "PARTNER_SUSPENDED")
    partners.resume(number, reason="even", by="ling")
    again = bikes.post("/v1/events:batch", batch(), signed={"idempotency_key": "k"})
    assert again.json()["counts"]["accepted"] == 1, "nothing of the first was there"


def test_badly_signed_calls_do_not_fill_a_partners_book(
    bikes: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order, "noted", order.AddressLimit(burst=2, per_second=1 / 600))
    badly, _ = bikes.headers("GET", "/v1/nothing")
    for _ in range(4):
        assert bikes.send("GET", "/v1/ping", b"", badly).code == "SIG_INVALID"
    assert bikes.get("/v1/ping").status == 200
    told = [line.call.code for line in partners.calls(partners.partner("bikes").id, 9)]
    assert told == ["OK", "SIG_INVALID", "SIG_INVALID"]
