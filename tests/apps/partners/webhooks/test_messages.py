"""What is told once lies in the outbox once, for every address that wants it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from tanzhang.apps.partners.models import DeliveryState, WebhookMessage
from tanzhang.apps.partners.webhooks.endpoints import close_endpoint, open_endpoint
from tanzhang.apps.partners.webhooks.messages import deliveries, replay, replay_between, tell
from tanzhang.problems import Problem

pytestmark = pytest.mark.database

SETTLED = "cn.tanzhang.batch.settled.v1"
URL = "https://hooks.example.cn"


def test_a_message_is_a_cloud_event_for_each_open_address_that_wants_its_kind(bikes: int) -> None:
    all_kinds = open_endpoint(bikes, f"{URL}/all")
    open_endpoint(bikes, f"{URL}/other", ["cn.tanzhang.reconciliation.ready.v1"])
    closed = open_endpoint(bikes, f"{URL}/closed")
    close_endpoint(bikes, closed.id)
    message_id = tell(bikes, SETTLED, "batch-1", {"reduction_mg": 5})
    [line] = deliveries(bikes)
    assert (line.endpoint_id, line.message_id) == (all_kinds.id, message_id)
    assert (line.state, line.attempts, line.sequence) == (DeliveryState.WAITING, 0, 1)
    said = json.loads(bytes(WebhookMessage.objects.get().body))
    assert said["specversion"] == "1.0"
    assert (said["id"], said["type"], said["subject"]) == (message_id, SETTLED, "batch-1")
    assert said["data"] == {"reduction_mg": 5}


def test_saying_the_same_again_says_nothing(bikes: int) -> None:
    open_endpoint(bikes, URL)
    assert tell(bikes, SETTLED, "batch-1", {}) is not None
    assert tell(bikes, SETTLED, "batch-1", {}) is None
    assert tell(bikes, SETTLED, "batch-1", {}, sequence=2) is not None
    assert [line.sequence for line in deliveries(bikes)] == [2, 1]


def test_a_message_goes_with_the_transaction_that_told_it(bikes: int) -> None:
    open_endpoint(bikes, URL)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        tell(bikes, SETTLED, "batch-1", {})
        raise ZeroDivisionError
    assert deliveries(bikes) == []


def test_a_partner_sees_and_replays_its_own_messages_alone(bikes: int, bank: int) -> None:
    open_endpoint(bikes, URL)
    message_id = str(tell(bikes, SETTLED, "batch-1", {}))
    assert deliveries(bank) == []
    with pytest.raises(Problem, match=r"partners\.message_unknown"):
        replay(bank, message_id)
    assert replay(bikes, message_id) == 1


def test_a_span_of_time_is_replayed_whole(bikes: int) -> None:
    open_endpoint(bikes, URL)
    for number in range(3):
        tell(bikes, SETTLED, f"batch-{number}", {})
    hour = timedelta(hours=1)
    now = timezone.now()
    assert replay_between(bikes, now - hour, now + hour) == 3
    assert replay_between(bikes, now + hour, now + 2 * hour) == 0
