"""The suites that read a large book, here with a tiny one: posted days and copies of them."""

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
    """Both suites at the smallest scale, as ``tanzhang bench`` runs them."""
    home = tmp_path_factory.mktemp("reads")
    home.chmod(0o711)
    environment = {name: value for name, value in os.environ.items() if "DATABASE" not in name}
    environment["TANZHANG_HOME"] = str(Path(home, "home"))
    done = subprocess.run(
        [sys.executable, "-m", "tanzhang.workbench.bench.reads", "affected", "rollup", "tiny"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        assert done.returncode == 0, done.stderr
        yield json.loads(done.stdout.strip().splitlines()[-1])
    finally:
        subprocess.run([sys.executable, "-m", "tanzhang", "stop"], env=environment, check=True)


def test_the_book_is_as_large_as_it_should_be(measured: dict[str, Any]) -> None:
    assert 18_000 < measured["affected"]["details"]["stored"] < 22_000


def test_a_key_behind_every_report_concerns_everybody_who_acted(measured: dict[str, Any]) -> None:
    details = measured["affected"]["details"]
    assert 190 < details["affected_people"] <= 200  # some stay at home for four days
    # Rows that a neighbour's report changed are nobody's act; they are few.
    assert 0.9 * details["stored"] < details["affected_acts"] <= details["stored"]
    assert 0 < details["last_days_affected_acts"] < details["affected_acts"] / 4
    assert 0 < details["source_affected_acts"] < details["affected_acts"] / 2


def test_the_limit_of_who_is_affected_grows_with_the_book(measured: dict[str, Any]) -> None:
    affected = measured["affected"]
    assert affected["limit"] == pytest.approx(60_000 * affected["details"]["stored"] / 10_000_000)
    assert 0 < affected["value"] < 60_000


def test_a_team_is_added_up_over_the_busiest_month(measured: dict[str, Any]) -> None:
    rollup = measured["rollup"]
    assert rollup["details"]["members"] == 50
    share = rollup["details"]["acts"] / rollup["details"]["stored_in_the_month"]
    assert 0.15 < share < 0.35  # of 200 citizens
    assert rollup["value"] > 0
    assert rollup["limit"] == 5
