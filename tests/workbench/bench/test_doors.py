"""The suite of doors reports to a real site over HTTP, here from a few hundred citizens."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """The suite at the smallest scale, as ``tanzhang bench`` runs it."""
    home = tmp_path_factory.mktemp("doors")
    home.chmod(0o711)
    environment = {name: value for name, value in os.environ.items() if "DATABASE" not in name}
    environment["TANZHANG_HOME"] = str(Path(home, "home"))
    done = subprocess.run(
        [sys.executable, "-m", "tanzhang.workbench.bench.doors", "doors", "tiny"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        assert done.returncode == 0, done.stderr
        yield json.loads(done.stdout.strip().splitlines()[-1])["doors"]
    finally:
        subprocess.run([sys.executable, "-m", "tanzhang", "stop"], env=environment, check=True)


def test_both_figures_stand_beside_their_limits(measured: dict[str, Any]) -> None:
    assert [*measured] == ["signed_vs_unsigned", "visible_p99_ms"]
    assert [figure["unit"] for figure in measured.values()] == ["events/s", "ms"]
    assert measured["visible_p99_ms"]["limit"] == 1000


def test_signed_and_plain_intake_take_turns(measured: dict[str, Any]) -> None:
    ratio = measured["signed_vs_unsigned"]
    details = ratio["details"]
    assert ratio["value"] > 0 and ratio["limit"] > 0
    assert len(details["signed_events_per_s"]) == len(details["unsigned_events_per_s"]) == 2


def test_acts_are_seen_at_half_of_the_maximum_load(measured: dict[str, Any]) -> None:
    figure = measured["visible_p99_ms"]
    details = figure["details"]
    assert details["acts_watched"] > 0
    assert 0 < details["p50_ms"] <= figure["value"] + 0.1
    assert 0 < details["sent_events_per_s"] <= details["maximum_events_per_s"] / 2 + 1
