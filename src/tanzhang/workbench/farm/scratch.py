"""A drill on servers of its own, in directories that go afterwards."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tanzhang.problems import Problem


def run_farm(seed: int, honest: int) -> dict[str, Any]:
    """Play a drill, and beside it the same cheats with nobody judging. Raises ``farm.failed``.

    ``unguarded`` of a class and of each way in it is what would be taken then: what settlement
    alone stops is not to the rules' credit.
    """
    with ThreadPoolExecutor(max_workers=2) as both:
        guarded = both.submit(_play, seed, honest, "guarded")
        bare = both.submit(_play, seed, honest, "unguarded")
        figures, without = guarded.result(), bare.result()
    for name, found in figures["classes"].items():
        alone = without["classes"][name]
        found["unguarded"] = alone["value_taken"]
        for way, value in found["variants"].items():
            value["unguarded"] = alone["variants"][way]["value_taken"]
    return figures


def _play(seed: int, honest: int, how: str) -> dict[str, Any]:
    """One drill in a process and on a server of its own."""
    with tempfile.TemporaryDirectory(prefix="tanzhang-farm-") as scratch:
        Path(scratch).chmod(0o711)
        environment = {key: value for key, value in os.environ.items() if "DATABASE" not in key}
        environment["TANZHANG_HOME"] = str(Path(scratch, "home"))
        module = "tanzhang.workbench.farm.drill"
        command = [sys.executable, "-m", module, str(seed), str(honest), how]
        try:
            done = subprocess.run(command, env=environment, capture_output=True, text=True)
        finally:
            subprocess.run(
                [sys.executable, "-m", "tanzhang", "stop"], env=environment, capture_output=True
            )
    if done.returncode != 0:
        last = done.stderr.strip().splitlines()[-1:] or [str(done.returncode)]
        raise Problem("farm.failed", said=last[0])
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer
