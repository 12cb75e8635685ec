"""A partner's program, as small as can be: it signs what it sends, and checks what it is told."""

from __future__ import annotations

import base64
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponseBase
from django.test import Client

from tanzhang.crypto import (
    Algorithm,
    Authorization,
    PrivateKey,
    Profile,
    PublicKey,
    generate,
    request_string,
    response_string,
)

HOST = "testserver"
BATCH = "application/cloudevents-batch+json"
_ANSWER = re.compile(r'(PCA1-[A-Z0-9-]+)-RES key="([0-9A-F]{16})",ts="(\d+)",sig="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered, and what it was signed with."""

    status: int
    body: bytes
    headers: Mapping[str, str]  #: whatever the case of their names
    nonce: str

    def json(self) -> Any:
        import json

        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The code of a refusal."""
        return str(self.json()["code"])

    def is_signed_by(self, keys: dict[str, PublicKey]) -> bool:
        """Whether one of our published keys signed this very answer to this very request."""
        found = _ANSWER.fullmatch(self.headers["Tanzhang-Signature"])
        assert found
        profile, key_id, ts, sig = found.groups()
        lines = response_string(
            Profile(profile),
            status=self.status,
            request_nonce=self.nonce,
            request_id=self.headers["X-Request-Id"],
            ts=int(ts),
            key=key_id,
            body=self.body,
        )
        return keys[key_id].verify(lines, base64.b64decode(sig))


@dataclass
class Partner:
    """A partner with a key, who calls the site within this process."""

    code: str
    key: PrivateKey = field(default_factory=lambda: generate(Algorithm.SM2))
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    @property
    def profile(self) -> Profile:
        """By the algorithm of the key."""
        return Profile.SM2 if self.key.algorithm is Algorithm.SM2 else Profile.P256

    def headers(
        self, method: str, path: str, body: bytes = b"", signed: dict[str, Any] | None = None
    ) -> tuple[dict[str, str], str]:
        """The headers of a signed request and its nonce; ``signed`` changes what is signed."""
        path, _, query = path.partition("?")
        lines: dict[str, Any] = {
            "profile": self.profile,
            "method": method,
            "path": path,
            "query": query,
            "host": HOST,
            "ts": int(time.time()),
            "nonce": secrets.token_hex(16),
            "partner": self.code,
            "key": self.key.key_id,
            "idempotency_key": secrets.token_hex(8) if method == "POST" else "",
            "content_type": BATCH if method == "POST" else "",
            "body": body,
        } | (signed or {})
        profile = lines.pop("profile")
        sig = self.key.sign(request_string(profile, **lines))
        said = Authorization(
            profile, lines["partner"], lines["key"], lines["ts"], lines["nonce"], sig
        )
        headers = {"Authorization": said.header(), "Host": HOST}
        if lines["idempotency_key"]:
            headers["Idempotency-Key"] = lines["idempotency_key"]
        if lines["content_type"]:
            headers["Content-Type"] = lines["content_type"]
        return headers, lines["nonce"]

    def call(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        *,
        signed: dict[str, Any] | None = None,
        sent: dict[str, str] | None = None,
    ) -> Answer:
        """Calls; ``sent`` changes headers after they were signed."""
        headers, nonce = self.headers(method, path, body, signed)
        return self.send(method, path, body, headers | (sent or {}), nonce)

    def send(
        self, method: str, path: str, body: bytes, headers: dict[str, str], nonce: str = "-"
    ) -> Answer:
        """Sends just that."""
        given = dict(headers)
        content_type = given.pop("Content-Type", "")
        host = given.pop("Host", HOST)
        response: HttpResponseBase = self.client.generic(
            method, path, body, content_type, headers=given, HTTP_HOST=host
        )
        content = getattr(response, "content", b"")
        return Answer(response.status_code, content, response.headers, nonce)

    def get(self, path: str, **changes: Any) -> Answer:
        """A signed GET."""
        return self.call("GET", path, **changes)

    def post(self, path: str, body: bytes, **changes: Any) -> Answer:
        """A signed POST."""
        return self.call("POST", path, body, **changes)
