"""A ping proves keys, clock and host on both sides."""

from __future__ import annotations

import pytest

from surfaces.partner_api.signing import Partner
from tanzhang.crypto import PublicKey

pytestmark = pytest.mark.database


def test_a_ping_says_who_was_understood_to_ask_and_is_signed(
    bikes: Partner, platform_keys: dict[str, PublicKey]
) -> None:
    answer = bikes.get("/v1/ping")
    assert answer.status == 200, answer.body
    said = answer.json()
    assert (said["partner"], said["key"], said["kind"]) == (
        "bikes",
        bikes.key.key_id,
        "demonstration",
    )
    assert said["nonce"] == answer.nonce
    assert answer.is_signed_by(platform_keys)
