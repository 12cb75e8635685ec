"""Every answer has an id, and the log says of a request what no person typed."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import resolve

from tanzhang.config.logs import request_id
from tanzhang.config.requests import RequestNotes, access, address_of


@pytest.fixture
def lines() -> Iterator[list[dict[str, Any]]]:
    """What the access log was told."""
    heard: list[dict[str, Any]] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(vars(record))

    ear = Ear()
    access.addHandler(ear)
    yield heard
    access.removeHandler(ear)


def answered(path: str, **headers: str) -> tuple[HttpResponse, list[str]]:
    """The answer to a request, and the ids that its view saw."""
    seen = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request_id.get())
        request.resolver_match = resolve("/console/login/")
        return HttpResponse(status=204)

    response = RequestNotes(view)(RequestFactory().get(path, headers=headers))
    assert isinstance(response, HttpResponse)
    return response, seen


def test_the_answer_and_the_logs_of_a_request_share_an_id(lines: list[dict[str, Any]]) -> None:
    response, seen = answered("/console/login/")
    assert seen == [response.headers["X-Request-ID"]]
    assert len(seen[0]) == 16
    assert request_id.get() == ""
    assert answered("/console/login/")[1] != seen


def test_a_line_names_method_route_status_and_time_and_no_visitor(
    lines: list[dict[str, Any]],
) -> None:
    answered("/console/login/?name=Zhang+San&phone=13800000000", referer="https://a.example/zhang")
    (line,) = lines
    assert (line["method"], line["route"], line["status"]) == ("GET", "/console/login/", 204)
    assert line["ms"] >= 0
    assert "Zhang" not in str(line)
    assert "13800000000" not in str(line)
    assert "127.0.0.1" not in str(line)


def test_a_strangers_id_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    response, _ = answered("/", **{"X-Request-ID": "trace-me-0001"})
    assert response.headers["X-Request-ID"] != "trace-me-0001"


def test_a_proxys_id_is_taken_if_it_looks_like_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANZHANG_BEHIND_PROXY", "1")
    response, _ = answered("/", **{"X-Request-ID": "trace-me-0001"})
    assert response.headers["X-Request-ID"] == "trace-me-0001"
    response, _ = answered("/", **{"X-Request-ID": '"},{"level":"error'})
    assert len(response.headers["X-Request-ID"]) == 16


PROXIED = ("HTTP_X_FORWARDED_PROTO", "https")


@pytest.mark.parametrize(
    ("proxy", "forwarded", "address"),
    [
        (None, "203.0.113.9", "192.0.2.1"),
        (PROXIED, "203.0.113.9", "203.0.113.9"),
        (PROXIED, "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        (PROXIED, "", "192.0.2.1"),
    ],
)
def test_only_a_proxy_of_ours_is_believed(
    monkeypatch: pytest.MonkeyPatch, proxy: object, forwarded: str, address: str
) -> None:
    monkeypatch.setattr(settings, "SECURE_PROXY_SSL_HEADER", proxy)
    request = RequestFactory().get(
        "/", REMOTE_ADDR="192.0.2.1", headers={"X-Forwarded-For": forwarded}
    )
    assert address_of(request) == address
