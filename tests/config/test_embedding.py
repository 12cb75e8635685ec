"""Citizens' pages are framed by whom the operator names, and by nobody else; other pages never."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from tanzhang.config.embedding import embed_origins
from tanzhang.problems import Problem

pytestmark = pytest.mark.database

APP = "https://app.bank.example"


def headers(path: str) -> tuple[str, str | None]:
    """Who may frame a page, and the older header that says so."""
    answer = Client().get(path)
    policy = dict(
        part.strip().partition(" ")[::2]
        for part in answer.headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'self'"
    return policy["frame-ancestors"], answer.headers.get("X-Frame-Options")


@pytest.mark.parametrize("path", ["/", "/log-in/", "/enter/", "/console/", "/developers/"])
def test_nobody_frames_anything_unless_it_was_set_up(path: str) -> None:
    assert headers(path) == ("'none'", "DENY")


def test_named_origins_frame_citizens_pages_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "EMBED_ORIGINS", [APP])
    for path in ("/", "/log-in/", "/enter/", "/enter/oidc/nobody/"):
        assert headers(path) == (f"'self' {APP}", None)
    for path in ("/console/", "/console/login/", "/host/", "/developers/", "/nowhere/"):
        assert headers(path) == ("'none'", "DENY")


def test_origins_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANZHANG_EMBED_ORIGINS", f"{APP}, http://localhost:8080")
    assert embed_origins() == [APP, "http://localhost:8080"]
    monkeypatch.setenv("TANZHANG_EMBED_ORIGINS", "")
    assert embed_origins() == []


@pytest.mark.parametrize(
    "wrong", ["*", "https://*.bank.example", f"{APP}/", "app.bank.example", "https://a;b", "data:"]
)
def test_what_is_no_origin_is_refused(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv("TANZHANG_EMBED_ORIGINS", wrong)
    with pytest.raises(Problem) as problem:
        embed_origins()
    assert problem.value.code == "configuration.origin_invalid"


def test_cookies_are_not_sent_along_from_elsewhere() -> None:
    assert settings.SESSION_COOKIE_SAMESITE == "Lax"
    assert settings.CSRF_COOKIE_SAMESITE == "Lax"
