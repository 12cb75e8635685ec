"""Kinds of sessions: a citizen's; and short ones of the staff, and of partners' people.

Staff see everybody's account and partners' people hold keys, so that what was left open must not
stay so: their session ends after half an hour without a page, and after a working day whatever
happens. Its cookie is another one and travels under its own address alone (``/console/``,
``/portal/``); logging in here logs nobody in or out there.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse

CONSOLE: Final = "/console/"
PORTAL: Final = "/portal/"

IDLE: Final = timedelta(minutes=30)
LIFE: Final = timedelta(hours=8)

#: When somebody logged in there, in seconds since 1970.
_SINCE: Final = "since"


class Sessions(SessionMiddleware):
    """Django's own, which knows one cookie; under some addresses another stands in its place."""

    def process_request(self, request: HttpRequest) -> None:
        place = _place(request)
        if place is not None:
            theirs = request.COOKIES.pop(_cookie(place), None)
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
            if theirs is not None:
                request.COOKIES[settings.SESSION_COOKIE_NAME] = theirs
        super().process_request(request)
        if place is not None and _is_over(request.session):
            request.session.flush()

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        place = _place(request)
        if place is not None and SESSION_KEY in request.session:
            request.session.setdefault(_SINCE, time.time())
            request.session.set_expiry(int(IDLE.total_seconds()))
        answer = super().process_response(request, response)
        if place is not None and settings.SESSION_COOKIE_NAME in answer.cookies:
            made = answer.cookies.pop(settings.SESSION_COOKIE_NAME)
            answer.cookies[_cookie(place)] = made.value
            answer.cookies[_cookie(place)].update({**made, "path": place})
        return answer


def staff_cookie() -> str:
    """The name of the staff's cookie; a sandbox on the same host has its own."""
    return _cookie(CONSOLE)


def member_cookie() -> str:
    """The name of the cookie of partners' people."""
    return _cookie(PORTAL)


def _place(request: HttpRequest) -> str | None:
    """The address under which sessions are short and apart, if it is one."""
    return next((place for place in _NAMES if request.path_info.startswith(place)), None)


def _cookie(place: str) -> str:
    return f"{_NAMES[place]}_{settings.SESSION_COOKIE_NAME}"


_NAMES: Final = {CONSOLE: "staff", PORTAL: "partner"}


def _is_over(session: SessionBase) -> bool:
    return time.time() - float(session.get(_SINCE, time.time())) > LIFE.total_seconds()
