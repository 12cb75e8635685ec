"""What was sent, before anybody is believed: target, host and headers in their one accepted form.

A signature covers the path, the query and the host *as sent*. The server hands over the path with
its percent-encoding undone, so a path is accepted only if it needs none: then both are the same
bytes, and no proxy can read it in another way than we do. Whatever does need encoding, such as an
external id with a slash, goes into the query, which arrives as it was sent.

A header that was sent twice arrives as one value joined by commas; no header of ours may hold a
comma except ``Authorization``, whose form is fixed to the last character.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tanzhang.crypto import sha256, sm3
from tanzhang.problems import Problem

#: The longest body, in bytes.
BODY_LIMIT = 1 << 20

#: The dated versions of this API, oldest first; the newest is meant where none is named.
VERSIONS = ("2026-11-01",)

#: When a version ends, as its answers say it (an HTTP date); none does yet.
SUNSETS: dict[str, str] = {}

_SEGMENT = r"(?!\.{1,2}(?:/|$))[A-Za-z0-9._~:@-]+"
_PATH = re.compile(rf"/v1(?:/{_SEGMENT})+", re.ASCII)
_QUERY = re.compile(r"[!-~]{0,2048}", re.ASCII)
_HOST = re.compile(r"(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?", re.ASCII)
_TOKEN = r"[A-Za-z0-9!#$&^_.+-]{1,100}"
_CONTENT_TYPE = re.compile(rf"{_TOKEN}/{_TOKEN}(?: *;[ -+\--~]*)?", re.ASCII)
_IDEMPOTENCY_KEY = re.compile(r"[A-Za-z0-9._:~-]{1,128}", re.ASCII)
_CONTENT_DIGEST = re.compile(r"(?:sm3|sha-256)=:[A-Za-z0-9+/]{43}=:", re.ASCII)
_LENGTH = re.compile(r"[0-9]{1,18}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Sent:
    """A request's line and headers, as sent; what may be left out is empty."""

    method: str
    path: str
    query: str
    host: str
    content_type: str
    idempotency_key: str
    length: int
    digest: str  #: of the body, by RFC 9530: for clients behind gateways that damage bodies

    @property
    def media_type(self) -> str:
        """The content type without its parameters, in lower case."""
        return self.content_type.partition(";")[0].strip().lower()

    def says_digest_of(self, body: bytes) -> bool:
        """Whether ``Content-Digest``, if it was sent, is that of the body."""
        if not self.digest:
            return True
        name, _, said = self.digest.partition("=")
        made = sm3(body) if name == "sm3" else sha256(body)
        return said == f":{base64.b64encode(made).decode('ascii')}:"


def declared_length(environ: Mapping[str, Any]) -> int:
    """The body's length in bytes, as announced.

    Raises ``gate.length_required`` for a body in chunks, and ``gate.body_too_large``.
    """
    if environ.get("HTTP_TRANSFER_ENCODING"):
        raise Problem("gate.length_required")
    given = environ.get("CONTENT_LENGTH") or "0"
    if not _LENGTH.fullmatch(given):
        raise Problem("gate.header_invalid", header="Content-Length")
    if int(given) > BODY_LIMIT:
        raise Problem("gate.body_too_large", limit=BODY_LIMIT)
    return int(given)


def read_sent(environ: Mapping[str, Any]) -> Sent:
    """The request's line and headers.

    Raises ``partner_api`` problems: ``length_required``, ``body_too_large``, ``target_invalid``,
    ``header_invalid``, ``media_type_unsupported`` (a compressed body), ``version_unknown``.
    """
    length = declared_length(environ)
    path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
    if not (_PATH.fullmatch(path) and _QUERY.fullmatch(query)):
        raise Problem("gate.target_invalid")
    sent = Sent(
        method=environ["REQUEST_METHOD"],
        path=path,
        query=query,
        host=_whole(_HOST, environ.get("HTTP_HOST", ""), "Host", needed=True),
        content_type=_whole(_CONTENT_TYPE, environ.get("CONTENT_TYPE") or "", "Content-Type"),
        idempotency_key=_whole(
            _IDEMPOTENCY_KEY, environ.get("HTTP_IDEMPOTENCY_KEY", ""), "Idempotency-Key"
        ),
        length=length,
        digest=_whole(_CONTENT_DIGEST, environ.get("HTTP_CONTENT_DIGEST", ""), "Content-Digest"),
    )
    if environ.get("HTTP_CONTENT_ENCODING", "identity").lower() not in {"", "identity"}:
        raise Problem("gate.media_type_unsupported", header="Content-Encoding")
    if environ.get("HTTP_X_API_VERSION", VERSIONS[-1]) not in VERSIONS:
        raise Problem("gate.version_unknown", known=list(VERSIONS))
    return sent


def nonce_of(environ: Mapping[str, Any]) -> str:
    """The nonce that an answer is bound to, or ``-`` where none can be read."""
    found = re.search(r'\bnonce="([0-9a-f]{32})"', environ.get("HTTP_AUTHORIZATION", ""))
    return found[1] if found else "-"


def _whole(form: re.Pattern[str], given: str, header: str, *, needed: bool = False) -> str:
    """A header's value in its one form; nothing if it may be left out and was."""
    if (given or needed) and not form.fullmatch(given):
        raise Problem("gate.header_invalid", header=header)
    return given
