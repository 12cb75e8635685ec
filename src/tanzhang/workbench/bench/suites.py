"""The suites by name, and how each is run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tanzhang.problems import Problem
from tanzhang.workbench.bench.result import Result

SUITES = ("quantify", "settle", "post", "growth", "pages", "doors")

#: Where the suites that need a server of their own are measured.
_MODULES = {
    "post": "tanzhang.workbench.bench.post",
    "growth": "tanzhang.workbench.bench.post",
    "pages": "tanzhang.workbench.bench.pages",
    "doors": "tanzhang.workbench.bench.doors",
}


def run(suites: Iterable[str], *, quick: bool) -> Iterator[Result]:
    """Measure the named suites, in their order. Raises ``bench.suite_failed``."""
    for name in (suite for suite in SUITES if suite in set(suites)):
        if name in ("pages", "doors"):
            for figure, found in _in_scratch(name, quick).items():
                yield _result(figure, found, found.get("unit", "ms"))
        elif name in _MODULES:
            yield _result(name, _in_scratch(name, quick))
        else:
            found = _apart("tanzhang.workbench.bench.engine", [name], quick, os.environ)[name]
            yield _result(name, found)


def _in_scratch(name: str, quick: bool) -> dict[str, Any]:
    """A suite that posts: on an embedded server of its own, in a directory that goes afterwards."""
    with tempfile.TemporaryDirectory(prefix="tanzhang-bench-") as scratch:
        Path(scratch).chmod(0o711)
        environment = {key: value for key, value in os.environ.items() if "DATABASE" not in key}
        environment["TANZHANG_HOME"] = str(Path(scratch, "home"))
        try:
            return _apart(_MODULES[name], [name], quick, environment)[name]
        finally:
            subprocess.run(
                [sys.executable, "-m", "tanzhang", "stop"], env=environment, capture_output=True
            )


def _result(name: str, found: dict[str, Any], unit: str = "acts/s") -> Result:
    return Result(name, found["value"], unit, found["limit"], found["details"])


def _apart(
    module: str, arguments: list[str], quick: bool, environment: Any
) -> dict[str, dict[str, Any]]:
    """What a module measures in a process of its own, where nothing else has been loaded."""
    command = [sys.executable, "-m", module, *arguments, "quick" if quick else "full"]
    done = subprocess.run(
        command, env={**environment, "POLARS_MAX_THREADS": "1"}, capture_output=True, text=True
    )
    if done.returncode != 0:
        last = done.stderr.strip().splitlines()[-1:] or [str(done.returncode)]
        raise Problem("bench.suite_failed", suite=", ".join(arguments), said=last[0])
    answer: dict[str, dict[str, Any]] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer
