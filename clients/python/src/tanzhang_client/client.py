"""The client: prepare a batch, send it until it is answered, and believe only signed answers."""

from __future__ import annotations

import base64
import binascii
import json
import re
import secrets
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote

import httpx

from tanzhang_client.activities import Activity, event_of
from tanzhang_client.canonical import request_text, response_text
from tanzhang_client.keys import KeyUnusable, PrivateKey, PublicKey, digest
from tanzhang_client.sealing import sealed_batch
from tanzhang_client.trust import PlatformKeys

PLAIN: Final = "application/cloudevents-batch+json"
SEALED: Final = "application/vnd.tanzhang.batch+json"

_SIGNATURE: Final = re.compile(
    r'(?P<label>\S+)-RES key="(?P<key>[0-9A-F]{16})",ts="(?P<ts>\d{1,12})",'
    r'sig="(?P<sig>[A-Za-z0-9+/=]+)"'
)
_CLOCK_SECONDS: Final = 300
_RETRYABLE: Final = (429, 500, 502, 503, 504)


class Refused(Exception):
    """The platform refused the request, and signed its refusal; ``code`` is stable."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        self.status = status
        self.code = str(problem.get("code", "UNKNOWN"))
        self.retryable = bool(problem.get("retryable"))
        self.problem = problem
        super().__init__(f"{self.code}: {problem.get('detail_en') or problem.get('title')}")


class Unproved(Exception):
    """An answer came whose signature does not hold. What it says must not be believed."""


class Unanswered(Exception):
    """No answer came in time. Send the same prepared batch again: it cannot count twice."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A batch ready to be sent, any number of times. Keep it until it is answered."""

    content_type: str
    body: bytes
    idempotency_key: str


