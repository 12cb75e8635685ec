"""Our public keys are told to everybody, each before it is used and endorsed by the one before."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from surfaces.partner_api.signing import Answer, Partner, asked
from tanzhang.config.own_keys import key_store
from tanzhang.crypto import PublicKey, Purpose, from_public_json

pytestmark = pytest.mark.database


def test_a_new_key_is_announced_endorsed_and_then_signs(
    bikes: Partner, platform_keys: dict[str, PublicKey]
) -> None:
    now = datetime.now(UTC)
    new = key_store().create(Purpose.SIGN, active_from=now + timedelta(days=2))
    status, headers, body = asked("GET", "/v1/platform-keys", b"", {})
    assert status == 200
    assert Answer(status, body, headers, "-").is_signed_by(platform_keys)
    told = {key["key_id"]: key for key in json.loads(body)["keys"]}
    assert told[new.key_id]["state"] == "announced"
    before = told[told[new.key_id]["endorsed_by"]]
    del told[new.key_id]["state"]
    states = before.pop("state")
    assert states == "active"
    assert from_public_json(told[new.key_id]).is_endorsed_by(from_public_json(before))
    assert bikes.get("/v1/ping").is_signed_by(platform_keys)  # not yet by the new one


def test_nothing_private_and_no_key_of_persons_is_told(river: None) -> None:
    key_store().current(Purpose.PERSON)
    _, _, body = asked("GET", "/v1/platform-keys", b"", {})
    assert {key["purpose"] for key in json.loads(body)["keys"]} <= {"sign", "root", "unwrap"}
    assert b"PRIVATE" not in body
    assert b'"kept"' not in body
