"""An answer leaves signed or not at all."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from surfaces.partner_api.reports import batch
from surfaces.partner_api.signing import Partner
from tanzhang.crypto import Algorithm, PublicKey, Purpose, StoredKey, open_store
from tanzhang.problems import Problem
from tanzhang.surfaces.partner_api import answers

pytestmark = pytest.mark.database


@pytest.mark.parametrize("error", [Problem("crypto.library_absent"), OSError("gone")])
def test_without_its_key_an_answer_gives_way_to_a_refusal_that_may_be_tried_again(
    bikes: Partner, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail() -> None:
        raise error

    key = {"idempotency_key": "idem-1"}
    with monkeypatch.context() as patch:
        patch.setattr(answers, "key_store", fail)
        lost = bikes.post("/v1/events:batch", batch(), signed=key)
    assert (lost.status, lost.code) == (503, "TEMPORARILY_UNAVAILABLE")
    assert "Tanzhang-Signature" not in lost.headers
    again = bikes.post("/v1/events:batch", batch(), signed=key)
    assert again.json()["items"][0]["outcome"] == "accepted"


def test_an_answer_is_not_older_than_the_key_that_signs_it(
    bikes: Partner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    keys = open_store(tmp_path, {})

    def begins_meanwhile(purpose: Purpose, algorithm: Algorithm) -> StoredKey:
        time.sleep(1 - time.time() % 1)  # to the next second: keys begin with one
        return keys.create(purpose, algorithm)

    monkeypatch.setattr(keys, "current", begins_meanwhile)
    monkeypatch.setattr(answers, "key_store", lambda: keys)
    said = bikes.get("/v1/ping").headers["Tanzhang-Signature"]
    found = re.search(r'key="(\w+)",ts="(\d+)"', said)
    assert found
    assert int(found[2]) >= keys.key(found[1]).active_from.timestamp()


def test_https_is_promised_where_it_is_used(
    bikes: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    monkeypatch.setattr(settings, "SECURE_HSTS_SECONDS", 31_536_000)
    monkeypatch.setattr(settings, "SECURE_PROXY_SSL_HEADER", ("HTTP_X_FORWARDED_PROTO", "https"))
    secure = bikes.get("/v1/ping", sent={"X-Forwarded-Proto": "https"})
    assert secure.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Strict-Transport-Security" not in bikes.get("/v1/ping").headers


def test_a_version_that_ends_says_when(bikes: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Sunset" not in bikes.get("/v1/ping").headers
    monkeypatch.setitem(answers.SUNSETS, "2026-11-01", "Tue, 01 Nov 2028 00:00:00 GMT")
    assert bikes.get("/v1/ping").headers["Sunset"] == "Tue, 01 Nov 2028 00:00:00 GMT"


def test_a_signature_is_good_for_one_answer_only(
    bikes: Partner, platform_keys: dict[str, PublicKey]
) -> None:
    first, second = bikes.get("/v1/ping"), bikes.get("/v1/ping")
    swapped = type(first)(first.status, second.body, first.headers, first.nonce)
    other = type(first)(first.status, first.body, first.headers, second.nonce)
    status = type(first)(201, first.body, first.headers, first.nonce)
    assert first.is_signed_by(platform_keys)
    assert not any(a.is_signed_by(platform_keys) for a in (swapped, other, status))
