"""The peer of signed intake: a door that believes whoever knocks, in the very same web process.

``POST /unsigned/events:batch`` names its partner in a header. What is left out is what a signature
and sealed fields cost: checking the request, burning its nonce, opening fields, signing the answer.
What a plain door needs as well is done as ever: partner, agreement, quotas, idempotency, the batch
with its receipt, and the line in the book of calls. Django's own handling of a request is left out
too, so the peer is a little faster than it would be for real.

It exists in the scratch installation of a benchmark alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

from tanzhang.config import serving
from tanzhang.crypto import sm3

PATH = "/unsigned/events:batch"

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def loaded(target: str) -> App:
    """The site with the plain door beside it, as a web process loads it."""
    site: App = serving.load_site(target)

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] != PATH:
            return site(environ, start)
        body = _answer(environ)
        start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    return application


def _answer(environ: dict[str, Any]) -> bytes:
    """The receipt of the batch, which may be a repetition's."""
    from tanzhang.apps.activities.api import take_batch
    from tanzhang.apps.partners import api as partners

    started_s = time.perf_counter()
    code, key = environ["HTTP_X_PARTNER"], environ["HTTP_IDEMPOTENCY_KEY"]
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    partner = partners.partner(code)
    agreement = partners.agreement(partner.id, partners.AgreementKind.REPORT)
    partners.allow(partner.id, "events:batch", agreement.calls_a_minute)
    turn = partners.idempotency.begin(partner.id, key, sm3(body))
    if isinstance(turn, partners.idempotency.Answer):
        return turn.body
    receipt = take_batch(
        body,
        environ["CONTENT_TYPE"],
        partner=partner,
        agreement=agreement,
        received_us=time.time_ns() // 1000,
        idempotency_key=key,
    )
    answer = partners.idempotency.Answer(200, "application/json", receipt.body)
    kept = partners.idempotency.finish(turn, answer)
    call = partners.Call(
        request_id=key[:16],
        key_id="",
        endpoint="events:batch",
        method="POST",
        code=partners.SERVED,
        status=200,
        counts=partners.Counts(**receipt.counts),
        duration_ms=round((time.perf_counter() - started_s) * 1000),
    )
    partners.note_call(partner.id, call)
    return kept.body


def main() -> None:
    """Serve both doors where ``TANZHANG_LISTEN`` says."""
    serving.serve(loaded)
