"""The suites that post run on a scratch server of their own, here with a tiny city."""

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
    home = tmp_path_factory.mktemp("bench")
    home.chmod(0o711)
    environment = {name: value for name, value in os.environ.items() if "DATABASE" not in name}
    environment["TANZHANG_HOME"] = str(Path(home, "home"))
    done = subprocess.run(
        [sys.executable, "-m", "tanzhang.workbench.bench.post", "post", "growth", "tiny"],
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


def test_posting_is_measured_beside_both_copies(measured: dict[str, Any]) -> None:
    post = measured["post"]
    assert post["value"] > 0
    assert post["details"]["heap_only_copy_rows_per_s"] > 0
    assert post["limit"] > 0


def test_posting_tells_what_an_act_costs_and_where_it_went(measured: dict[str, Any]) -> None:
    details = measured["post"]["details"]
    assert details["acts"] > 300
    assert details["fast_share"] > 0.9
    costs = ("worker_cpu_us_per_act", "server_cpu_us_per_act", "wal_bytes_per_act", "bytes_per_act")
    assert all(details[cost] > 0 for cost in costs)


def test_growth_compares_the_largest_book_with_the_smallest(measured: dict[str, Any]) -> None:
    growth = measured["growth"]
    rates = {int(size): rate for size, rate in growth["details"]["acts_per_s_by_stored"].items()}
    assert len(rates) == 2
    assert round(growth["value"]) == rates[max(rates)]
    assert round(growth["limit"]) == rates[min(rates)]
