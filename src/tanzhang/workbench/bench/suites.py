"""The suites by name, and how each is run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from tanzhang.problems import Problem
from tanzhang.workbench.bench.result import Result

SUITES = ("quantify", "settle", "post", "growth", "pages", "doors", "affected", "rollup")

#: Where the suites that need a server of their own are measured.
_MODULES = {
    "post": "tanzhang.workbench.bench.post",
    "growth": "tanzhang.workbench.bench.post",
    "pages": "tanzhang.workbench.bench.pages",
    "doors": "tanzhang.workbench.bench.doors",
    "affected": "tanzhang.workbench.bench.reads",
    "rollup": "tanzhang.workbench.bench.reads",
}

#: Read from one book, which takes longer to fill than to read.
_OF_ONE_BOOK = ("affected", "rollup")


def run(suites: Iterable[str], *, quick: bool) -> Iterator[Result]:
    """Measure the named suites, in their order. Raises ``bench.suite_failed``."""
    wanted = [suite for suite in SUITES if suite in set(suites)]
    reads = [name for name in wanted if name in _OF_ONE_BOOK]
    for name in (name for name in wanted if name not in reads[1:]):
        if name in reads:
            for suite, found in _in_scratch(reads, quick).items():
                yield _result(suite, found, "ms")
        elif name in ("pages", "doors"):
            for figure, found in _in_scratch([name], quick)[name].items():
                yield _result(figure, found, found.get("unit", "ms"))
        elif name in _MODULES:
            yield _result(name, _in_scratch([name], quick)[name])
        else:
            found = _apart("tanzhang.workbench.bench.engine", [name], quick, os.environ)[name]
            yield _result(name, found)


def _in_scratch(names: Sequence[str], quick: bool) -> dict[str, dict[str, Any]]:
    """Suites of a module that posts: on an embedded server, in a directory that goes afterwards."""
    with tempfile.TemporaryDirectory(prefix="tanzhang-bench-") as scratch:
        Path(scratch).chmod(0o711)
        environment = {key: value for key, value in os.environ.items() if "DATABASE" not in key}
        environment["TANZHANG_HOME"] = str(Path(scratch, "home"))
        try:
            return _apart(_MODULES[names[0]], names, quick, environment)
        finally:
            subprocess.run(
                [sys.executable, "-m", "tanzhang", "stop"], env=environment, capture_output=True
            )


def _result(name: str, found: dict[str, Any], unit: str = "acts/s") -> Result:
    return Result(name, found["value"], unit, found["limit"], found["details"])


def _apart(
    module: str, arguments: Sequence[str], quick: bool, environment: Any
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
