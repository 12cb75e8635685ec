"""The conformance kit with real processes: by itself, and for a partner."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tanzhang.config import postgres
from tanzhang.crypto import Algorithm, generate
from tanzhang.engine.packs import load_packs
from tanzhang.problems import Problem
from tanzhang.workbench.conformance.golden import golden
from tanzhang.workbench.conformance.refusals import REFUSALS
from tanzhang.workbench.conformance.run import run_there


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """An installation of its own, whose sandbox is beside it."""
    folder = Path(tempfile.mkdtemp(prefix="tzk-", dir="/tmp"))
    folder.chmod(0o711)
    yield folder
    called(folder, "--sandbox", "stop")
    shutil.rmtree(folder)


def called(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    ours = ("DATABASE_", "SANDBOX_", "TANZHANG_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return subprocess.run(
        [sys.executable, "-m", "tanzhang", *words],
        env=kept | {"TANZHANG_HOME": str(home)},
        capture_output=True,
        text=True,
    )


def test_it_prepares_the_sandbox_finds_everything_right_and_leaves_nothing_running(
    home: Path,
) -> None:
    done = called(home, "conformance", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    cases = {case["name"]: case for case in told["cases"]}
    assert told["ok"]
    assert len(cases) == len(told["cases"]) > len(golden()) + len(REFUSALS)
    assert {name for name in cases if name.startswith("golden ")} >= {
        "golden shenzhen-transit mode=0 distance_m=10000",
        "golden meituan-bike distance_m=5",
    }
    assert cases["corrected"]["got"] == cases["corrected"]["expected"]
    assert cases["held by the operator"]["got"] == "held"
    assert not postgres.is_running(home / "sandbox")
    assert not (home / "postgres").exists()  # the installation itself was not touched

    keys = home / "keys.json"
    assert called(home, "--sandbox", "key", "public", "--out", str(keys)).returncode == 0
    verified = called(
        home, "verify", "conformance", told["report_file"], "--key", str(keys), "--json"
    )
    assert verified.returncode == 0
    (facts,) = json.loads(verified.stdout)["documents"]
    assert (facts["ok"], facts["case_count"]) == (True, len(cases))


def test_half_an_address_is_wrong_usage(home: Path) -> None:
    assert called(home, "conformance", "--url", "http://127.0.0.1:1").returncode == 2


def refused(tmp_path: Path, url: str, key: str) -> str:
    file = tmp_path / "key.pem"
    file.write_text(key, encoding="ascii")
    with pytest.raises(Problem) as problem:
        run_there(url, "bike-demo", file, load_packs().programmes["citic"], ["x"], lambda _: None)
    return problem.value.code


def test_a_key_that_is_none_and_a_site_that_is_none_are_told(tmp_path: Path) -> None:
    assert refused(tmp_path, "http://127.0.0.1:1", "no key") == "conformance.key_unreadable"
    pem = generate(Algorithm.SM2).to_pem()
    assert refused(tmp_path, "http://127.0.0.1:1", pem) == "conformance.no_site"
