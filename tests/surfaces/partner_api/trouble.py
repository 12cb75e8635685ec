"""A request with any number of things wrong with it at once."""

from __future__ import annotations

import base64
import json
import secrets
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from surfaces.partner_api.signing import Answer, Partner
from tanzhang.crypto import Algorithm, generate

#: Faults in the order of the checks. Two that cannot be wrong at once stand in one entry.
IN_ORDER: list[tuple[str, ...]] = [
    ("LENGTH_REQUIRED",),
    ("BODY_TOO_LARGE",),
    ("TARGET_INVALID",),
    ("HEADER_INVALID",),
    ("MEDIA_TYPE_UNSUPPORTED",),
    ("VERSION_UNKNOWN",),
    ("HOST_UNKNOWN",),
    ("HTTPS_REQUIRED",),
    ("SIG_MISSING", "SIG_MALFORMED"),
    ("ADDRESS_LIMITED",),
    ("KEY_UNKNOWN", "KEY_NOT_YET", "KEY_EXPIRED", "KEY_REVOKED", "PARTNER_SUSPENDED"),
    ("ALGORITHM_NOT_ALLOWED",),
    ("TIMESTAMP_OUT_OF_WINDOW",),
    ("BODY_TRUNCATED",),
    ("BODY_DIGEST_MISMATCH",),
    ("SIG_INVALID",),
    ("NONCE_REPLAYED",),
    ("NOT_FOUND", "METHOD_NOT_ALLOWED"),
    ("SCOPE_DENIED",),
    ("RATE_LIMITED",),
    ("IDEMPOTENCY_KEY_MISSING", "IDEMPOTENCY_MISMATCH", "IDEMPOTENCY_IN_PROGRESS"),
    ("BATCH_TOO_LARGE", "SCHEMA_INVALID"),
]


