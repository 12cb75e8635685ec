"""A partner's program, as small as can be: it signs what it sends, and checks what it is told."""

from __future__ import annotations

import base64
import io
import json
import re
import secrets
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import unquote_to_bytes

from django.core.handlers.wsgi import WSGIHandler
from django.http.response import ResponseHeaders

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


def asked(
    method: str, path: str, body: bytes, headers: Mapping[str, str]
) -> tuple[int, ResponseHeaders, bytes]:
    """What the site answers: status, headers, body. Headers are joined as the server joins them."""
    raw_path, _, query = path.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": unquote_to_bytes(raw_path).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": HOST,
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "HTTP_HOST": HOST,
    }
    if body:
        environ["CONTENT_LENGTH"] = str(len(body))
    for name, value in headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"] = value
    answered: list[Any] = []
    response = site()(environ, lambda status, said, *_: answered.extend((status, said)))
    try:
        content = b"".join(response)
    finally:
        response.close()
    return int(answered[0].split()[0]), ResponseHeaders(dict(answered[1])), content


@cache
def site() -> WSGIHandler:
    """The site, as a server runs it."""
    return WSGIHandler()


@dataclass
class Partner:
    """A partner with a key, who calls the site within this process."""

    code: str
    key: PrivateKey = field(default_factory=lambda: generate(Algorithm.SM2))

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

    def sign_environ(self, environ: Mapping[str, Any], body: bytes) -> str:
        """The ``Authorization`` of a request that is ready but for it."""
        path, query = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        signed = {
            "host": environ["HTTP_HOST"],
            "query": query,
            "idempotency_key": environ.get("HTTP_IDEMPOTENCY_KEY", ""),
            "content_type": environ.get("CONTENT_TYPE") or "",
        }
        return self.headers(environ["REQUEST_METHOD"], path, body, signed)[0]["Authorization"]

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
        self, method: str, path: str, body: bytes, headers: Mapping[str, str], nonce: str = "-"
    ) -> Answer:
        """Sends just that, as the server hands it over."""
        status, said, content = asked(method, path, body, headers)
        return Answer(status, content, said, nonce)

    def get(self, path: str, **changes: Any) -> Answer:
        """A signed GET."""
        return self.call("GET", path, **changes)

    def post(self, path: str, body: bytes, **changes: Any) -> Answer:
        """A signed POST."""
        return self.call("POST", path, body, **changes)
