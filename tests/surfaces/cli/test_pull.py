"""“tanzhang pull” says what it fetched, in both languages, and why it could not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tanzhang.problems import Problem
from tanzhang.surfaces.cli import app

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

SOURCE = (
    'partner = "bikes"\nprogramme = "river"\nmap = "m.toml"\nurl = "https://127.0.0.1:1/a.csv"\n'
)


def agree() -> None:
    from tanzhang.apps.partners import api as partners

    partner_id = partners.partner("bikes").id
    partners.agree(partner_id, partners.Terms(partners.AgreementKind.PULL), by="the tests")


def test_without_an_agreement_the_command_refuses(tmp_path: Path) -> None:
    path = tmp_path / "bikes.toml"
    path.write_text(SOURCE, encoding="utf-8")
    with pytest.raises(Problem, match=r"partners\.agreement_missing"):
        CliRunner().invoke(app, ["pull", "run", str(path)], catch_exceptions=False)


def test_a_watch_says_what_it_cannot_reach_goes_on_and_ends_when_told(tmp_path: Path) -> None:
    agree()
    (tmp_path / "bikes.toml").write_text(SOURCE, encoding="utf-8")
    command = [sys.executable, "-m", "tanzhang", "pull", "watch", str(tmp_path), "--lang", "zh"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as watching:
        assert watching.stderr is not None
        said = watching.stderr.readline()
        assert "来源 bikes 未能提供所需内容" in said
        os.kill(watching.pid, signal.SIGTERM)
        assert watching.wait(timeout=30) == 0
