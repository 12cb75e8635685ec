"""A drill on a server of its own, in a directory that goes afterwards."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tanzhang.problems import Problem


def run_farm(seed: int, honest: int, *, guarded: bool = True) -> dict[str, Any]:
    """Play a drill in a process and on a server of its own. Raises ``farm.failed``.

    Unless it is ``guarded`` no scene is judged: what remains is settlement alone.
    """
    with tempfile.TemporaryDirectory(prefix="tanzhang-farm-") as scratch:
        Path(scratch).chmod(0o711)
        environment = {key: value for key, value in os.environ.items() if "DATABASE" not in key}
        environment["TANZHANG_HOME"] = str(Path(scratch, "home"))
        module = "tanzhang.workbench.farm.drill"
        command = [
            sys.executable,
            "-m",
            module,
            str(seed),
            str(honest),
            *([] if guarded else ["unguarded"]),
        ]
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
