"""Work under one key is done once, or given up so that it can be tried again."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import OperationalError, connections

from surfaces.partner_api.reports import batch
from surfaces.partner_api.signing import Answer, Partner
from tanzhang.apps.activities import api as activities
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
