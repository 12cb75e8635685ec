"""Work under an Idempotency-Key is done once; a repetition gets the very bytes of the first answer.

A refusal of what was sent would come again, and is kept like an answer. What may go well the next
time, and whatever is about the caller (its key, its agreement, its quota), is given up, so that the
same key may try again at once.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from django.http import HttpResponse

from tanzhang.apps.partners.api import idempotency
from tanzhang.problems import Problem
from tanzhang.surfaces.partner_api import answers
from tanzhang.surfaces.partner_api.codes import CODES, Check, code_of
from tanzhang.surfaces.partner_api.gate.call import Call, Visit

#: From this status on an answer is a refusal.
REFUSED = 400


def once(call: Call, visit: Visit, work: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer of this work, or of the first that was done under the same key.

    Raises ``gate.idempotency_key_missing``, ``partners.idempotency_mismatch``,
    ``partners.idempotency_in_progress``, and what the work raises if it is not kept.
    """
    key = call.sent.idempotency_key
    if not key:
        raise Problem("gate.idempotency_key_missing")
    turn = idempotency.begin(call.caller.partner.id, key, call.digest)
    if isinstance(turn, idempotency.Answer):
        return _again(turn, visit)
    try:
        response = work()
    except Problem as problem:
        if not _is_kept(problem):
            idempotency.give_up(turn)
            raise
        response = answers.refusal(problem, visit)
    except BaseException:
        idempotency.give_up(turn)
        raise
    answer = idempotency.Answer(response.status_code, response["Content-Type"], response.content)
    kept = idempotency.finish(turn, answer)
    return response if kept == answer else _again(kept, visit)


def _is_kept(problem: Problem) -> bool:
    """Whether this refusal is about what was sent alone, so that it would always come again."""
    code = CODES[code_of(problem.code)]
    return code.check >= Check.SCHEMA and not code.retryable


def _again(answer: idempotency.Answer, visit: Visit) -> HttpResponse:
    """A kept answer; a refusal goes into the book of calls under its own code once more."""
    visit.code = json.loads(answer.body)["code"] if answer.status >= REFUSED else ""
    return HttpResponse(answer.body, content_type=answer.content_type, status=answer.status)
