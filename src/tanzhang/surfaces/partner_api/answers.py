"""What every answer under ``/v1/`` carries: a signature, the quota's rest, safe headers."""

from __future__ import annotations

import base64
import time

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tanzhang.config.logs import request_id
from tanzhang.config.own_keys import key_store
from tanzhang.crypto import Purpose, response_string
from tanzhang.problems import Problem
from tanzhang.surfaces.partner_api import refusals
from tanzhang.surfaces.partner_api.codes import code_of
from tanzhang.surfaces.partner_api.gate.call import Visit
from tanzhang.surfaces.partner_api.gate.order import profiles
from tanzhang.surfaces.partner_api.gate.sent import SUNSETS, VERSIONS

SIGNATURE = "Tanzhang-Signature"

#: An answer is for one program, which shows it nowhere and keeps it in no cache.
_SAFE = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def refusal(problem: Problem, visit: Visit) -> HttpResponse:
    """The answer to a refused request."""
    status, body = refusals.document(problem, request_id.get())
    visit.code = code_of(problem.code)
    response = HttpResponse(body, content_type=refusals.CONTENT_TYPE, status=status)
    wait_s = refusals.wait_s(problem)
    if wait_s is not None:
        response["Retry-After"] = str(wait_s)
    if status == 401:
        response["WWW-Authenticate"] = profiles()
    if "allowed" in problem.details:
        response["Allow"] = ", ".join(problem.details["allowed"])
    return response


def finish(request: HttpRequest, response: HttpResponse, visit: Visit) -> HttpResponse:
    """The answer as it leaves: whole, dated, signed.

    An answer that cannot be signed does not leave: its place is taken by an unsigned refusal, after
    which a client asks again with the same Idempotency-Key.
    """
    _complete(request, response, visit)
    try:
        sign(response, visit)
    except (Problem, OSError):
        response = refusal(Problem("gate.temporarily_unavailable"), visit)
        _complete(request, response, visit)
    return response


def sign(response: HttpResponse, visit: Visit, *, wrongly: bool = False) -> None:
    """Sets the signature over status, the request's nonce, request id, time, key and body.

    ``wrongly`` makes one that no client may accept. Raises whatever keeps the key from signing.
    """
    key = key_store().current(Purpose.SIGN, visit.profile.algorithm)
    ts = int(time.time())  # after the choice: no key signs for a time before its own
    lines = response_string(
        visit.profile,
        status=response.status_code,
        request_nonce=visit.nonce,
        request_id=request_id.get(),
        ts=ts,
        key=key.key_id,
        body=response.content,
    )
    sig = base64.b64encode(key.sign(lines + b"wrong\n" if wrongly else lines)).decode("ascii")
    label = f"{visit.profile.value}-RES"
    response[SIGNATURE] = f'{label} key="{key.key_id}",ts="{ts}",sig="{sig}"'


def _complete(request: HttpRequest, response: HttpResponse, visit: Visit) -> None:
    """Everything but the signature."""
    if request.method == "HEAD":
        response.content = b""
    response["X-Request-Id"] = request_id.get()
    asked = request.META.get("HTTP_X_API_VERSION")
    response["X-Api-Version"] = asked if asked in VERSIONS else VERSIONS[-1]
    if response["X-Api-Version"] in SUNSETS:
        response["Sunset"] = SUNSETS[response["X-Api-Version"]]
    response["Content-Length"] = str(len(response.content))
    if visit.quota:
        response["RateLimit-Limit"] = str(visit.quota.limit)
        response["RateLimit-Remaining"] = str(visit.quota.remaining)
        response["RateLimit-Reset"] = str(visit.quota.reset_s)
    if settings.SECURE_HSTS_SECONDS and request.is_secure():
        response["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
    for name, value in _SAFE.items():
        response[name] = value
