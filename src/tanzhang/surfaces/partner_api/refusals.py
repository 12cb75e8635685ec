"""A refusal as it leaves: problem+json (RFC 9457) with a stable code and sentences in zh and en.

Until a signature was found good an answer says what its code says and nothing of its own, so that a
stranger learns no more from one answer than from another with the same code.
"""

from __future__ import annotations

import json
from typing import Any

from tanzhang.problems import Problem
from tanzhang.surfaces.partner_api.codes import CODES, Check, code_of, sentences_of

CONTENT_TYPE = "application/problem+json"

#: Where each code is explained.
ERRORS_PAGE = "/developers/errors/"

#: How long to wait where nothing else says it.
RETRY_AFTER_S = {"TEMPORARILY_UNAVAILABLE": 5, "IDEMPOTENCY_IN_PROGRESS": 2, "INTERNAL_ERROR": 5}

#: Details that say how long to wait; they become the header ``Retry-After``.
_WAITS = ("retry_after_s", "reset_s")


def document(problem: Problem, request_id: str) -> tuple[int, bytes]:
    """The status and the body with which a problem is answered."""
    name = code_of(problem.code)
    code = CODES[name]
    general = Problem(sentences_of(name))
    said = general if code.check <= Check.SIGNATURE or name == "INTERNAL_ERROR" else problem
    details = {} if said is general and problem.code != general.code else problem.details
    answer: dict[str, Any] = {
        "type": f"{ERRORS_PAGE}#{name}",
        "title": general.part("what", "en"),
        "status": code.status,
        "code": name,
        "detail_zh": said.text("zh"),
        "detail_en": said.text("en"),
        "retryable": code.retryable,
        "request_id": request_id,
    }
    extra = {key: value for key, value in details.items() if key not in answer}
    return code.status, json.dumps(answer | extra, ensure_ascii=False, default=str).encode()


def wait_s(problem: Problem) -> int | None:
    """How many seconds to wait before trying again, if that is known."""
    given = (problem.details[name] for name in _WAITS if name in problem.details)
    return next(given, RETRY_AFTER_S.get(code_of(problem.code)))
