"""A backup is brought back, partners send the lost days again, and the books are the same."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tanzhang.config.backups import ABOUT, DUMP, read_backup
from tanzhang.crypto import sm3
from tanzhang.problems import Problem


@dataclass(frozen=True)
class House:
    """An installation of its own in a home directory."""

    home: Path

    def told(self, *words: str) -> dict[str, Any]:
        unset = {name: value for name, value in os.environ.items() if "DATABASE_" not in name}
        done = subprocess.run(
            [sys.executable, "-m", "tanzhang", *words, "--json"],
            env=unset | {"TANZHANG_HOME": str(self.home), "LANG": "en"},
            capture_output=True,
            text=True,
            check=False,
        )
        found: dict[str, Any] = json.loads(done.stdout or "{}")
        assert done.returncode == 0 or "code" in found, done.stderr
        return found

    def live(self, days: int) -> dict[str, Any]:
        city = ("--citizens", "12", "--start", "2026-03-02", "--seed", "5")
        return self.told("simulate", *city, "--days", str(days), "--programme", "citic")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a short path, because servers' sockets lie in it."""
    with tempfile.TemporaryDirectory(prefix="tzb-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.mark.database
def test_after_a_restore_the_lost_tail_sent_again_gives_the_same_books(folder: Path) -> None:
    house, other = House(folder / "home"), House(folder / "other")
    try:
        house.told("demo", "--size", "none")
        house.live(1)
        made = house.told("backup", str(folder / "monday"))
        assert made["erasures"] == 0
        house.live(2)
        books = house.told("ledger", "verify", "--digest")["digest"]

        assert other.told("restore", str(folder / "monday"))["erased"] == 0
        assert other.told("ledger", "verify", "--digest")["digest"] != books
        refused = other.live(2)  # without the keys nobody who is reported is known again
        assert refused["code"] == "personal.master_key_lost"
        shutil.copytree(house.home / "keys", other.home / "keys", dirs_exist_ok=True)
        other.live(2)
        assert other.told("ledger", "verify", "--digest")["digest"] == books
        assert other.told("ledger", "verify")["ok"]
        again = house.told("backup", str(folder / "monday"))
        assert again["code"] == "backup.folder_not_empty"
    finally:
        house.told("stop"), other.told("stop")


def about(folder: Path, **changes: Any) -> None:
    said = {
        "format": "tanzhang-backup/1",
        "installation": "00112233aabbccdd",
        "made_at": "2026-03-02T00:00:00+00:00",
        "sm3": sm3(b"dump").hex(),
        "erasures": 2,
    }
    folder.mkdir(exist_ok=True)
    (folder / DUMP).write_bytes(b"dump")
    (folder / ABOUT).write_text(json.dumps(said | changes))


def test_a_backup_says_whose_it_is(tmp_path: Path) -> None:
    about(tmp_path)
    found = read_backup(tmp_path)
    assert (found.installation, found.erasures) == ("00112233aabbccdd", 2)
    assert found.kind == "live", "an older backup does not say it, so people in it may be real"
    about(tmp_path, kind="sandbox")
    assert read_backup(tmp_path).kind == "sandbox"


@pytest.mark.parametrize("changes", [{"sm3": "00"}, {"format": "other"}, {"made_at": "soon"}])
def test_an_altered_backup_is_refused(changes: dict[str, str], tmp_path: Path) -> None:
    about(tmp_path, **changes)
    with pytest.raises(Problem, match="unreadable"):
        read_backup(tmp_path)


def test_a_folder_without_a_backup_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="unreadable"):
        read_backup(tmp_path)
