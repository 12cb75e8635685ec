"""``tanzhang bench`` as a person and as a script meets it."""

from __future__ import annotations

import json
import subprocess
import sys


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tanzhang", "bench", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_script_gets_each_result_with_its_limit_and_ratio() -> None:
    done = bench("--quick", "--suite", "quantify", "--json")
    assert done.returncode == 0, done.stderr
    (result,) = json.loads(done.stdout)["results"]
    assert {"name", "value", "unit", "limit", "ratio"} <= result.keys()
    assert result["name"] == "quantify"
    assert result["ratio"] == round(result["value"] / result["limit"], 3)


def test_a_person_is_told_in_her_language() -> None:
    done = bench("--quick", "--suite", "quantify", "--lang", "zh")
    assert done.returncode == 0, done.stderr
    assert "为上限" in done.stdout


def test_an_unknown_suite_is_refused_with_those_there_are() -> None:
    done = bench("--suite", "speed", "--json")
    assert done.returncode == 1
    said = json.loads(done.stdout)
    assert said["code"] == "bench.suite_unknown"
    assert "quantify" in said["why"]
