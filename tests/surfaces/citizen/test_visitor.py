"""A session belongs to whoever logged in last, and to nothing that came before her."""

from __future__ import annotations

from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.test import RequestFactory

from tanzhang.surfaces.citizen.visitor import log_in


def test_logging_in_leaves_nothing_of_an_earlier_visitor_in_the_session() -> None:
    request = RequestFactory().get("/")
    request.session = SessionStore()
    request.session["guest"] = {"programme": "river"}
    request.session["asked_code"] = 3
    request.session["host_customer"] = "sample-1"
    log_in(request, 7)
    assert dict(request.session.items()) == {"account": 7, "host_customer": "sample-1"}
