"""A batch is taken as the bytes that were signed, and answered by a signed receipt."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest

from surfaces.partner_api.reports import batch, event
from surfaces.partner_api.signing import Partner
from tanzhang.crypto import Algorithm, PublicKey, Purpose, generate, new_data_key, seal

pytestmark = pytest.mark.database

SEALED = "application/vnd.tanzhang.batch+json"


def test_a_receipt_tells_each_event_and_is_signed(
    bikes: Partner, platform_keys: dict[str, PublicKey]
) -> None:
    answer = bikes.post("/v1/events:batch", batch(event("e1"), event("e2", specversion="9")))
    assert answer.status == 200, answer.body
    said = answer.json()
    assert said["partner"] == "bikes"
    assert [(item["id"], item["outcome"]) for item in said["items"]] == [
        ("e1", "accepted"),
        ("e2", "rejected"),
    ]
    assert answer.is_signed_by(platform_keys)


def test_another_partners_batch_is_as_if_it_did_not_exist(bikes: Partner, bank: Partner) -> None:
    taken = bikes.post("/v1/events:batch", batch()).json()
    told = bikes.get(f"/v1/batches/{taken['batch_id']}")
    assert told.status == 200
    assert {name: told.json()[name] for name in taken} == taken
    assert told.json()["settled"]["complete"] is False
    foreign = bank.get(f"/v1/batches/{taken['batch_id']}")
    unknown = bank.get("/v1/batches/00000000-0000-0000-0000-000000000000")
    assert (foreign.status, foreign.code) == (unknown.status, unknown.code) == (404, "NOT_FOUND")


def test_settled_acts_are_told_in_whole_milligrams(bikes: Partner) -> None:
    from tanzhang.apps.activities.api import drain

    taken = bikes.post("/v1/events:batch", batch()).json()
    drain()
    settled = bikes.get(f"/v1/batches/{taken['batch_id']}").json()["settled"]
    assert settled["complete"] is True
    assert settled["items"][0]["status"] == "credited"
    assert type(settled["items"][0]["reduction_mg"]) is int


def test_a_repetition_gets_the_same_bytes_under_a_new_signature(
    bikes: Partner, platform_keys: dict[str, PublicKey]
) -> None:
    key = {"idempotency_key": "idem-1"}
    first = bikes.post("/v1/events:batch", batch(), signed=key)
    again = bikes.post("/v1/events:batch", batch(), signed=key)
    assert first.body == again.body
    assert first.headers["Tanzhang-Signature"] != again.headers["Tanzhang-Signature"]
    assert again.is_signed_by(platform_keys)
    other = bikes.post("/v1/events:batch", batch(event("e9")), signed=key)
    assert (other.status, other.code) == (422, "IDEMPOTENCY_MISMATCH")


def test_a_refusal_that_would_come_again_is_kept_too(bikes: Partner) -> None:
    key = {"idempotency_key": "idem-1"}
    first = bikes.post("/v1/events:batch", b"{", signed=key)
    again = bikes.post("/v1/events:batch", b"{", signed=key)
    assert (first.status, first.code) == (422, "SCHEMA_INVALID")
    assert first.body == again.body
    assert first.json()["request_id"] != again.headers["X-Request-Id"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 422, "SCHEMA_INVALID"),
        (b"[]", 422, "SCHEMA_INVALID"),
        (b"\xff[]", 422, "SCHEMA_INVALID"),
        (b'[{"id": NaN}]', 422, "SCHEMA_INVALID"),
        (b"[" * 10_000 + b"]" * 10_000, 422, "SCHEMA_INVALID"),
        (json.dumps([event()]).encode()[:-20], 422, "SCHEMA_INVALID"),
        (json.dumps([{}] * 1001).encode(), 413, "BATCH_TOO_LARGE"),
        (b'["' + b"x" * (1 << 20) + b'"]', 413, "BODY_TOO_LARGE"),
    ],
    ids=["empty", "no-event", "no-utf8", "nan", "deep", "cut", "many-events", "many-bytes"],
)
def test_poison_is_refused_as_a_whole_and_leaves_nothing(
    bikes: Partner, body: bytes, status: int, code: str
) -> None:
    answer = bikes.post("/v1/events:batch", body)
    assert (answer.status, answer.code) == (status, code)
    assert bikes.get("/v1/events/e1").status == 404
    assert bikes.post("/v1/events:batch", batch()).status == 200


def test_a_mixed_batch_takes_what_is_good(bikes: Partner) -> None:
    mixed = [event("e1"), 7, {"id": "e3"}, event("e4", subject="nobody"), event("e1")]
    said = bikes.post("/v1/events:batch", batch(*mixed)).json()
    assert [item["outcome"] for item in said["items"]] == [
        "accepted",
        "rejected",
        "rejected",
        "rejected",
        "duplicate",
    ]
    assert sum(said["counts"].values()) == len(mixed)


def sealed_batch(caller: Partner, wrapping: Algorithm) -> tuple[bytes, str]:
    """A batch whose subject is sealed, its data key wrapped for a new key of ours, and which."""
    from tanzhang.config.own_keys import key_store

    stored, data_key = key_store().create(Purpose.UNWRAP, wrapping), new_data_key()
    cipher = caller.profile.cipher
    parts = seal(data_key, b"ada", b"bikes|/bikes|e1|/subject", cipher)
    sealed = {"enc": cipher.value} | {
        name: base64.b64encode(getattr(parts, name)).decode() for name in ("iv", "ct", "tag")
    }
    whole = {
        "kid": stored.key_id,
        "ek": base64.b64encode(stored.public.wrap(data_key)).decode(),
        "events": [event("e1", subject=sealed)],
    }
    return json.dumps(whole).encode(), stored.key_id


def code_of_the_first(caller: Partner, body: bytes) -> str:
    answer = caller.post("/v1/events:batch", body, signed={"content_type": SEALED})
    return str(answer.json()["items"][0]["code"])


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_sealed_fields_are_opened_with_a_key_of_ours_that_is_in_use(
    bikes: Partner, algorithm: Algorithm
) -> None:
    from tanzhang.apps.partners.api import add_key, partner
    from tanzhang.config.own_keys import key_store

    bikes.key = generate(algorithm)
    add_key(partner("bikes").id, bikes.key.public)
    body, key_id = sealed_batch(bikes, algorithm)
    assert code_of_the_first(bikes, body) == "None"
    key_store().retire(key_id, datetime.now(UTC) - timedelta(seconds=1))
    assert code_of_the_first(bikes, body) == "seal_key_unusable"


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_a_data_key_wrapped_in_another_algorithm_than_the_signatures_opens_nothing(
    bikes: Partner, algorithm: Algorithm
) -> None:
    from tanzhang.apps.partners.api import add_key, partner

    bikes.key = generate(algorithm)
    add_key(partner("bikes").id, bikes.key.public)
    [other] = {*Algorithm} - {algorithm}
    body, _ = sealed_batch(bikes, other)
    assert code_of_the_first(bikes, body) == "seal_key_unusable"


def test_a_partner_with_a_p256_key_is_answered_in_its_own_profile(
    bikes: Partner, platform_keys: dict[str, PublicKey]
) -> None:
    from tanzhang.apps.partners.api import add_key, partner

    bikes.key = generate(Algorithm.P256)
    add_key(partner("bikes").id, bikes.key.public)
    answer = bikes.post("/v1/events:batch", batch())
    assert answer.status == 200
    assert answer.headers["Tanzhang-Signature"].startswith("PCA1-ES256-SHA256-RES ")
    assert answer.is_signed_by(platform_keys)


def test_a_call_is_written_into_the_partners_book_with_its_counts(bikes: Partner) -> None:
    from tanzhang.apps.partners.api import calls, partner

    bikes.post("/v1/events:batch", batch(event("e1"), event("e1")))
    bikes.get("/v1/ping", sent={"Authorization": bikes.headers("GET", "/v1/x")[0]["Authorization"]})
    latest, first = (line.call for line in calls(partner("bikes").id, 5))
    assert (first.endpoint, first.code, first.status) == ("events:batch", "OK", 200)
    assert (first.counts.accepted, first.counts.duplicate) == (1, 1)
    assert (latest.endpoint, latest.code, latest.status) == ("ping", "SIG_INVALID", 401)
