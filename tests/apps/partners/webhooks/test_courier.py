"""The courier carries what is due over real connections, and no address waits for another."""

from __future__ import annotations

import base64
import contextlib
import re
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from receiver import Receiver, receiver
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from tanzhang.apps.partners.models import DeliveryState
from tanzhang.apps.partners.webhooks import courier, sending
from tanzhang.apps.partners.webhooks.attempts import Attempt
from tanzhang.apps.partners.webhooks.endpoints import endpoint_secret, open_endpoint
from tanzhang.apps.partners.webhooks.messages import deliveries, tell
from tanzhang.apps.partners.webhooks.sending import signed_headers
from tanzhang.crypto import KeyStore, Profile, Purpose, StoredKey, event_string, open_store

pytestmark = pytest.mark.database

SETTLED = "cn.tanzhang.batch.settled.v1"
SIGNATURE = re.compile(r'PCA1-SM2-SM3-EVT key="(\w+)",ts="(\d+)",sig="([^"]+)"')


@pytest.fixture
def keys(tmp_path: Path) -> KeyStore:
    """The platform's keys of this test."""
    return open_store(tmp_path, {})


def carry(keys: KeyStore, until: Callable[[], bool]) -> None:
    """Let the courier run until something has happened; fail if it does not."""
    deadline = time.monotonic() + 60

    def should_stop() -> bool:
        assert time.monotonic() < deadline, "it did not happen in time"
        return until()

    courier.run(keys, should_stop, lambda: None)


def headers_and_body(told: Receiver) -> tuple[dict[str, str], bytes]:
    """The one delivery that came."""
    [came] = told.came
    return came


def test_a_delivery_is_signed_in_both_forms(bikes: int, keys: KeyStore) -> None:
    with receiver(204) as told:
        endpoint = open_endpoint(bikes, told.url)
        message_id = tell(bikes, SETTLED, "batch-1", {"reduction_mg": 5})
        carry(keys, lambda: bool(deliveries(bikes, DeliveryState.DELIVERED)))
        headers, body = headers_and_body(told)
    assert headers["content-type"] == "application/cloudevents+json"
    assert Webhook(endpoint_secret(endpoint.id)).verify(body, headers)["id"] == message_id
    with pytest.raises(WebhookVerificationError):
        Webhook(endpoint_secret(endpoint.id)).verify(body.replace(b"5", b"6"), headers)
    found = SIGNATURE.fullmatch(headers["tanzhang-signature"])
    assert found
    text = event_string(
        Profile.SM2,
        delivery_id=headers["webhook-id"],
        ts=int(found[2]),
        endpoint_id=headers["tanzhang-endpoint"],
        key=found[1],
        body=body,
    )
    assert keys.key(found[1]).public.verify(text, base64.b64decode(found[3]))


def test_a_delivery_is_not_older_than_the_key_that_signs_it(
    bikes: int, keys: KeyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def begins_meanwhile(purpose: Purpose) -> StoredKey:
        time.sleep(1 - time.time() % 1)  # to the next second: keys begin with one
        return keys.create(purpose)

    monkeypatch.setattr(keys, "current", begins_meanwhile)
    endpoint = open_endpoint(bikes, "https://hooks.example.cn/in")
    headers = signed_headers(Attempt(endpoint.id, 1, "m1", endpoint.url, b"{}", 1, bikes), keys)
    found = SIGNATURE.fullmatch(headers["Tanzhang-Signature"])
    assert found
    assert int(found[2]) >= keys.key(found[1]).active_from.timestamp()


def test_a_slow_address_holds_up_nobody_else(bikes: int, keys: KeyStore) -> None:
    with receiver(204, waits=True) as slow, receiver(204) as quick:
        open_endpoint(bikes, slow.url)
        open_endpoint(bikes, quick.url)
        for number in range(3):
            tell(bikes, SETTLED, f"batch-{number}", {})

        def three_came() -> bool:
            if len(quick.came) == 3:
                slow.gate.set()  # the courier ends when all in hand has ended
                return True
            return False

        carry(keys, three_came)
        assert len(slow.came) == 1


def test_a_refusal_is_written_down_and_waits(bikes: int, keys: KeyStore) -> None:
    with receiver(500) as told:
        open_endpoint(bikes, told.url)
        tell(bikes, SETTLED, "batch-1", {})
        carry(keys, lambda: deliveries(bikes)[0].last_status is not None)
    [line] = deliveries(bikes)
    assert (line.state, line.attempts, line.last_status) == (DeliveryState.WAITING, 1, 500)


def test_a_redirect_is_not_followed(bikes: int, keys: KeyStore) -> None:
    with receiver(302) as told:
        open_endpoint(bikes, told.url)
        tell(bikes, SETTLED, "batch-1", {})
        carry(keys, lambda: deliveries(bikes)[0].last_status is not None)
        assert len(told.came) == 1
    assert deliveries(bikes)[0].last_status == 302


def test_an_address_that_does_not_answer_is_a_no_with_its_reason(
    bikes: int, keys: KeyStore
) -> None:
    with receiver() as told:
        url = told.url
    open_endpoint(bikes, url)  # nobody listens there any more
    tell(bikes, SETTLED, "batch-1", {})
    carry(keys, lambda: bool(deliveries(bikes)[0].last_said))
    assert "ConnectError" in deliveries(bikes)[0].last_said


def test_the_outbox_is_filled_before_each_look(bikes: int, keys: KeyStore) -> None:
    with receiver(200) as told:
        open_endpoint(bikes, told.url)
        courier.run(
            keys,
            lambda: bool(deliveries(bikes, DeliveryState.DELIVERED)),
            lambda: tell(bikes, SETTLED, "batch-1", {}) and None,
        )
        assert len(told.came) == 1


def test_an_address_that_drips_is_cut_off_at_the_deadline(
    bikes: int, keys: KeyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "DEADLINE_SECONDS", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        ended = threading.Event()

        def drip() -> None:
            connection, _ = server.accept()
            with connection, contextlib.suppress(OSError):
                while not ended.wait(0.2):  # never so long that a single read gives up
                    connection.sendall(b"H")

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        open_endpoint(bikes, f"http://127.0.0.1:{port}/in")
        tell(bikes, SETTLED, "batch-1", {})
        carry(keys, lambda: bool(deliveries(bikes)[0].last_said))
        ended.set()
        thread.join()


def test_one_partner_holds_a_share_of_the_threads_and_no_more(bikes: int, keys: KeyStore) -> None:
    with receiver(204, waits=True) as slow:
        for number in range(courier.SHARE + 2):
            open_endpoint(bikes, f"{slow.url}/{number}")
        tell(bikes, SETTLED, "batch-1", {})
        seen: list[int] = []

        def long_enough() -> bool:
            seen.append(len(slow.came))
            if sum(came >= courier.SHARE for came in seen) < 6:  # looks in which more could come
                return False
            slow.gate.set()  # the courier ends when all in hand has ended
            return True

        carry(keys, long_enough)
        assert max(seen) == courier.SHARE
