"""Two kinds of sessions: a citizen's, and under ``/console/`` a short one of the staff.

Staff see everybody's account, so that what was left open must not stay so: their session ends after
half an hour without a page, and after a working day whatever happens. Its cookie is another one and
travels to the console alone; logging in here logs nobody in or out there.
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

IDLE: Final = timedelta(minutes=30)
LIFE: Final = timedelta(hours=8)

#: When a member of staff logged in, in seconds since 1970.
_SINCE: Final = "since"


class Sessions(SessionMiddleware):
    """Django's own, which knows one cookie; for the console the staff's stands in its place."""

    def process_request(self, request: HttpRequest) -> None:
        console = request.path_info.startswith(CONSOLE)
        if console:
            theirs = request.COOKIES.pop(staff_cookie(), None)
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
            if theirs is not None:
                request.COOKIES[settings.SESSION_COOKIE_NAME] = theirs
        super().process_request(request)
        if console and _is_over(request.session):
            request.session.flush()

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        console = request.path_info.startswith(CONSOLE)
        if console and SESSION_KEY in request.session:
            request.session.setdefault(_SINCE, time.time())
            request.session.set_expiry(int(IDLE.total_seconds()))
        answer = super().process_response(request, response)
        if console and settings.SESSION_COOKIE_NAME in answer.cookies:
            made = answer.cookies.pop(settings.SESSION_COOKIE_NAME)
            answer.cookies[staff_cookie()] = made.value
            answer.cookies[staff_cookie()].update({**made, "path": CONSOLE})
        return answer


def staff_cookie() -> str:
    """The name of the staff's cookie; a sandbox on the same host has its own."""
    return f"staff_{settings.SESSION_COOKIE_NAME}"


def _is_over(session: SessionBase) -> bool:
    return time.time() - float(session.get(_SINCE, time.time())) > LIFE.total_seconds()
