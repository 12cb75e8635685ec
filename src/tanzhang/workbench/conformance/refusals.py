"""The cases in which a whole request must be refused, in the documented order of checks."""

from __future__ import annotations

import gzip
import secrets
import time
from collections.abc import Callable, Iterator
from typing import Final

from tanzhang.crypto import generate
from tanzhang.workbench.conformance.caller import Answer, Caller, written
from tanzhang.workbench.conformance.golden import Golden
from tanzhang.workbench.conformance.session import Case, Session

PING: Final = "/v1/ping"
BATCH: Final = "/v1/events:batch"

#: One byte more than a body may have.
TOO_LONG: Final = (1 << 20) + 1
TOO_MANY: Final = 1001


def refusal_cases(run: Session, golden: Golden) -> Iterator[Case]:
    """Each request breaks one rule and must hear of it by its code."""
    yield Case("a sound request", "200", run.caller.call("GET", PING).code)
    for name, code, ask in REFUSALS:
        yield Case(name, code, ask(run.caller).code)
    many = [run.event(golden, 1)] * TOO_MANY
    yield Case("too many events", "BATCH_TOO_LARGE", run.post(*many).code)
    changed = written([run.event(golden, 1)])
    signed = {"body": changed.replace(b"conformance", b"Conformance")}
    told = run.caller.call("POST", BATCH, changed, signed=signed).code
    yield Case("a body that was changed after signing", "SIG_INVALID", told)


def answers_case(caller: Caller) -> Case:
    """Every answer, refusals included, was signed by a published key of the site."""
    total = len(caller.answers)
    signed = sum(answer.is_signed for answer in caller.answers)
    return Case("every answer is signed", f"{total} of {total}", f"{signed} of {total}")


def _too_long(caller: Caller) -> Answer:
    sent = {"Content-Length": str(TOO_LONG)}
    return caller.call("POST", BATCH, b"", sent=sent, send_body=False)


def _compressed(caller: Caller) -> Answer:
    body = gzip.compress(b"[]")
    return caller.call("POST", BATCH, body, sent={"Content-Encoding": "gzip"})


def _unsigned(caller: Caller) -> Answer:
    return caller.send("GET", PING, b"", {"Host": caller.host}, "-")


def _other_key(caller: Caller) -> Answer:
    stranger = Caller(caller.url, caller.partner, generate(caller.key.algorithm), caller.published)
    answer = stranger.call("GET", PING)
    caller.answers.append(answer)
    return answer


def _replayed(caller: Caller) -> Answer:
    nonce = secrets.token_hex(16)
    caller.call("GET", PING, signed={"nonce": nonce})
    return caller.call("GET", PING, signed={"nonce": nonce})


def _keyless(caller: Caller) -> Answer:
    return caller.call("POST", BATCH, b"[]", signed={"idempotency_key": ""})


REFUSALS: Final[tuple[tuple[str, str, Callable[[Caller], Answer]], ...]] = (
    ("an oversized body", "BODY_TOO_LARGE", _too_long),
    ("a compressed body", "MEDIA_TYPE_UNSUPPORTED", _compressed),
    (
        "another host",
        "HOST_UNKNOWN",
        lambda caller: caller.call(
            "GET", PING, signed={"host": "other.example"}, sent={"Host": "other.example"}
        ),
    ),
    (
        "signed for another host",
        "SIG_INVALID",
        lambda caller: caller.call("GET", PING, signed={"host": "live.example"}),
    ),
    ("no signature", "SIG_MISSING", _unsigned),
    (
        "a header in no known form",
        "SIG_MALFORMED",
        lambda caller: caller.call("GET", PING, sent={"Authorization": "PCA1-SM2-SM3 sig=x"}),
    ),
    ("a key that nobody knows", "KEY_UNKNOWN", _other_key),
    (
        "a clock that is late",
        "TIMESTAMP_OUT_OF_WINDOW",
        lambda caller: caller.call("GET", PING, signed={"ts": int(time.time()) - 400}),
    ),
    (
        "a clock that is fast",
        "TIMESTAMP_OUT_OF_WINDOW",
        lambda caller: caller.call("GET", PING, signed={"ts": int(time.time()) + 120}),
    ),
    (
        "a bad signature",
        "SIG_INVALID",
        lambda caller: caller.call("GET", PING, signed={"path": "/v1/pong"}),
    ),
    ("a replayed request", "NONCE_REPLAYED", _replayed),
    ("an address that is none", "NOT_FOUND", lambda caller: caller.call("GET", "/v1/nothing")),
    (
        "a method that is none",
        "METHOD_NOT_ALLOWED",
        lambda caller: caller.call("GET", BATCH),
    ),
    ("no Idempotency-Key", "IDEMPOTENCY_KEY_MISSING", _keyless),
    ("a body that is no JSON", "SCHEMA_INVALID", lambda caller: caller.call("POST", BATCH, b"[{")),
)
