"""The suite of pages asks a real site over HTTP, here with a tiny book behind it."""

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
    home = tmp_path_factory.mktemp("pages")
    home.chmod(0o711)
    environment = {name: value for name, value in os.environ.items() if "DATABASE" not in name}
    environment["TANZHANG_HOME"] = str(Path(home, "home"))
    done = subprocess.run(
        [sys.executable, "-m", "tanzhang.workbench.bench.pages", "pages", "tiny"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        assert done.returncode == 0, done.stderr
        yield json.loads(done.stdout.strip().splitlines()[-1])["pages"]
    finally:
        subprocess.run([sys.executable, "-m", "tanzhang", "stop"], env=environment, check=True)


def test_each_page_has_its_figure_beside_what_it_may_take(measured: dict[str, Any]) -> None:
    assert [*measured] == ["home_p95_ms", "records_p95_ms", "live_p95_ms"]
    for figure in measured.values():
        assert 0 < figure["details"]["p50_ms"] <= figure["value"] + 0.01
        assert figure["limit"] == 50


def test_the_pages_that_are_measured_are_full(measured: dict[str, Any]) -> None:
    details = measured["home_p95_ms"]["details"]
    assert details["acts"] > 2_000
    assert details["partitions"] >= 24
    assert details["bytes"] > 10_000
    assert measured["records_p95_ms"]["details"]["bytes"] > 10_000


def test_an_open_page_that_asks_in_vain_is_answered_with_nothing(measured: dict[str, Any]) -> None:
    assert measured["live_p95_ms"]["details"]["bytes"] == 0
