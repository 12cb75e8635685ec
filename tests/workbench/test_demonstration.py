"""A city that is shown has a past, which is lived once and is the same ever after."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from tanzhang.workbench import demonstration

pytestmark = pytest.mark.database


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("TANZHANG_HOME", str(tmp_path))
    return tmp_path


def test_a_citys_past_ends_the_day_before_it_was_first_shown(home: Path) -> None:
    city = demonstration.lately("small")
    assert city.start + timedelta(days=city.days) == date.today()
    (home / "first-shown-on").write_text("2026-05-30")
    again = demonstration.lately("small")
    assert again == replace(city, start=date(2026, 5, 2))


def test_a_past_that_was_lived_is_known_and_one_that_was_not_is_not(home: Path) -> None:
    demonstration.prepare()
    city = replace(demonstration.CITIES["small"], citizens=5)
    assert not demonstration.has_lived(city)
    assert not demonstration.has_lived(city)  # asking leaves nothing behind
    assert demonstration.live(city).changed
    assert demonstration.has_lived(city)
    assert not demonstration.has_lived(replace(city, days=2))
    assert not demonstration.live(city).changed
