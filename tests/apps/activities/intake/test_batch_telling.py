"""A partner with an address of its own is told once when its batch is settled."""

from __future__ import annotations

import json

import pytest
from batches import bikes, enrol, event, take, text

from tanzhang.apps.activities.api import drain, tell_settled
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
