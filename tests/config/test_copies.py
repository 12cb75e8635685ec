"""Copies that wait go when their term is over, and nothing else goes with them."""

from __future__ import annotations

import logging
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from clean_database import Database
from tanzhang.apps.people import api as people
from tanzhang.config import copies

NOW = datetime.now(UTC).replace(microsecond=0)
OLD = NOW - timedelta(days=8)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TANZHANG_HOME", str(tmp_path))
    return tmp_path


def made(handle: str, at: datetime) -> Path:
    folder = copies.place_for(handle, at)
    folder.mkdir(parents=True)
    (folder / "export.json").touch()
    return folder


@pytest.mark.database
def test_a_copy_goes_when_its_term_is_over(database: Database, home: Path) -> None:
    young = made("ada", NOW)
    made("ada", OLD), made("bo", OLD)
    for dry_run, rows in ((True, 2), (False, 2), (False, 0)):
        kinds = {one.term.name: one.rows for one in people.retain(dry_run=dry_run)}
        assert kinds["copies"] == rows
    assert [*home.glob("exports/*/*")] == [young]
    assert [*home.glob("exports/*")] == [young.parent]


def test_a_copy_lies_under_its_account_and_instant(home: Path) -> None:
    at = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert copies.place_for("ada", at) == home / "exports" / "ada" / "20260102T030405Z"
    made("ada", at)
    assert [(copy.handle, copy.made_at) for copy in copies.waiting()] == [("ada", at)]


def test_no_link_is_followed_and_what_is_no_copy_stays(home: Path) -> None:
    elsewhere = home / "elsewhere"
    (elsewhere / OLD.strftime("%Y%m%dT%H%M%SZ")).mkdir(parents=True)
    (made("ada", OLD).parent / "notes").mkdir()
    (home / "exports" / "bo").symlink_to(elsewhere)
    (home / "exports" / "cy").mkdir()
    (home / "exports" / "cy" / "20200101T000000Z").symlink_to(elsewhere)
    assert copies.remove_old(None, NOW) == 1  # type: ignore[arg-type]
    assert (home / "exports" / "ada" / "notes").is_dir()
    assert [*elsewhere.iterdir()]


def test_one_that_cannot_be_removed_is_told_and_stops_no_other(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stays, goes = made("ada", OLD), made("bo", OLD)
    really = shutil.rmtree

    def refused(path: Path, *rest: Any) -> None:
        if path == stays:
            raise PermissionError(path)
        really(path, *rest)

    monkeypatch.setattr(shutil, "rmtree", refused)
    with caplog.at_level(logging.ERROR, logger="tanzhang.copies"):
        assert copies.remove_old(None, NOW) == 1  # type: ignore[arg-type]
    assert "could not be removed" in caplog.text
    assert not goes.exists()
