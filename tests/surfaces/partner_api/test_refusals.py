"""A refusal says as much as whoever hears it may know."""

from __future__ import annotations

import json
from typing import Any

from tanzhang.problems import Problem
from tanzhang.surfaces.partner_api.refusals import document, wait_s


def told(problem: Problem) -> dict[str, Any]:
    status, body = document(problem, "req-1")
    said: dict[str, Any] = json.loads(body)
    assert said["status"] == status
    return said


def test_a_stranger_hears_the_code_and_nothing_of_the_case() -> None:
    said = told(Problem("partners.key_revoked", partner="bikes", key="5A17C0DE"))
    assert said["code"] == "KEY_REVOKED"
    assert "5A17C0DE" not in json.dumps(said)
    assert "partner" not in said


def test_a_partner_hears_the_rooms_own_words_and_figures() -> None:
    said = told(Problem("json.too_deep", deepest=8))
    assert said["code"] == "SCHEMA_INVALID"
    assert said["deepest"] == 8
    assert said["detail_en"] == Problem("json.too_deep", deepest=8).text("en")
    assert said["title"] == Problem("gate.schema_invalid").part("what", "en")


def test_details_never_take_the_place_of_what_every_refusal_has() -> None:
    said = told(Problem("gate.schema_invalid", status=200, type="x", title="x"))
    assert (said["status"], said["code"]) == (422, "SCHEMA_INVALID")
    assert said["type"] == "/developers/errors/#SCHEMA_INVALID"
    assert said["request_id"] == "req-1"


def test_the_time_to_wait_is_the_rooms_or_the_codes() -> None:
    assert wait_s(Problem("partners.rate_limited", limit=1, reset_s=42)) == 42
    assert wait_s(Problem("gate.temporarily_unavailable")) == 5
    assert wait_s(Problem("gate.sig_invalid")) is None
