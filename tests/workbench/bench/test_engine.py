"""The engine's suites measure what they say, on a small scale."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tanzhang.workbench.bench import Result
from tanzhang.workbench.bench.machine import cpu_seconds


def test_a_ratio_is_value_over_limit() -> None:
    said = Result("settle", 3.0, "acts/s", 4.0, {"acts": 1}).as_json()
    assert said == {
        "name": "settle",
        "value": 3.0,
        "unit": "acts/s",
        "limit": 4.0,
        "ratio": 0.75,
        "details": {"acts": 1},
    }


@pytest.fixture(scope="module")
def measured() -> dict[str, dict[str, float]]:
    """Both suites in quick size, in a process of their own as ``tanzhang bench`` runs them."""
    done = subprocess.run(
        [sys.executable, "-m", "tanzhang.workbench.bench.engine", "quantify", "settle", "quick"],
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, dict[str, float]] = json.loads(done.stdout)
    return found


def test_both_suites_give_a_rate_and_a_limit(measured: dict[str, dict[str, float]]) -> None:
    assert measured.keys() == {"quantify", "settle"}
    assert all(one["value"] > 0 and one["limit"] > 0 for one in measured.values())


def test_the_book_has_duplicates_and_cuts(measured: dict[str, dict[str, float]]) -> None:
    details: dict[str, float] = measured["settle"]["details"]  # type: ignore[assignment]
    assert 0.01 < details["duplicate_share"] < 0.06
    assert 0.05 < details["cut_share"] < 0.20


def test_cpu_seconds_of_this_process_rise_with_its_work() -> None:
    import os

    before = cpu_seconds(os.getpid())
    sum(number * number for number in range(3_000_000))
    assert cpu_seconds(os.getpid()) > before
