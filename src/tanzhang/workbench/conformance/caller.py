"""A partner's program: it signs what it sends, seals what is personal, and believes only us.

Everything can be made wrong on purpose, which is what the kit is for.
"""

from __future__ import annotations

import base64
import json
import re
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Final
from urllib.parse import urlsplit

from tanzhang.crypto import (
    Algorithm,
    Authorization,
    PrivateKey,
    Profile,
    PublishedKey,
    Purpose,
    from_public_json,
    new_data_key,
    request_string,
    response_string,
    seal,
)
from tanzhang.problems import Problem

PLAIN: Final = "application/cloudevents-batch+json"
SEALED: Final = "application/vnd.tanzhang.batch+json"

TIMEOUT_S: Final = 30.0

_ANSWER = re.compile(r'(PCA1-[A-Z0-9-]+)-RES key="([0-9A-F]{16})",ts="(\d+)",sig="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Answer:
    """What the site answered, and whether one of its published keys signed just that."""

    status: int
    body: bytes
    headers: Mapping[str, str]
    is_signed: bool

    def json(self) -> Any:
        """The body, which is JSON; an empty object if it is not."""
        try:
            return json.loads(self.body)
        except ValueError:
            return {}

    @property
    def code(self) -> str:
        """The code of a refusal, else the status."""
        found = self.json()
        return str(found.get("code", self.status)) if isinstance(found, dict) else str(self.status)


@dataclass
class Caller:
    """Calls one site as one partner. ``answers`` are all that it got."""

    url: str
    partner: str
    key: PrivateKey
    published: Sequence[PublishedKey] = ()
    answers: list[Answer] = field(default_factory=list)

    @property
    def host(self) -> str:
        """The host as it is signed."""
        return urlsplit(self.url).netloc

    @property
    def profile(self) -> Profile:
        """By the algorithm of the key."""
        return Profile.SM2 if self.key.algorithm is Algorithm.SM2 else Profile.P256

    def learn_keys(self) -> str:
        """Read the site's public keys; the installation's public name."""
        found = self.send("GET", "/v1/platform-keys", b"", {"Host": self.host}, "-").json()
        if not isinstance(found, dict) or "keys" not in found:
            raise Problem("conformance.no_site", url=self.url, said="/v1/platform-keys")
        self.published = [from_public_json(_without(said, "state")) for said in found["keys"]]
        self.answers.clear()
        return str(found["installation"])

    def call(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        *,
        signed: Mapping[str, Any] | None = None,
        sent: Mapping[str, str] | None = None,
        send_body: bool = True,
    ) -> Answer:
        """A request; ``signed`` changes what is signed, ``sent`` changes headers afterwards."""
        is_post = method == "POST"
        lines: dict[str, Any] = {
            "method": method,
            "path": path,
            "query": "",
            "host": self.host,
            "ts": int(time.time()),
            "nonce": secrets.token_hex(16),
            "partner": self.partner,
            "key": self.key.key_id,
            "idempotency_key": secrets.token_hex(16) if is_post else "",
            "content_type": PLAIN if is_post else "",
            "body": body,
        } | {**(signed or {})}
        signature = self.key.sign(request_string(self.profile, **lines))
        said = Authorization(
            self.profile, lines["partner"], lines["key"], lines["ts"], lines["nonce"], signature
        )
        headers = {
            "Host": self.host,
            "Authorization": said.header(),
            "Idempotency-Key": lines["idempotency_key"],
            "Content-Type": lines["content_type"],
            "Content-Length": str(len(body)) if is_post else "",
            **(sent or {}),
        }
        headers = {name: value for name, value in headers.items() if value}
        # An answer is bound to the nonce that the site could read.
        nonce = lines["nonce"] if headers["Authorization"] == said.header() else "-"
        return self.send(method, path, body if send_body else b"", headers, nonce)

    def send(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str], nonce: str
    ) -> Answer:
        """Send just that. Raises ``conformance.no_site`` if nobody answers."""
        parts = urlsplit(self.url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        connection = kind(parts.netloc, timeout=TIMEOUT_S)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name, value)
            connection.endheaders(body or None)
            response = connection.getresponse()
            content, said = response.read(), {name.lower(): v for name, v in response.getheaders()}
        except (OSError, HTTPException) as error:
            raise Problem("conformance.no_site", url=self.url, said=str(error)) from error
        finally:
            connection.close()
        is_signed = self._is_signed(response.status, content, said, nonce)
        self.answers.append(Answer(response.status, content, said, is_signed))
        return self.answers[-1]

    def sealed(self, events: Sequence[Mapping[str, Any]]) -> bytes:
        """A batch in which persons and item keys can be read by the site alone."""
        unwrapping = next(
            key
            for key in self.published
            if key.purpose is Purpose.UNWRAP and key.algorithm is self.key.algorithm
        )
        data_key = new_data_key()
        batch = {
            "kid": unwrapping.key_id,
            "ek": base64.b64encode(unwrapping.public.wrap(data_key)).decode("ascii"),
            "events": [self._sealed(event, data_key) for event in events],
        }
        return written(batch)

    def _sealed(self, event: Mapping[str, Any], data_key: bytes) -> dict[str, Any]:
        context = f"{self.partner}|{event['source']}|{event['id']}"

        def hidden(text: str, pointer: str) -> dict[str, str]:
            aad = f"{context}|{pointer}".encode()
            found = seal(data_key, text.encode(), aad, self.profile.cipher)
            parts = {"iv": found.iv, "ct": found.ct, "tag": found.tag}
            told = {name: base64.b64encode(part).decode("ascii") for name, part in parts.items()}
            return {"enc": str(self.profile.cipher), **told}

        data = dict(event["data"])
        if "item_key" in data:
            data["item_key"] = hidden(data["item_key"], "/data/item_key")
        return {**event, "subject": hidden(event["subject"], "/subject"), "data": data}

    def _is_signed(self, status: int, body: bytes, headers: Mapping[str, str], nonce: str) -> bool:
        found = _ANSWER.fullmatch(headers.get("tanzhang-signature", ""))
        if found is None:
            return False
        profile, key_id, ts, signature = found.groups()
        lines = response_string(
            Profile(profile),
            status=status,
            request_nonce=nonce,
            request_id=headers.get("x-request-id", ""),
            ts=int(ts),
            key=key_id,
            body=body,
        )
        return any(
            key.key_id == key_id
            and key.purpose is Purpose.SIGN
            and key.public.verify(lines, base64.b64decode(signature))
            for key in self.published
        )


def written(value: object) -> bytes:
    """JSON as it is sent."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _without(said: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in said.items() if key != name}
