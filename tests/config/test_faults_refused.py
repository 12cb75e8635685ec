"""Where people may be real, nothing begins that is told to die at a named place."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from clean_database import Database
from crash.processes import WORKER, ended, started
from tanzhang.config import health, opening, postgres
from tanzhang.config.backups import ABOUT, DUMP, restore_backup
from tanzhang.config.kind import refuse_faults
from tanzhang.config.migrate import migrate
from tanzhang.crypto import sm3
from tanzhang.problems import Problem

pytestmark = pytest.mark.database

#: Its people have accounts.
inhabited = pytest.mark.usefixtures("river")

FAULT = {"TANZHANG_FAULT": "settle.after_commit"}

#: A part of each kind: what settles, what carries, what does chores, what answers pages, a command.
PROCESSES = {
    "worker": WORKER,
    "scheduler": (sys.executable, "-m", "tanzhang", "scheduler"),
    "courier": (sys.executable, "-m", "tanzhang", "courier"),
    "web": (sys.executable, "-c", "import tanzhang.config.wsgi"),
    "command": (sys.executable, "-m", "tanzhang", "account", "list"),
}


@inhabited
@pytest.mark.parametrize("name", PROCESSES)
def test_where_people_may_be_real_no_process_starts_with_a_fault_named(
    database: Database, name: str
) -> None:
    database.turn("live")
    code, said = ended(started(PROCESSES[name], FAULT))
    assert code == 1, said
    assert "configuration.fault_live" in said


@inhabited
@pytest.mark.parametrize(("language", "words"), [("en", "does not start"), ("zh", "拒绝启动")])
def test_it_says_why_in_both_languages(database: Database, language: str, words: str) -> None:
    database.turn("live")
    command = [sys.executable, "-m", "tanzhang", "worker", "--until-empty", "--lang", language]
    done = subprocess.run(command, env=os.environ | FAULT, capture_output=True, text=True)
    assert done.returncode != 0
    assert words in done.stderr
    assert "settle.after_commit" in done.stderr


@inhabited
@pytest.mark.parametrize("kind", ["demonstration", "sandbox"])
def test_where_nobody_is_real_a_fault_may_be_named(
    database: Database, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.turn(kind)
    monkeypatch.setenv("TANZHANG_FAULT", "settle.after_commit")
    assert opening.open_installation() == 0


@inhabited
def test_each_piece_of_work_asks_again(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    database.turn("live")
    assert opening.open_installation() == 0
    monkeypatch.setenv("TANZHANG_FAULT", "settle.after_commit")
    for attempt in (opening.open_installation, refuse_faults):
        with pytest.raises(Problem, match=r"configuration\.fault_live"):
            attempt()


def test_where_nobody_has_an_account_yet_nobody_is_hurt(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.turn("live")
    monkeypatch.setenv("TANZHANG_FAULT", "settle.after_commit")
    assert opening.open_installation() == 0


@inhabited
def test_migrating_asks_before_anything_is_applied(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.turn("live")
    monkeypatch.setenv("TANZHANG_FAULT", "settle.after_commit")
    with database.connect("owner", autocommit=True) as owner:
        latest = owner.execute("select max(id) from django_migrations").fetchone()
        owner.execute("update django_migrations set name = name || '-' where id = %s", latest)
        try:
            pending = health.pending_migrations()
            with pytest.raises(Problem, match=r"configuration\.fault_live"):
                migrate()
            assert len(pending) == 1
            assert health.pending_migrations() == pending
        finally:
            undone = "update django_migrations set name = rtrim(name, '-') where id = %s"
            owner.execute(undone, latest)


@pytest.mark.parametrize("said", [{"kind": "live"}, {}])
def test_a_backup_of_real_people_is_not_brought_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: dict[str, str]
) -> None:
    backup = {
        "format": "tanzhang-backup/1",
        "installation": "00112233aabbccdd",
        "made_at": "2026-03-02T00:00:00+00:00",
        "sm3": sm3(b"dump").hex(),
        "erasures": 0,
    }
    (tmp_path / DUMP).write_bytes(b"dump")
    (tmp_path / ABOUT).write_text(json.dumps(backup | said))
    monkeypatch.setenv("TANZHANG_FAULT", "settle.after_commit")
    with pytest.raises(Problem, match=r"configuration\.fault_live"):
        restore_backup(tmp_path)
    (tmp_path / ABOUT).write_text(json.dumps(backup | {"kind": "sandbox"}))
    with pytest.raises(Problem, match=r"backup\.database_not_empty"):
        restore_backup(tmp_path)


@pytest.fixture
def new_home() -> Iterator[Path]:
    """Where nothing is yet; a short path, because a socket lies in it."""
    folder = Path(tempfile.mkdtemp(prefix="tzf-", dir="/tmp"))
    yield folder
    for home in (folder, folder / "sandbox"):
        postgres.stop(home)
    shutil.rmtree(folder)


def test_a_sandbox_begins_with_a_fault_named(new_home: Path) -> None:
    unset = {name: "" for name in os.environ if name.startswith("DATABASE_")}
    environment = os.environ | unset | FAULT | {"TANZHANG_HOME": str(new_home)}
    command = [sys.executable, "-m", "tanzhang", "--sandbox", "migrate"]
    for _ in range(2):
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
