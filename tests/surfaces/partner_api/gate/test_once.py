"""Work under one key is done once, or given up so that it can be tried again."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import OperationalError, connections

from surfaces.partner_api.reports import batch
from surfaces.partner_api.signing import Answer, Partner
from tanzhang.apps.activities import api as activities
from tanzhang.apps.partners.api import calls, partner
from tanzhang.problems import Problem

pytestmark = pytest.mark.database

KEY = {"idempotency_key": "idem-1"}


@pytest.mark.parametrize(
    "error", [OperationalError("gone"), RuntimeError("odd"), Problem("catalogue.nothing_loaded")]
)
def test_what_may_go_well_next_time_can_be_tried_again_at_once(
    bikes: Partner, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(activities, "take_batch", fail)
        first = bikes.post("/v1/events:batch", batch(), signed=KEY)
    assert first.status in {500, 503}
    assert first.json()["retryable"] is True
    again = bikes.post("/v1/events:batch", batch(), signed=KEY)
    assert again.json()["items"][0]["outcome"] == "accepted"


@pytest.mark.parametrize(
    ("refused", "code"),
    [
        (Problem("partners.key_revoked", partner="bikes", key="K"), "KEY_REVOKED"),
        (Problem("partners.partner_suspended", partner="bikes"), "PARTNER_SUSPENDED"),
        (Problem("partners.agreement_missing", partner="bikes", kind="report"), "SCOPE_DENIED"),
    ],
)
def test_a_refusal_about_the_caller_is_not_kept_for_the_key(
    bikes: Partner, monkeypatch: pytest.MonkeyPatch, refused: Problem, code: str
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise refused

    with monkeypatch.context() as patch:
        patch.setattr(activities, "take_batch", fail)
        assert bikes.post("/v1/events:batch", batch(), signed=KEY).code == code
    again = bikes.post("/v1/events:batch", batch(), signed=KEY)
    assert again.json()["items"][0]["outcome"] == "accepted"


def test_a_kept_refusal_is_written_into_the_book_under_its_own_code(bikes: Partner) -> None:
    for _ in range(2):
        assert bikes.post("/v1/events:batch", b"{", signed=KEY).code == "SCHEMA_INVALID"
    told = [line.call for line in calls(partner("bikes").id, 2)]
    assert [(call.code, call.status) for call in told] == [("SCHEMA_INVALID", 422)] * 2


def test_of_two_at_once_one_works_and_the_other_is_told_to_wait(
    bikes: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside, go_on = threading.Event(), threading.Event()
    take, answers = activities.take_batch, []

    def slowly(*given: Any, **named: Any) -> Any:
        inside.set()
        go_on.wait(20)
        return take(*given, **named)

    monkeypatch.setattr(activities, "take_batch", slowly)

    def first() -> None:
        answers.append(bikes.post("/v1/events:batch", batch(), signed=KEY))
        connections.close_all()

    working = threading.Thread(target=first)
    working.start()
    assert inside.wait(20)
    second: Answer = bikes.post("/v1/events:batch", batch(), signed=KEY)
    go_on.set()
    working.join()
    assert (second.status, second.code) == (409, "IDEMPOTENCY_IN_PROGRESS")
    assert second.headers["Retry-After"] == "2"
    assert answers[0].json()["items"][0]["outcome"] == "accepted"
    assert bikes.post("/v1/events:batch", batch(), signed=KEY).body == answers[0].body
