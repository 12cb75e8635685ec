"""How an endpoint's answer becomes bytes."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse

CONTENT_TYPE = "application/json"


def reply(answer: dict[str, Any]) -> HttpResponse:
    """A JSON answer; characters stand for themselves."""
    return as_it_is(json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode())


def as_it_is(body: bytes) -> HttpResponse:
    """A JSON answer whose bytes are made elsewhere, and signed or stored as they are."""
    return HttpResponse(body, content_type=CONTENT_TYPE)