class Trouble:
    """Arranges what is to be wrong with a partner's next batch, and sends it."""

    def __init__(self, partner: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
        self._partner = partner
        self._patch = monkeypatch
        self._number = _number(partner.code)

    def answer(self, wrong: set[str]) -> Answer:
        """The answer to a request with all of that wrong."""
        nonce, key = secrets.token_hex(16), secrets.token_hex(8)
        body = _body(wrong)
        if "NONCE_REPLAYED" in wrong:
            assert self._partner.get("/v1/ping", signed={"nonce": nonce}).status == 200
        self._arrange_idempotency(wrong, key)
        for fault in [name for entry in reversed(IN_ORDER) for name in entry if name in wrong]:
            getattr(self, f"_{fault.lower()}", lambda: None)()
        signed: dict[str, Any] = {"nonce": nonce, "idempotency_key": key}
        if "TIMESTAMP_OUT_OF_WINDOW" in wrong:
            signed["ts"] = int(time.time()) - 301
        if "IDEMPOTENCY_KEY_MISSING" in wrong:
            signed["idempotency_key"] = ""
        path = "/v1/nothing" if "NOT_FOUND" in wrong else "/v1/events:batch"
        method = "DELETE" if "METHOD_NOT_ALLOWED" in wrong else "POST"
        if "TARGET_INVALID" in wrong:
            path = path.replace("/v1/", "/v1//")
        headers, _ = self._partner.headers(method, path, body, signed)
        if "SIG_INVALID" in wrong:
            headers, _ = self._partner.headers(method, path, body + b" ", signed)
        return self._partner.send(method, path, body, _sent(headers, wrong, body), nonce)

    def _arrange_idempotency(self, wrong: set[str], key: str) -> None:
        from tanzhang.apps.partners.api import idempotency

        if "IDEMPOTENCY_MISMATCH" in wrong or "IDEMPOTENCY_IN_PROGRESS" in wrong:
            other = "IDEMPOTENCY_MISMATCH" in wrong
            digest = b"?" * 32 if other else self._digest_of(wrong)
            idempotency.begin(self._number, key, digest)

    def _digest_of(self, wrong: set[str]) -> bytes:
        from tanzhang.crypto import sm3

        asked = "POST\n/v1/events:batch\n\napplication/cloudevents-batch+json\n"
        return sm3(asked.encode() + _body(wrong))

    def _https_required(self) -> None:
        from django.conf import settings

        self._patch.setattr(settings, "SECURE_SSL_REDIRECT", True)

    def _address_limited(self) -> None:
        from tanzhang.surfaces.partner_api.gate import order
        from tanzhang.surfaces.partner_api.gate.addresses import AddressLimit

        self._patch.setattr(order, "limit", AddressLimit(burst=0))

    def _key_unknown(self) -> None:
        self._partner.key = generate(Algorithm.SM2)

    def _key_not_yet(self) -> None:
        self._set_key("active_from = now() + interval '1 day'")

    def _key_expired(self) -> None:
        self._set_key("active_until = now() - interval '1 second'")

    def _key_revoked(self) -> None:
        from tanzhang.apps.partners.api import revoke_key

        revoke_key(self._number, self._partner.key.key_id)

    def _partner_suspended(self) -> None:
        from tanzhang.apps.partners.api import suspend

        suspend(self._number, reason="a test", by="the tests")

    def _scope_denied(self) -> None:
        from tanzhang.apps.partners.api import agreements, end_agreement

        for entry in agreements(self._number):
            if entry.is_live(_now()):
                end_agreement(self._number, entry.id, reason="a test", by="the tests")

    def _rate_limited(self) -> None:
        from tanzhang.apps.partners.api import AgreementKind, Terms, agree, allow

        agree(self._number, Terms(AgreementKind.REPORT, calls_a_minute=1), by="the tests")
        allow(self._number, "events:batch", 1)

    def _set_key(self, change: str) -> None:
        from tanzhang.config.database import connect

        with connect("owner", autocommit=True) as owner:
            owner.execute("alter table partner_key disable trigger user")
            owner.execute(
                "update partner_key set announced_at = now() - interval '9 days',"
                " active_from = now() - interval '9 days' where key_id = %s",
                [self._partner.key.key_id],
            )
            owner.execute(
                f"update partner_key set {change} where key_id = %s", [self._partner.key.key_id]
            )
            owner.execute("alter table partner_key enable trigger user")


def _sent(headers: dict[str, str], wrong: set[str], body: bytes) -> dict[str, str]:
    """The headers as they arrive."""
    changes = {
        "LENGTH_REQUIRED": {"Transfer-Encoding": "chunked"},
        "BODY_TOO_LARGE": {"Content-Length": str((1 << 20) + 1)},
        "HEADER_INVALID": {"Idempotency-Key": "one,two"},
        "MEDIA_TYPE_UNSUPPORTED": {"Content-Encoding": "gzip"},
        "VERSION_UNKNOWN": {"X-Api-Version": "2020-01-01"},
        "HOST_UNKNOWN": {"Host": "elsewhere.example"},
        "SIG_MALFORMED": {"Authorization": "PCA1-SM2-SM3 partner=bikes"},
        "ALGORITHM_NOT_ALLOWED": {
            "Authorization": headers["Authorization"].replace("SM2-SM3", "ES256-SHA256")
        },
        "BODY_TRUNCATED": {"Content-Length": str(len(body) + 1)},
        "BODY_DIGEST_MISMATCH": {
            "Content-Digest": f"sha-256=:{base64.b64encode(bytes(32)).decode()}:"
        },
    }
    # The last of two that touch the same header is the one that the earlier check finds.
    for fault in [name for entry in reversed(IN_ORDER) for name in entry]:
        if fault in wrong:
            headers = headers | changes.get(fault, {})
    if "SIG_MISSING" in wrong:
        headers.pop("Authorization")
    return headers


def _body(wrong: set[str]) -> bytes:
    if "BATCH_TOO_LARGE" in wrong:
        return json.dumps([{}] * 1001).encode()
    return b"{" if "SCHEMA_INVALID" in wrong else b"[{}]"


def _number(code: str) -> int:
    from tanzhang.apps.partners.api import partner

    return partner(code).id


def _now() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=1)
