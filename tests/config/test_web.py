"""Settings that browsers feel follow from how they reach the site."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tanzhang.config import web


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SECRET_KEY", "HOSTS", "ORIGINS", "BEHIND_PROXY", "SESSION_HOURS"):
        monkeypatch.delenv(f"TANZHANG_{name}", raising=False)


def test_on_this_machine_cookies_travel_without_https() -> None:
    settings = web.protection()
    assert not settings["SESSION_COOKIE_SECURE"]
    assert not settings["SECURE_SSL_REDIRECT"]
    assert settings["SECURE_HSTS_SECONDS"] == 0
    assert settings["SESSION_COOKIE_AGE"] == 7 * 86_400
    assert web.allowed_hosts() == ["localhost", "127.0.0.1", "[::1]"]


def test_behind_https_cookies_are_secure_and_https_is_promised(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TANZHANG_ORIGINS", "https://carbon.example")
    monkeypatch.setenv("TANZHANG_SESSION_HOURS", "12")
    settings = web.protection()
    assert settings["SESSION_COOKIE_SECURE"]
    assert settings["CSRF_COOKIE_SECURE"]
    assert settings["SECURE_HSTS_SECONDS"] == 365 * 86_400
    assert settings["SESSION_COOKIE_AGE"] == 12 * 3600
    # Nobody says that a proxy tells us about https, so nobody's header is believed.
    assert settings["SECURE_PROXY_SSL_HEADER"] is None
    assert not settings["SECURE_SSL_REDIRECT"]


def test_a_proxys_word_is_taken_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANZHANG_ORIGINS", "https://carbon.example")
    monkeypatch.setenv("TANZHANG_BEHIND_PROXY", "1")
    settings = web.protection()
    assert settings["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")
    assert settings["SECURE_SSL_REDIRECT"]


def test_the_secret_key_is_made_once_and_is_its_owners_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TANZHANG_HOME", str(tmp_path / "home"))
    first = web.secret_key()
    assert web.secret_key() == first
    assert len(first) > 50
    file = tmp_path / "home" / "secret-key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    monkeypatch.setenv("TANZHANG_SECRET_KEY", "given")
    assert web.secret_key() == "given"


def test_static_files_have_names_of_their_content_unless_somebody_draws(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "Manifest" not in web.storages()["staticfiles"]["BACKEND"]  # tests say plain
    monkeypatch.delenv("TANZHANG_STATIC")
    assert "Manifest" in web.storages()["staticfiles"]["BACKEND"]
