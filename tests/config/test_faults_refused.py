"""Where people may be real, no process starts that is told to die at a named place."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from clean_database import Database
from crash.processes import WORKER, ended, started
from tanzhang.config import opening
from tanzhang.config.kind import refuse_faults
from tanzhang.problems import Problem

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

FAULT = {"TANZHANG_FAULT": "settle.after_commit"}

#: A part of each kind: what settles, what carries, what does chores, what answers pages, a command.
PROCESSES = {
    "worker": WORKER,
    "scheduler": (sys.executable, "-m", "tanzhang", "scheduler"),
    "courier": (sys.executable, "-m", "tanzhang", "courier"),
    "web": (sys.executable, "-c", "import tanzhang.config.wsgi"),
    "command": (sys.executable, "-m", "tanzhang", "account", "list"),
}


@pytest.mark.parametrize("name", PROCESSES)
def test_where_people_may_be_real_no_process_starts_with_a_fault_named(
    database: Database, name: str
) -> None:
    database.turn("live")
    code, said = ended(started(PROCESSES[name], FAULT))
    assert code == 1, said
    assert "configuration.fault_live" in said


@pytest.mark.parametrize(("language", "words"), [("en", "does not start"), ("zh", "拒绝启动")])
def test_it_says_why_in_both_languages(database: Database, language: str, words: str) -> None:
    database.turn("live")
    command = [sys.executable, "-m", "tanzhang", "worker", "--until-empty", "--lang", language]
    done = subprocess.run(command, env=os.environ | FAULT, capture_output=True, text=True)
    assert done.returncode != 0
    assert words in done.stderr
    assert "settle.after_commit" in done.stderr


@pytest.mark.parametrize("kind", ["demonstration", "sandbox"])
def test_where_nobody_is_real_a_fault_may_be_named(
    database: Database, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.turn(kind)
    monkeypatch.setenv("TANZHANG_FAULT", "settle.after_commit")
    assert opening.open_installation() == 0


def test_each_piece_of_work_asks_again(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    database.turn("live")
    assert opening.open_installation() == 0
    monkeypatch.setenv("TANZHANG_FAULT", "settle.after_commit")
    for attempt in (opening.open_installation, refuse_faults):
        with pytest.raises(Problem, match=r"configuration\.fault_live"):
            attempt()
