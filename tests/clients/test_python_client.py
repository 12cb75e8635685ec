"""The Python client's own signatures, seals and texts agree with the platform's.

Two libraries of different people meet here: GmSSL in the client, OpenSSL in the platform.
"""

from __future__ import annotations

import base64
import json
import re
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from tanzhang_client import (
    Activity,
    Client,
    KeyUnusable,
    PlatformKey,
    PlatformKeys,
    PrivateKey,
    PublicKey,
    Unproved,
)
from tanzhang_client.activities import event_of
from tanzhang_client.canonical import event_text, request_text, response_text
from tanzhang_client.keys import digest
from tanzhang_client.sealing import sealed_batch

from tanzhang import crypto
from tanzhang.crypto import Algorithm, Profile, Purpose, Sealed
from tanzhang.problems import Problem

PROFILES = [Profile.SM2, Profile.P256]

RIDE = Activity(
    id="ride-1",
    person="customer-17",
    scene="metro",
    started_at=datetime(2026, 11, 20, 8, 0, tzinfo=UTC),
    ended_at=datetime(2026, 11, 20, 8, 25, tzinfo=UTC),
    inputs={"distance_m": 12_400},
    item_key="ticket-9",
)


@pytest.mark.parametrize("profile", PROFILES)
def test_each_side_verifies_what_the_other_signs(profile: Profile) -> None:
    ours = crypto.generate(profile.algorithm)
    theirs = PrivateKey.from_pem(ours.to_pem())
    assert theirs.public.key_id == ours.public.key_id
    assert theirs.public == PublicKey.from_pem(ours.public.pem)
    assert ours.public.verify(b"a ride", theirs.sign(b"a ride"))
    assert theirs.public.verifies(b"a ride", ours.sign(b"a ride"))
    assert not theirs.public.verifies(b"a bide", ours.sign(b"a ride"))
    assert not theirs.public.verifies(b"a ride", b"no signature")


@pytest.mark.parametrize("profile", PROFILES)
def test_both_sides_write_the_same_lines(profile: Profile) -> None:
    body, key = b'[{"id":"1"}]', "0123456789ABCDEF"
    said = digest(profile, body)
    request: dict[str, Any] = {
        "method": "post",
        "path": "/v1/events:batch",
        "query": "",
        "host": "API.example.cn:8443",
        "ts": 1_763_640_000,
        "nonce": "3f" * 16,
        "partner": "acme",
        "key": key,
        "idempotency_key": "once",
        "content_type": "application/json",
    }
    assert request_text(profile, **request, body_digest=said) == crypto.request_string(
        profile, **request, body=body
    )
    response: dict[str, Any] = {
        "status": 200,
        "request_nonce": "3f" * 16,
        "request_id": "r-1",
        "ts": 1_763_640_001,
        "key": key,
    }
    assert response_text(profile, **response, body_digest=said) == crypto.response_string(
        profile, **response, body=body
    )
    event: dict[str, Any] = {"delivery_id": "d-1", "ts": 5, "endpoint_id": "e-1", "key": key}
    assert event_text(profile, **event, body_digest=said) == crypto.event_string(
        profile, **event, body=body
    )


@pytest.mark.parametrize("profile", PROFILES)
def test_what_the_client_seals_the_platform_opens_at_its_place_alone(profile: Profile) -> None:
    unwrap = crypto.generate(profile.algorithm)
    event = event_of(RIDE, "acme")
    batch = sealed_batch(
        [event], "acme", PublicKey.from_pem(unwrap.public.pem), ("/subject", "/data/item_key")
    )
    assert batch["kid"] == unwrap.public.key_id
    data_key = unwrap.unwrap(base64.b64decode(batch["ek"]))

    def opened(said: dict[str, str], place: str) -> str:
        field = Sealed(*(base64.b64decode(said[name]) for name in ("iv", "ct", "tag")))
        aad = f"acme|/acme|ride-1|{place}".encode()
        assert said["enc"] == profile.cipher
        return crypto.open_sealed(data_key, field, aad, said["enc"]).decode()

    sealed = batch["events"][0]
    assert opened(sealed["subject"], "/subject") == "customer-17"
    assert opened(sealed["data"]["item_key"], "/data/item_key") == "ticket-9"
    with pytest.raises(Problem):
        opened(sealed["subject"], "/data/item_key")
    assert event["subject"] == "customer-17", "sealing leaves the act as it was"


def test_a_time_without_a_zone_is_refused() -> None:
    ride = Activity(id="1", person="p", scene="metro", started_at=datetime(2026, 11, 20, 8, 0))
    with pytest.raises(ValueError, match="time zone"):
        event_of(ride, "acme")


