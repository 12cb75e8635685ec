"""“Make it fail”: a partner's developer asks for trouble, to see that his client survives it.

``Tanzhang-Sandbox`` with one of the switches, on a signed request, in an installation where nobody
is real; anywhere else the header means nothing.

===================  ===========================================================================
``delay=2000``       the answer comes that many milliseconds later, at most 20,000
``status=503``       nothing is done and the answer is that status: 429, 500 or 503
``duplicate``        the request is done twice, as if it had been delivered twice
``reorder``          the request is done after the partner's next one, or after five seconds
``bad-signature``    the answer's signature is wrong
``drop-reply``       the request is done and the connection breaks before the answer
===================  ===========================================================================
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from tanzhang.apps.people import api as people
from tanzhang.problems import Problem
from tanzhang.surfaces.partner_api import answers
from tanzhang.surfaces.partner_api.gate.call import Call, Visit

HEADER = "Tanzhang-Sandbox"
LONGEST_DELAY_MS = 20_000
REORDER_S = 5

_FORM = re.compile(r"delay=([0-9]{1,5})|status=(429|500|503)|[a-z-]{1,20}", re.ASCII)
_PLAIN = {"duplicate", "reorder", "bad-signature", "drop-reply"}
_SWITCH = "tanzhang.sandbox_switch"

_REFUSALS = {
    "500": "gate.internal_error",
    "503": "gate.temporarily_unavailable",
}

#: Calls of each partner that this process has served; whoever is reordered waits for one more.
_served: dict[int, int] = {}
_changed = threading.Condition()


def before(request: HttpRequest, call: Call) -> None:
    """What a switch does before the work. Raises the refusal that ``status`` asks for."""
    given = request.headers.get(HEADER, "")
    if not given or not people.installation().is_fictitious:
        return
    found = _FORM.fullmatch(given)
    if not found or not (found[1] or found[2] or given in _PLAIN):
        raise Problem("gate.header_invalid", header=HEADER)
    request.META[_SWITCH] = given
    if found[1]:
        time.sleep(min(int(found[1]), LONGEST_DELAY_MS) / 1000)
    elif found[2] == "429":
        raise Problem("partners.rate_limited", limit=0, reset_s=1)
    elif found[2]:
        raise Problem(_REFUSALS[found[2]])
    elif given == "reorder":
        _wait_for_the_next(call.caller.partner.id)


def as_often_as_asked(
    request: HttpRequest, work: Callable[[], HttpResponse]
) -> Callable[[], HttpResponse]:
    """The work, or the same work twice."""
    if request.META.get(_SWITCH) != "duplicate":
        return work

    def twice() -> HttpResponse:
        work()
        return work()

    return twice


def after(request: HttpRequest, response: HttpResponse, visit: Visit) -> HttpResponseBase:
    """What a switch does to the finished answer."""
    switch = request.META.get(_SWITCH)
    if visit.caller and switch != "reorder":
        with _changed:
            _served[visit.caller.partner.id] = _served.get(visit.caller.partner.id, 0) + 1
            _changed.notify_all()
    if switch == "bad-signature":
        answers.sign(response, visit, wrongly=True)
    if switch == "drop-reply":
        headers = {"Content-Length": str(len(response.content) + 1)}
        return StreamingHttpResponse(_cut(), status=response.status_code, headers=headers)
    return response


def _wait_for_the_next(partner_id: int) -> None:
    with _changed:
        before = _served.get(partner_id, 0)
        _changed.wait_for(lambda: _served.get(partner_id, 0) > before, REORDER_S)


def _cut() -> Iterator[bytes]:
    """An answer that breaks off before its first byte."""
    yield from ()
    raise ConnectionAbortedError("the switch “drop-reply” cuts the connection")
