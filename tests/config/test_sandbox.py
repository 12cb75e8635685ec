"""What is ours does not reach the sandbox; what is named for it does."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tanzhang.config import database, environment, sandbox, serving, web


@pytest.fixture(autouse=True)
def ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An installation with everything of its own; nothing is named for the sandbox."""
    monkeypatch.setenv("TANZHANG_HOME", str(tmp_path))
    monkeypatch.setenv("TANZHANG_SANDBOX", "")
    for name, its_own in sandbox.OWN.items():
        monkeypatch.setenv(name, "ours")
        monkeypatch.delenv(its_own, raising=False)
    return tmp_path


def test_the_sandbox_has_a_home_of_its_own_and_nothing_of_ours(ours: Path) -> None:
    sandbox.enter()
    assert environment.is_sandbox()
    assert database.home() == ours / "sandbox"
    assert database.is_embedded()
    assert [name for name in sandbox.OWN if os.environ[name]] == []
    assert serving.address().port == 8001


def test_what_is_named_for_the_sandbox_is_used_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANDBOX_DATABASE_URL", "postgresql://app@db.example/sandbox")
    monkeypatch.setenv("SANDBOX_LISTEN", "127.0.0.1:9001")
    sandbox.enter()
    assert not database.is_embedded()
    assert database.login("owner")["dbname"] == "sandbox"
    assert serving.address().port == 9001


def test_who_is_there_already_stays_there(ours: Path) -> None:
    sandbox.enter()
    sandbox.enter()
    assert database.home() == ours / "sandbox"


def test_its_cookies_have_names_of_their_own_because_a_port_keeps_none_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TANZHANG_ORIGINS", "")
    monkeypatch.setenv("TANZHANG_BEHIND_PROXY", "")
    names = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME")
    here = [web.protection()[name] for name in names]
    sandbox.enter()
    assert not {web.protection()[name] for name in names} & {*here}
