"""One attempt over HTTP: signed twice, sent to the checked address, answered by a status alone.

The signatures are those of standardwebhooks (HMAC-SHA256 under the address's secret), which
libraries in every language verify, and of PCA1 (SM2 by the platform's key), which proves to anybody
who sent it.
"""

from __future__ import annotations

import base64
import contextlib
import socket
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import httpx
from standardwebhooks.webhooks import Webhook

from tanzhang.apps.partners.webhooks.addresses import destination
from tanzhang.apps.partners.webhooks.attempts import Answered, Attempt
from tanzhang.apps.partners.webhooks.endpoints import endpoint_secret
from tanzhang.crypto import KeyStore, Profile, Purpose, event_string
from tanzhang.problems import Problem

#: For each single read and write; the whole attempt has ``DEADLINE_SECONDS``.
TIMEOUT: Final = httpx.Timeout(10.0, connect=5.0)
DEADLINE_SECONDS: Final = 20.0

LONGEST_SAYING_CHARACTERS: Final = 200


def http_client() -> httpx.Client:
    """The client for all attempts: no redirects, no proxies, and no connection used twice."""
    return httpx.Client(
        timeout=TIMEOUT,
        follow_redirects=False,
        trust_env=False,
        limits=httpx.Limits(max_keepalive_connections=0),
    )


def send(
    client: httpx.Client, attempt: Attempt, headers: dict[str, str], *, private: bool
) -> Answered:
    """Try once, without the database. What goes wrong on the way is the answer, no exception."""
    try:
        where = destination(attempt.url, may_be_private=private)
        with (
            Deadline(DEADLINE_SECONDS) as deadline,
            client.stream(
                "POST",
                where.url,
                content=attempt.body,
                headers={**headers, "Host": where.host},
                extensions={"sni_hostname": where.name, "trace": deadline.watch},
            ) as response,
        ):
            return Answered(response.status_code)
    except Problem as problem:
        return Answered(None, problem.code)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
        said = f"{type(error).__name__}: {error}"
        return Answered(None, said[:LONGEST_SAYING_CHARACTERS])


class Deadline:
    """Cuts the connection of one attempt when its time is over, however slowly it drips."""

    def __init__(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self._stream: Any = None

    def __enter__(self) -> Deadline:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def watch(self, event: str, info: Mapping[str, Any]) -> None:
        """httpcore tells its steps here: the connection as it is now is remembered."""
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            self._stream = info["return_value"]

    def _cut(self) -> None:
        """A read that waits is woken by this; closing alone would leave it waiting."""
        if self._stream is None:
            return
        with contextlib.suppress(OSError):  # it ended in the same moment
            self._stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)


def signed_headers(attempt: Attempt, keys: KeyStore) -> dict[str, str]:
    """The headers of an attempt made now."""
    key = keys.current(Purpose.SIGN)
    now = datetime.now(UTC)  # after the choice: no key signs for a time before its own
    ts = int(now.timestamp())
    text = event_string(
        Profile.SM2,
        delivery_id=attempt.message_id,
        ts=ts,
        endpoint_id=f"we_{attempt.endpoint_id}",
        key=key.key_id,
        body=attempt.body,
    )
    signature = base64.b64encode(key.sign(text)).decode("ascii")
    webhook = Webhook(endpoint_secret(attempt.endpoint_id))
    return {
        "Content-Type": "application/cloudevents+json",
        "User-Agent": "tanzhang-courier/1",
        "webhook-id": attempt.message_id,
        "webhook-timestamp": str(ts),
        "webhook-signature": webhook.sign(attempt.message_id, now, attempt.body.decode()),
        "Tanzhang-Endpoint": f"we_{attempt.endpoint_id}",
        "Tanzhang-Signature": f'{Profile.SM2.value}-EVT key="{key.key_id}",ts="{ts}",'
        f'sig="{signature}"',
    }
