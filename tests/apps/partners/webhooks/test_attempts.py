"""An attempt is counted before it is made, so that a courier that dies loses no message."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tanzhang.apps.partners.models import DeliveryState
from tanzhang.apps.partners.webhooks import attempts
from tanzhang.apps.partners.webhooks.attempts import (
    GONE,
    Answered,
    Attempt,
    finish,
    take_due,
)
from tanzhang.apps.partners.webhooks.endpoints import open_endpoint
from tanzhang.apps.partners.webhooks.messages import deliveries, replay, tell
from tanzhang.apps.partners.webhooks.schedule import LEASE, PAUSES

pytestmark = pytest.mark.database

LATER = datetime(2030, 1, 1, tzinfo=UTC)
SETTLED = "cn.tanzhang.batch.settled.v1"


@pytest.fixture
def message(bikes: int) -> str:
    """One message on its way to one address."""
    open_endpoint(bikes, "https://hooks.example.cn/in")
    return str(tell(bikes, SETTLED, "batch-1", {}))


def due(at: datetime) -> Attempt:
    """The delivery that is due."""
    found = take_due(at)
    assert found is not None
    return found


def test_what_is_taken_is_out_of_reach_until_its_lease_ends(bikes: int, message: str) -> None:
    attempt = due(LATER)
    assert (attempt.message_id, attempt.attempts) == (message, 1)
    assert take_due(LATER) is None
    again = due(LATER + LEASE)
    assert again.attempts == 2, "whoever took it first seems to have died"


def test_an_address_gets_one_message_at_a_time_the_oldest_first(bikes: int, message: str) -> None:
    second = tell(bikes, SETTLED, "batch-2", {})
    attempt = due(LATER)
    assert attempt.message_id == message
    assert take_due(LATER, [attempt.endpoint_id]) is None, "the address is busy"
    finish(attempt, Answered(200), LATER)
    assert due(LATER).message_id == second


def test_a_yes_is_the_end_of_it(bikes: int, message: str) -> None:
    attempt = due(LATER)
    finish(attempt, Answered(204), LATER)
    [line] = deliveries(bikes)
    assert (line.state, line.delivered_at) == (DeliveryState.DELIVERED, LATER)
    assert take_due(LATER + timedelta(days=9)) is None


@pytest.mark.parametrize("answer", [Answered(500), Answered(302), Answered(None, "timeout")])
def test_a_no_is_tried_again_after_each_pause_and_then_lies_dead(
    bikes: int, message: str, answer: Answered, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = LATER
    monkeypatch.setattr(attempts, "pause_after", dict(enumerate(PAUSES, 1)).get)
    for pause in PAUSES:
        attempt = due(now)
        finish(attempt, answer, now)
        assert take_due(now + pause - timedelta(milliseconds=1)) is None
        now += pause
    last = due(now)
    finish(last, answer, now)
    [line] = deliveries(bikes, DeliveryState.DEAD)
    assert (line.attempts, line.last_status) == (len(PAUSES) + 1, answer.status)
    assert line.last_said == answer.said
    assert take_due(now + timedelta(days=9)) is None
    replay(bikes, message)
    revived = due(now)
    assert revived.attempts == 1


def test_gone_means_never_again(bikes: int, message: str) -> None:
    attempt = due(LATER)
    finish(attempt, Answered(GONE), LATER)
    assert [line.state for line in deliveries(bikes)] == [DeliveryState.DEAD]


def test_an_answer_that_comes_after_its_lease_does_not_speak_for_the_next_attempt(
    bikes: int, message: str
) -> None:
    slow = due(LATER)
    again = due(LATER + LEASE)
    finish(slow, Answered(500), LATER + LEASE)
    assert take_due(LATER + LEASE) is None, "the second attempt still has its lease"
    finish(again, Answered(200), LATER + LEASE)
    assert [line.state for line in deliveries(bikes)] == [DeliveryState.DELIVERED]


def test_a_partner_whose_share_is_full_waits_and_others_do_not(
    bikes: int, bank: int, message: str
) -> None:
    assert take_due(LATER, full=[bikes]) is None
    open_endpoint(bank, "https://hooks.example.cn/bank")
    other = tell(bank, SETTLED, "batch-1", {})
    found = take_due(LATER, full=[bikes])
    assert found is not None
    assert (found.message_id, found.partner_id) == (other, bank)