def test_a_text_that_is_no_key_is_refused_in_words() -> None:
    with pytest.raises(KeyUnusable, match="no PEM text"):
        PrivateKey.from_pem("hello")
    public = crypto.generate(Algorithm.SM2).public.pem
    with pytest.raises(KeyUnusable, match="holds a public key"):
        PrivateKey.from_pem(public)


def test_a_new_platform_key_is_trusted_only_if_a_trusted_one_endorsed_it() -> None:
    old, new, stranger = (crypto.generate(Algorithm.SM2) for _ in range(3))
    first = _published(old, endorsed_by=None)
    trust = PlatformKeys([first])
    endorsed, forged = _published(new, endorsed_by=old), _published(stranger, endorsed_by=new)
    forged["endorsed_by"] = old.public.key_id
    trust.learn([forged, endorsed])
    now = datetime.now(UTC)
    assert trust.key(new.public.key_id, "sign", now) is not None
    assert trust.key(stranger.public.key_id, "sign", now) is None
    assert trust.key(new.public.key_id, "root", now) is None, "it serves what it was made for"


def test_a_list_of_keys_can_end_a_trusted_key_and_change_nothing_else_of_it() -> None:
    key = crypto.generate(Algorithm.SM2)
    trust, now = PlatformKeys([_published(key, endorsed_by=None)]), datetime.now(UTC)
    said = _published(key, endorsed_by=crypto.generate(Algorithm.SM2))
    ended = {"active_until": "2100-01-01T00:00:00Z", "purpose": "root", "endorsed_by": ""}
    trust.learn([said | ended])
    assert trust.key(key.public.key_id, "sign", now) is not None
    assert trust.key(key.public.key_id, "root", now) is None
    trust.learn([said | {"active_until": "2020-01-01T00:00:00Z"}])
    assert trust.key(key.public.key_id, "sign", now) is None, "what has ended proves nothing"
    trust.learn([said | {"active_until": "2100-01-01T00:00:00Z"}])
    assert trust.key(key.public.key_id, "sign", now) is None, "an end is never put off"


@pytest.mark.parametrize(
    "lie", [{"partner": "another"}, {"items": []}, {"items": [{"id": "ride-2"}]}, {}]
)
def test_a_receipt_about_something_else_proves_nothing(lie: dict[str, Any]) -> None:
    key = crypto.generate(Algorithm.SM2)
    ours, theirs = PrivateKey.from_pem(key.to_pem()), crypto.generate(Algorithm.SM2)
    body = json.dumps({"partner": "acme", "items": [{"id": "ride-1"}]} | lie).encode()

    def answer(request: httpx.Request) -> httpx.Response:
        nonce = re.findall(r'nonce="([0-9a-f]+)"', request.headers["Authorization"])[0]
        ts, key_id = int(time.time()), theirs.public.key_id
        text = crypto.response_string(
            Profile.SM2,
            status=200,
            request_nonce=nonce,
            request_id="r",
            ts=ts,
            key=key_id,
            body=body,
        )
        sig = base64.b64encode(theirs.sign(text)).decode()
        said = f'PCA1-SM2-SM3-RES key="{key_id}",ts="{ts}",sig="{sig}"'
        return httpx.Response(
            200, content=body, headers={"Tanzhang-Signature": said, "X-Request-Id": "r"}
        )

    trust = PlatformKeys([_published(theirs, endorsed_by=None)])
    http = httpx.Client(transport=httpx.MockTransport(answer))
    client = Client("https://example.cn", partner="acme", key=ours, trust=trust, http=http)
    if not lie:
        assert client.report([RIDE])["partner"] == "acme"
        return
    with pytest.raises(Unproved, match="not about this batch"):
        client.report([RIDE])


def _published(key: crypto.PrivateKey, endorsed_by: crypto.PrivateKey | None) -> Any:
    """A key as the platform lists it, or as the client holds the first one."""
    since = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    said = crypto.PublishedKey(
        key_id=key.public.key_id,
        purpose=Purpose.SIGN,
        algorithm=Algorithm.SM2,
        pem=key.public.pem,
        active_from=since,
        active_until=None,
        announced_at=since,
        endorsed_by=endorsed_by.public.key_id if endorsed_by else "",
    )
    if endorsed_by is None:
        public = PublicKey.from_pem(key.public.pem)
        return PlatformKey(public, "sign", "sm2", since, None, "", b"")
    signature = base64.b64encode(endorsed_by.sign(said.statement())).decode()
    return {**crypto.public_json(said), "endorsement": signature}
