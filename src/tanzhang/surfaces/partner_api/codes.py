"""Every code of a refusal: when it is found, its HTTP status, whether trying again can help.

The one list behind the answers, the OpenAPI document and the page of errors. The sentences of a
code stand in ``problems/gate.yaml`` under its name in lower case; what a room refuses in its
own words is answered with the code that lists it here, and its own sentences as the detail.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cache


class Check(IntEnum):
    """The checks in their order; a request that fails several hears of the first."""

    SIZE = 1
    SYNTAX = 2
    NETWORK_ADDRESS = 3
    KEY = 4
    ALGORITHM = 5
    TIME = 6
    BODY = 7
    SIGNATURE = 8
    NONCE = 9
    ROUTE = 10
    AGREEMENT = 11
    RATE = 12
    IDEMPOTENCY = 13
    SCHEMA = 14
    ANY_TIME = 15  #: not a check: what can happen at any of them


@dataclass(frozen=True, slots=True)
class Code:
    """How a refusal is answered. ``rooms`` are the rooms' own problems that it stands for."""

    check: Check
    status: int
    retryable: bool = False
    rooms: tuple[str, ...] = ()


CODES = {
    "LENGTH_REQUIRED": Code(Check.SIZE, 411),
    "BODY_TOO_LARGE": Code(Check.SIZE, 413, rooms=("intake.batch_too_large",)),
    "TARGET_INVALID": Code(Check.SYNTAX, 400),
    "HEADER_INVALID": Code(Check.SYNTAX, 400),
    "MEDIA_TYPE_UNSUPPORTED": Code(Check.SYNTAX, 415, rooms=("intake.content_unknown",)),
    "VERSION_UNKNOWN": Code(Check.SYNTAX, 400),
    "HOST_UNKNOWN": Code(Check.SYNTAX, 421),
    "HTTPS_REQUIRED": Code(Check.SYNTAX, 403),
    "SIG_MISSING": Code(Check.SYNTAX, 401),
    "SIG_MALFORMED": Code(Check.SYNTAX, 401, rooms=("pca1.header_malformed",)),
    "ADDRESS_LIMITED": Code(Check.NETWORK_ADDRESS, 429, retryable=True),
    "KEY_UNKNOWN": Code(Check.KEY, 401, rooms=("partners.partner_unknown", "partners.key_unknown")),
    "KEY_NOT_YET": Code(Check.KEY, 401, retryable=True, rooms=("partners.key_not_yet",)),
    "KEY_EXPIRED": Code(Check.KEY, 401, rooms=("partners.key_expired",)),
    "KEY_REVOKED": Code(Check.KEY, 401, rooms=("partners.key_revoked",)),
    "PARTNER_SUSPENDED": Code(
        Check.KEY, 403, rooms=("partners.partner_suspended", "partners.partner_closed")
    ),
    "ALGORITHM_NOT_ALLOWED": Code(Check.ALGORITHM, 401),
    "TIMESTAMP_OUT_OF_WINDOW": Code(Check.TIME, 401, retryable=True),
    "BODY_TRUNCATED": Code(Check.BODY, 400, retryable=True),
    "BODY_DIGEST_MISMATCH": Code(Check.BODY, 400),
    "SIG_INVALID": Code(Check.SIGNATURE, 401),
    "NONCE_REPLAYED": Code(Check.NONCE, 401, retryable=True, rooms=("partners.nonce_replayed",)),
    "NOT_FOUND": Code(
        Check.ROUTE,
        404,
        rooms=(
            "intake.batch_unknown",
            "intake.day_malformed",
            "intake.event_unknown",
            "intake.file_unknown",
            "partners.message_unknown",
            "partners.webhook_unknown",
            "people.person_unknown",
        ),
    ),
    "METHOD_NOT_ALLOWED": Code(Check.ROUTE, 405),
    "SCOPE_DENIED": Code(Check.AGREEMENT, 403, rooms=("partners.agreement_missing",)),
    "RATE_LIMITED": Code(
        Check.RATE,
        429,
        retryable=True,
        rooms=(
            "intake.counted_too_often",
            "partners.rate_limited",
            "partners.items_over_quota",
        ),
    ),
    "IDEMPOTENCY_KEY_MISSING": Code(Check.IDEMPOTENCY, 400),
    "IDEMPOTENCY_MISMATCH": Code(Check.IDEMPOTENCY, 422, rooms=("partners.idempotency_mismatch",)),
    "IDEMPOTENCY_IN_PROGRESS": Code(
        Check.IDEMPOTENCY, 409, retryable=True, rooms=("partners.idempotency_in_progress",)
    ),
    "BATCH_TOO_LARGE": Code(Check.SCHEMA, 413, rooms=("intake.too_many_events",)),
    "SCHEMA_INVALID": Code(
        Check.SCHEMA,
        422,
        rooms=(
            "intake.batch_empty",
            "intake.batch_malformed",
            "intake.own_count_malformed",
            "intake.too_many_to_compare",
            "json.not_json",
            "json.not_utf8",
            "json.too_deep",
            "partners.webhook_known",
            "partners.webhook_url_refused",
            "partners.webhooks_too_many",
        ),
    ),
    "CONSENT_MISSING": Code(Check.SCHEMA, 403, rooms=("people.not_shared",)),
    "NOT_ASSESSED": Code(Check.SCHEMA, 403, rooms=("consenting.not_assessed",)),
    "RECIPIENT_ABROAD": Code(Check.SCHEMA, 403, rooms=("consenting.recipient_abroad",)),
    "TEMPORARILY_UNAVAILABLE": Code(
        Check.ANY_TIME,
        503,
        retryable=True,
        rooms=("catalogue.nothing_loaded", "intake.too_long_on_the_way"),
    ),
    "INTERNAL_ERROR": Code(Check.ANY_TIME, 500, retryable=True),
}


def sentences_of(code: str) -> str:
    """The problem under which a code's sentences stand."""
    return f"gate.{code.lower()}"


def code_of(problem: str) -> str:
    """The code with which a problem is answered; ``INTERNAL_ERROR`` for one nobody foresaw."""
    return _by_problem().get(problem, "INTERNAL_ERROR")


@cache
def _by_problem() -> dict[str, str]:
    own = {sentences_of(name): name for name in CODES}
    return own | {problem: name for name, code in CODES.items() for problem in code.rooms}
