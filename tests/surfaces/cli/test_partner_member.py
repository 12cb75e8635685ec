"""Log-ins of partners' people: given, renewed, listed and taken back in the terminal."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.test import RequestFactory
from typer.testing import CliRunner

from tanzhang.surfaces.cli.partner import app

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]


def run(*words: str) -> Any:
    result = CliRunner().invoke(app, ["member", *words, "--json"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def opens(name: str, password: str) -> bool:
    return authenticate(RequestFactory().post("/"), username=name, password=password) is not None


def test_a_log_in_is_given_renewed_listed_and_taken_back() -> None:
    first = run("add", "bikes", "wang", "--manager", "--by", "li")["one_time_password"]
    run("add", "bikes", "zhao")
    assert opens("wang", first)
    second = run("renew", "bikes", "wang")["one_time_password"]
    assert (opens("wang", first), opens("wang", second)) == (False, True)
    assert run("close", "bikes", "wang") == {"partner": "bikes", "name": "wang"}
    assert not opens("wang", second)
    assert run("list", "bikes")["members"] == [
        {"name": "wang", "role": "manager", "open": False},
        {"name": "zhao", "role": "viewer", "open": True},
    ]
    assert not User.objects.filter(is_staff=True).exists()


def test_people_read_the_password_once_and_a_list() -> None:
    runner = CliRunner()
    said = runner.invoke(app, ["member", "add", "bikes", "wang"]).output
    assert "One-time password, shown this once: " in said
    assert "wang" in runner.invoke(app, ["member", "list", "bikes"]).output
    assert "bank has no log-in." in runner.invoke(app, ["member", "list", "bank"]).output