class Client:
    """One partner's line to one installation.

    ``url`` is the installation's address without a path, ``partner`` your code there, ``key`` your
    signing key and ``trust`` the platform's keys. ``patience_seconds`` bounds all attempts of one
    call together.
    """

    def __init__(
        self,
        url: str,
        *,
        partner: str,
        key: PrivateKey,
        trust: PlatformKeys,
        patience_seconds: float = 60.0,
        http: httpx.Client | None = None,
    ) -> None:
        self._url = url.rstrip("/")
        self._host = httpx.URL(self._url).netloc.decode("ascii")  # no default port
        self._partner = partner
        self._key = key
        self._trust = trust
        self._patience_seconds = patience_seconds
        self._http = http or httpx.Client(timeout=15.0)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def prepare(self, activities: Iterable[Activity], *, seal: Collection[str] = ()) -> Prepared:
        """Make a batch of at most 1,000 acts; ``seal`` names the values to encrypt (``POINTERS``).

        Raises ``ValueError`` for a time without a zone, and ``KeyUnusable`` without a trusted key
        to seal for.
        """
        events = [event_of(activity, self._partner) for activity in activities]
        content: Any = events
        if seal:
            unwrap = self._key_to_seal_for()
            content = sealed_batch(events, self._partner, unwrap, seal)
        return Prepared(
            SEALED if seal else PLAIN,
            json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode(),
            secrets.token_hex(16),
        )

    def send(self, batch: Prepared) -> dict[str, Any]:
        """Send a batch until it is answered; the answer is the receipt, one result an act.

        Raises ``Refused`` if the batch as a whole is refused, ``Unproved`` and ``Unanswered``. A
        receipt that is not about this partner and these events proves nothing of them.
        """
        receipt = self._call("POST", "/v1/events:batch", batch)
        content = json.loads(batch.body)
        events = content["events"] if isinstance(content, dict) else content
        told = (receipt.get("partner"), [item.get("id") for item in receipt.get("items", [])])
        if told != (self._partner, [event["id"] for event in events]):
            raise Unproved("The receipt is not about this batch.")
        return receipt

    def report(
        self, activities: Iterable[Activity], *, seal: Collection[str] = ()
    ) -> dict[str, Any]:
        """Prepare and send in one step, where losing the process loses nothing of worth."""
        return self.send(self.prepare(activities, seal=seal))

    def batch(self, batch_id: str) -> dict[str, Any]:
        """The receipt of a batch; with what each act was credited once it is settled."""
        return self._call("GET", f"/v1/batches/{quote(batch_id, safe='')}")

    def event(self, event_id: str) -> dict[str, Any]:
        """What became of one of your events, of any age."""
        return self._call("GET", f"/v1/events?id={quote(event_id, safe='')}")

    def ping(self) -> dict[str, Any]:
        """A signed greeting: proves keys, clock and address on both sides, and changes nothing."""
        return self._call("GET", "/v1/ping")

    def _call(self, method: str, path: str, batch: Prepared | None = None) -> dict[str, Any]:
        """Ask again, with a new nonce and the same idempotency key, while that may help."""
        deadline = time.monotonic() + self._patience_seconds
        pause_seconds = 0.2
        while True:
            reason: Exception
            try:
                return self._once(method, path, batch)
            except httpx.TransportError as error:
                reason = error
            except Refused as refusal:
                if not refusal.retryable:
                    raise
                reason = refusal
            if time.monotonic() + pause_seconds > deadline:
                raise Unanswered(f"{method} {path}: {reason}") from reason
            time.sleep(pause_seconds * (0.5 + secrets.randbelow(1000) / 1000))
            pause_seconds = min(pause_seconds * 2, 10.0)

    def _once(self, method: str, path: str, batch: Prepared | None) -> dict[str, Any]:
        body = batch.body if batch else b""
        nonce = secrets.token_hex(16)
        headers = self._headers(method, path, batch, nonce)
        answer = self._http.request(method, f"{self._url}{path}", content=body, headers=headers)
        if answer.status_code in _RETRYABLE and "Tanzhang-Signature" not in answer.headers:
            # A gateway's own answer: nothing to believe, and nothing to fear in asking again.
            raise httpx.RemoteProtocolError(f"status {answer.status_code} without a signature")
        self._prove(answer, nonce)
        content: dict[str, Any] = answer.json()
        if answer.is_success:
            return content
        raise Refused(answer.status_code, content)

    def _headers(
        self, method: str, path: str, batch: Prepared | None, nonce: str
    ) -> dict[str, str]:
        profile, ts = self._key.public.profile, int(time.time())
        text = request_text(
            profile,
            method=method,
            path=path.partition("?")[0],
            query=path.partition("?")[2],
            host=self._host,
            ts=ts,
            nonce=nonce,
            partner=self._partner,
            key=self._key.public.key_id,
            idempotency_key=batch.idempotency_key if batch else "",
            content_type=batch.content_type if batch else "",
            body_digest=digest(profile, batch.body if batch else b""),
        )
        signature = base64.b64encode(self._key.sign(text)).decode()
        headers = {
            "Authorization": f'{profile} partner="{self._partner}",key="{self._key.public.key_id}",'
            f'ts="{ts}",nonce="{nonce}",sig="{signature}"',
            "Host": self._host,
            "Accept-Encoding": "identity",
        }
        if batch:
            headers |= {
                "Content-Type": batch.content_type,
                "Idempotency-Key": batch.idempotency_key,
            }
        return headers

    def _prove(self, answer: httpx.Response, nonce: str) -> None:
        """Raise ``Unproved`` unless a trusted key signed exactly this answer to this request."""
        found = _SIGNATURE.fullmatch(answer.headers.get("Tanzhang-Signature", ""))
        if not found:
            raise Unproved(f"The answer ({answer.status_code}) is not signed.")
        ts = int(found["ts"])
        if abs(time.time() - ts) > _CLOCK_SECONDS:
            raise Unproved("The answer's time is more than five minutes from ours.")
        at = datetime.fromtimestamp(ts, UTC)
        key = self._trust.key(found["key"], "sign", at) or self._learnt(found["key"], at)
        if key is None or key.profile != found["label"]:
            raise Unproved(f"The answer is signed by {found['key']}, a key that we do not trust.")
        text = response_text(
            key.profile,
            status=answer.status_code,
            request_nonce=nonce,
            request_id=answer.headers.get("X-Request-Id", ""),
            ts=ts,
            key=found["key"],
            body_digest=digest(key.profile, answer.content),
        )
        try:
            signature = base64.b64decode(found["sig"], validate=True)
        except binascii.Error as error:
            raise Unproved("The answer's signature is not base64.") from error
        if not key.verifies(text, signature):
            raise Unproved("The answer's signature does not hold.")

    def _key_to_seal_for(self) -> PublicKey:
        """The platform's key of today, asked for anew if the one that we knew has ended."""
        profile = self._key.public.profile
        try:
            return self._trust.current("unwrap", profile)
        except KeyUnusable:
            self._learn()
            return self._trust.current("unwrap", profile)

    def _learnt(self, key_id: str, at: datetime) -> PublicKey | None:
        """A key that we did not know, if one that we trust has endorsed it."""
        self._learn()
        return self._trust.key(key_id, "sign", at)

    def _learn(self) -> None:
        """Look at the published keys. Nothing is believed but what a trusted key endorsed."""
        answer = self._http.get(f"{self._url}/v1/platform-keys")
        if answer.is_success:
            self._trust.learn(answer.json()["keys"])
