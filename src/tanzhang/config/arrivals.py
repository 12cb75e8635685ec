"""Bodies are read before anything else, by some of the threads, and of one address by fewer.

A web thread that waits for a body answers nobody. Whoever announces a hundred bytes and sends one
could hold it for ever, and eight such visitors would hold the whole site. So a body is read in one
of a few *places*: never all threads read, and one network address never takes all places. A visitor
who finds none within a moment is told to come again; pages and health checks, which have no body,
are answered all the while.

This bounds what one address can do. Against many, a proxy that reads bodies itself stands in front
(``docs/guides/run-it.md``).
"""

from __future__ import annotations

import io
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, Final

from tanzhang.config.requests import address_in

#: Larger bodies are no request of ours; they are left unread, to be refused by whom they are for:
#: the partners' gate by the length that is announced, before a byte of it is asked for.
MOST_BYTES: Final = 8 * 2**20
MOST_BYTES_OF_PARTNERS: Final = 2**20
PARTNERS: Final = "/v1/"

#: How long a visitor waits for a place.
PATIENCE_SECONDS: Final = 1.0

Environ = dict[str, Any]
Application = Callable[[Environ, Any], Iterable[bytes]]


class Places:
    """Who may read now: so many in all, and fewer of one address."""

    def __init__(self, threads: int) -> None:
        self._in_all = max(1, threads - 2)
        self._of_one = max(1, self._in_all // 2)
        self._taken: Counter[str] = Counter()
        self._change = threading.Condition()

    def take(self, address: str, patience_seconds: float = 0) -> bool:
        """A place for this address, if there is one within the time."""
        with self._change:
            if not self._change.wait_for(lambda: self._free(address), patience_seconds):
                return False
            self._taken[address] += 1
            return True

    def leave(self, address: str) -> None:
        """Give a place back."""
        with self._change:
            self._taken[address] -= 1
            self._taken += Counter()  # forgets whoever reads nothing
            self._change.notify_all()

    def _free(self, address: str) -> bool:
        return self._taken.total() < self._in_all and self._taken[address] < self._of_one


class Arrivals:
    """A WSGI application behind the places."""

    def __init__(self, application: Application, threads: int, *, behind_proxy: bool) -> None:
        self._application = application
        self._behind_proxy = behind_proxy
        self._places = Places(threads)

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or "0"
        is_partners = environ.get("PATH_INFO", "").startswith(PARTNERS)
        most = MOST_BYTES_OF_PARTNERS if is_partners else MOST_BYTES
        if length.isascii() and length.isdecimal() and 0 < int(length) <= most:
            address = address_in(environ, behind_proxy=self._behind_proxy)
            if not self._places.take(address, PATIENCE_SECONDS):
                return _come_again(start_response)
            try:
                body = _read(environ["wsgi.input"], int(length))
            finally:
                self._places.leave(address)
            environ["wsgi.input"] = io.BytesIO(body)
        return self._application(environ, start_response)


def _read(stream: Any, length: int) -> bytes:
    """So many bytes, or fewer if the connection breaks: whoever wants them notices that."""
    parts: list[bytes] = []
    missing = length
    while missing > 0:
        try:
            part = stream.read(missing)
        except OSError:
            break
        if not part:
            break
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def _come_again(start_response: Any) -> Iterable[bytes]:
    body = json.dumps(
        {
            "title": "Too many requests arrive at once.",
            "status": 503,
            "code": "TEMPORARILY_UNAVAILABLE",
            "detail_en": "Too many requests arrive at once. Send the same again in a moment.",
            "detail_zh": "同时到达的请求过多。请稍后原样重发。",
            "retryable": True,
        },
        ensure_ascii=False,
    ).encode()
    headers = [
        ("Content-Type", "application/problem+json"),
        ("Content-Length", str(len(body))),
        ("Retry-After", "2"),
    ]
    start_response("503 Service Unavailable", headers)
    return [body]
