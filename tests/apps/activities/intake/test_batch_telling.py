"""A partner with an address of its own is told once when its batch is settled."""

from __future__ import annotations

import json
from typing import Any

import pytest
from batches import bikes, enrol, event, take, text

from tanzhang.apps.activities.api import drain, tell_settled
from tanzhang.apps.activities.intake import telling
from tanzhang.apps.partners.api import deliveries, open_endpoint
from tanzhang.apps.partners.models import WebhookMessage, WebhookPromise

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]

RIDE_MG = 112_010


def test_a_batch_is_told_of_when_it_is_settled_and_only_then_and_once() -> None:
    enrol("ada")
    drain()
    open_endpoint(bikes().id, "https://hooks.example.cn/in")
    receipt = take(text(event()))
    assert tell_settled() == 0
    drain()
    assert tell_settled() == 1
    assert tell_settled() == 0
    [line] = deliveries(bikes().id)
    assert (line.kind, line.about) == ("cn.tanzhang.batch.settled.v1", receipt.batch_id)
    said = json.loads(bytes(WebhookMessage.objects.get().body))["data"]
    assert said["counts"]["accepted"] == 1
    [item] = said["settled"]["items"]
    assert (item["id"], item["reduction_mg"]) == ("e1", RIDE_MG)


def test_a_batch_of_which_nothing_was_accepted_is_told_of_at_once() -> None:
    open_endpoint(bikes().id, "https://hooks.example.cn/in")
    take(text(event(subject="nobody")))
    assert tell_settled() == 1


def test_nothing_is_promised_to_a_partner_without_an_address() -> None:
    enrol("ada")
    take(text(event()))
    assert not WebhookPromise.objects.exists()


def test_a_message_that_cannot_be_made_holds_up_no_other(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    open_endpoint(bikes().id, "https://hooks.example.cn/in")
    broken, sound = (take(text(event(f"e{n}", subject="nobody"))).batch_id for n in range(2))
    content = telling.batch_receipt

    def refuse(partner_id: int, batch_id: str) -> dict[str, Any]:
        if batch_id == broken:
            raise ValueError("it is damaged")
        return content(partner_id, batch_id)

    monkeypatch.setattr(telling, "batch_receipt", refuse)
    assert tell_settled() == 1
    assert [line.about for line in deliveries(bikes().id)] == [sound]
    assert "A message could not be made." in caplog.text
    assert WebhookPromise.objects.count() == 1


def test_promises_that_stay_open_hold_up_no_later_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tanzhang.apps.partners.webhooks.promises.PAGE", 1)
    enrol("ada")
    drain()
    open_endpoint(bikes().id, "https://hooks.example.cn/in")
    take(text(event("waits")))
    take(text(event("waits too", time="2024-05-03T16:00:00+08:00", data={"ended_at": None})))
    take(text(event("refused", subject="nobody")))
    assert tell_settled() == 1
