"""Copies that nobody fetched go when their term is over, and no others."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from clean_database import Database
from tanzhang.apps.people import api as people
from tanzhang.config import copies


@pytest.mark.database
def test_a_copy_goes_when_its_term_is_over(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TANZHANG_HOME", str(tmp_path))
    now = datetime.now(UTC)
    old, young = copies.place_for("ada", now - timedelta(days=8)), copies.place_for("ada", now)
    other = copies.place_for("bo", now - timedelta(days=8))
    for place in (old, young, other):
        place.mkdir(parents=True)
        (place / "export.json").touch()
    for place in (old, other):
        then = (now - timedelta(days=8)).timestamp()
        os.utime(place, (then, then))
    for dry_run, rows in ((True, 2), (False, 2), (False, 0)):
        kinds = {one.term.name: one.rows for one in people.retain(dry_run=dry_run)}
        assert kinds["copies"] == rows
    assert [*tmp_path.glob("exports/*/*")] == [young]


def test_a_copy_lies_under_its_account_and_instant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TANZHANG_HOME", str(tmp_path))
    assert copies.place_for("ada", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)) == (
        tmp_path / "exports" / "ada" / "20260102T030405Z"
    )
