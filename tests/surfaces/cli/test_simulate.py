"""``tanzhang simulate`` as a script sees it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from tanzhang.problems import Problem
from tanzhang.surfaces.cli import app

CITY = ["simulate", "--citizens", "60", "--days", "2", "--start", "2026-03-02", "--seed", "7"]


def answer(*more: str) -> dict[str, object]:
    """What the command answers with ``--json``."""
    result = CliRunner().invoke(app, [*CITY, "--json", *more], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    told: dict[str, object] = json.loads(result.stdout)
    return told


def refusal(*words: str) -> str:
    """The code of the problem that the command raises."""
    with pytest.raises(Problem) as raised:
        CliRunner().invoke(app, ["simulate", *words], catch_exceptions=False)
    return raised.value.code


def digests(folder: Path) -> dict[str, str]:
    """Each file's name and SHA-256."""
    return {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in sorted(folder.iterdir())}


def test_without_a_destination_the_reports_are_counted() -> None:
    told = answer()
    assert told["citizens"] == 60
    scenes = told["scenes"]
    assert isinstance(scenes, dict)
    assert sum(scenes.values()) == told["rows"]


def test_the_same_seed_writes_the_same_files_and_another_seed_does_not(tmp_path: Path) -> None:
    told = answer("--out", str(tmp_path / "one"))
    answer("--out", str(tmp_path / "two"))
    answer("--out", str(tmp_path / "other"), "--seed", "8")
    one = digests(tmp_path / "one")
    assert len(one) == told["batches"]
    assert one == digests(tmp_path / "two")
    assert one != digests(tmp_path / "other")


def test_the_files_hold_every_report_in_order_of_arrival(tmp_path: Path) -> None:
    told = answer("--out", str(tmp_path))
    files = sorted(tmp_path.iterdir())
    assert files[0].name.startswith("202603")
    assert sum(len(pl.read_parquet(file)) for file in files) == told["rows"]


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").touch()
    assert refusal(*CITY[1:], "--out", str(tmp_path)) == "simulate.folder_not_empty"
    assert [file.name for file in tmp_path.iterdir()] == ["mine"]


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine").touch()
    assert refusal(*CITY[1:], "--out", str(tmp_path / "mine")) == "simulate.folder_unwritable"


def test_what_is_no_date_is_refused() -> None:
    words = ["--citizens", "1", "--days", "1", "--start", "2026-02-30"]
    assert refusal(*words) == "simulate.start_invalid"


def test_two_destinations_are_refused(tmp_path: Path) -> None:
    words = [*CITY[1:], "--out", str(tmp_path), "--programme", "citic"]
    assert refusal(*words) == "simulate.two_targets"


def test_a_person_reads_the_counts_in_her_language() -> None:
    result = CliRunner().invoke(app, [*CITY, "--lang", "zh"], catch_exceptions=False)
    assert "虚构城市：60 名居民" in result.stdout
