"""Everything under ``/v1/`` is answered here and reaches no other middleware of the site.

Sessions, cookies, languages and forms belong to people with browsers. A partner's program gets an
answer with a request id and a signature whatever happens, and never a page of HTML.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

import psycopg
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404, ResolverMatch, resolve

from tanzhang.apps.partners import api as partners
from tanzhang.config.logs import request_id
from tanzhang.config.opening import open_installation
from tanzhang.problems import Problem
from tanzhang.surfaces.partner_api import answers
from tanzhang.surfaces.partner_api.codes import code_of
from tanzhang.surfaces.partner_api.endpoints import RULES
from tanzhang.surfaces.partner_api.gate import order, switches
from tanzhang.surfaces.partner_api.gate.call import Call, Visit, attach
from tanzhang.surfaces.partner_api.gate.once import once
from tanzhang.surfaces.partner_api.rules import Rule

PREFIX = "/v1/"

log = logging.getLogger("tanzhang.partner_api")


class Gate:
    """Middleware: before all that is made for browsers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIX):
            return self._get_response(request)
        visit = Visit.of(request)
        response = answers.finish(request, _answer(request, visit), visit)
        _note(request, response, visit)
        return switches.after(request, response, visit)


def _answer(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The answer, unsigned; a refusal where something is refused or fails."""
    try:
        return _served(request, visit)
    except Problem as problem:
        if code_of(problem.code) == "INTERNAL_ERROR":
            log.exception("A problem that nobody foresaw here.")
        return answers.refusal(problem, visit)
    except (DatabaseError, InterfaceError, psycopg.Error):
        log.exception("The database could not be asked.")
        connection.close()
        return answers.refusal(Problem("gate.temporarily_unavailable"), visit)
    except Exception:
        log.exception("A failure that nobody foresaw.")
        return answers.refusal(Problem("gate.internal_error"), visit)


def _served(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What the documented checks let through, done. Raises ``Problem`` at the first that fails."""
    open_installation()
    sent = order.let_in(request)
    match = _match(request)
    methods = RULES.get(match.route, {}) if match else {}
    rule = methods.get(sent.method)
    visit.endpoint = rule.name if rule else ""
    if rule and rule.media_types and sent.media_type not in rule.media_types:
        known = list(rule.media_types)
        raise Problem("gate.media_type_unsupported", header="Content-Type", known=known)
    is_public = bool(methods) and all(each.is_public for each in methods.values())
    if is_public:
        order.count_stranger(request)
        call = None
    else:
        call = order.authenticate(request, sent, visit)
    if match is None or not methods:
        raise Problem("gate.not_found")
    if rule is None:
        raise Problem("gate.method_not_allowed", allowed=sorted(methods))
    if call is None:
        return _run(request, match)
    return _done(request, match, call, rule, visit)


def _done(
    request: HttpRequest, match: ResolverMatch, call: Call, rule: Rule, visit: Visit
) -> HttpResponse:
    """The request of an authenticated partner."""
    call = order.admit(call, rule, visit)
    attach(request, call, visit)
    switches.before(request, call)
    work = switches.as_often_as_asked(request, lambda: _run(request, match))
    return once(call, visit, work) if rule.is_done_once else work()


def _match(request: HttpRequest) -> ResolverMatch | None:
    try:
        request.resolver_match = resolve(request.path_info)
    except Resolver404:
        return None
    return request.resolver_match


def _run(request: HttpRequest, match: ResolverMatch) -> HttpResponse:
    response = match.func(request, *match.args, **match.kwargs)
    assert isinstance(response, HttpResponse)
    return response


def _note(request: HttpRequest, response: HttpResponse, visit: Visit) -> None:
    """Writes the call into the partner's book; an answer is given even if that fails."""
    if visit.caller is None or not order.may_note(request, visit):
        return
    try:
        partners.note_call(
            visit.caller.partner.id,
            partners.Call(
                request_id=request_id.get(),
                key_id=visit.caller.key_id,
                endpoint=visit.endpoint,
                method=str(request.method),
                code=visit.code or partners.SERVED,
                status=response.status_code,
                counts=visit.counts,
                duration_ms=visit.duration_ms,
            ),
        )
    except (DatabaseError, InterfaceError, psycopg.Error):
        log.exception("A call could not be written down.")
        connection.close()
