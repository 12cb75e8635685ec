"""Work under an Idempotency-Key is done once; a repetition gets the very bytes of the first answer.

A refusal that would come again is kept like an answer. What may go well the next time is given up,
so that the same key may try again at once.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse

from tanzhang.apps.partners.api import idempotency
from tanzhang.problems import Problem
from tanzhang.surfaces.partner_api import answers
from tanzhang.surfaces.partner_api.codes import CODES, code_of
from tanzhang.surfaces.partner_api.gate.call import Call, Visit


def once(call: Call, visit: Visit, work: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer of this work, or of the first that was done under the same key.

    Raises ``gate.idempotency_key_missing``, ``partners.idempotency_mismatch``,
    ``partners.idempotency_in_progress``, and what the work raises if it may be tried again.
    """
    partner_id, key = call.caller.partner.id, call.sent.idempotency_key
    if not key:
        raise Problem("gate.idempotency_key_missing")
    known = idempotency.begin(partner_id, key, call.digest)
    if known is not None:
        return _response(known)
    try:
        response = work()
    except Problem as problem:
        if CODES[code_of(problem.code)].retryable:
            idempotency.give_up(partner_id, key)
            raise
        response = answers.refusal(problem, visit)
    except BaseException:
        idempotency.give_up(partner_id, key)
        raise
    first = idempotency.finish(
        partner_id,
        key,
        idempotency.Answer(response.status_code, response["Content-Type"], response.content),
    )
    return response if first.body == response.content else _response(first)


def _response(answer: idempotency.Answer) -> HttpResponse:
    return HttpResponse(answer.body, content_type=answer.content_type, status=answer.status)
