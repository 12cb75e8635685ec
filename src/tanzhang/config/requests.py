"""What the site notes of each request: an id for the answer and the logs, and one access line.

The line names the route (``accounts/<handle>/``), never the address as it was typed: addresses and
query strings hold what people are called and look for. It names no visitor either.
"""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from tanzhang.config import environment
from tanzhang.config.logs import request_id

access = logging.getLogger("tanzhang.access")

HEADER = "X-Request-ID"

#: What a proxy's own id may look like; anything else would be a stranger's words in our logs.
_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


class RequestNotes:
    """Middleware: the outermost, so that its time is the whole time."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._trusted = environment.switched_on("TANZHANG_BEHIND_PROXY")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        given = request.headers.get(HEADER, "") if self._trusted else ""
        own = given if _ID.fullmatch(given) else secrets.token_hex(8)
        token = request_id.set(own)
        try:
            response = self._get_response(request)
            response.headers[HEADER] = own
            access.info(
                "Answered.",
                extra={
                    "method": request.method,
                    "route": _route(request),
                    "status": response.status_code,
                    "ms": round((time.perf_counter() - started) * 1000, 1),
                },
            )
            return response
        finally:
            request_id.reset(token)


def address_of(request: HttpRequest) -> str:
    """The network address of whoever asks; behind a proxy, the one that the proxy saw.

    The proxy adds it at the end of ``X-Forwarded-For``; what stands before it anybody may have
    written.
    """
    return address_in(request.META, behind_proxy=bool(settings.SECURE_PROXY_SSL_HEADER))


def address_in(environ: Mapping[str, Any], *, behind_proxy: bool) -> str:
    """``address_of`` for a request that Django has not seen yet."""
    seen = environ.get("HTTP_X_FORWARDED_FOR", "") if behind_proxy else ""
    return seen.rpartition(",")[2].strip() or str(environ.get("REMOTE_ADDR", ""))


def _route(request: HttpRequest) -> str:
    """Which page was asked for, as the site writes it; nothing for what is no page of ours."""
    if request.resolver_match:
        return f"/{request.resolver_match.route}"
    return settings.STATIC_URL if request.path_info.startswith(settings.STATIC_URL) else ""
