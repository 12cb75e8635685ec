"""``tanzhang doctor`` as a person reads it and a script uses it."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner, Result

from tanzhang.surfaces.cli import app

pytestmark = pytest.mark.database


def doctor(*words: str) -> Result:
    return CliRunner().invoke(app, ["doctor", *words], catch_exceptions=False)


def test_a_failure_is_exit_code_1_and_names_what_to_do() -> None:
    said = doctor("--json", "--lang", "zh")
    answer = json.loads(said.stdout)
    assert said.exit_code == 1
    assert not answer["ok"]
    (empty,) = [check for check in answer["checks"] if check["code"] == "catalogue.empty"]
    assert empty["weight"] == "fail"
    assert "tanzhang demo --size none" in empty["remedy"]
    assert "方法学" in empty["sentence"]


@pytest.mark.usefixtures("river")
def test_warnings_leave_the_exit_code_0() -> None:
    said = doctor("--lang", "en")
    assert said.exit_code == 0, said.stdout
    assert "✓ The database has the shape of this version.  [migrations.ok]" in said.stdout
    assert "! No worker is connected; nothing waits for one.  [workers.none]" in said.stdout
    assert "\n  Run “tanzhang worker” for as long as partners report.\n" in said.stdout
