"""A drill on a server of its own, in a directory that goes afterwards.

As a module (``python -m tanzhang.workbench.farm.scratch SEED SIZE``) it plays in the installation
that ``TANZHANG_HOME`` names, which must be empty, and prints one JSON object.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tanzhang.problems import Problem


def run_farm(seed: int, honest: int) -> dict[str, Any]:
    """Play a drill in a process and on a server of its own. Raises ``farm.failed``."""
    with tempfile.TemporaryDirectory(prefix="tanzhang-farm-") as scratch:
        Path(scratch).chmod(0o711)
        environment = {key: value for key, value in os.environ.items() if "DATABASE" not in key}
        environment["TANZHANG_HOME"] = str(Path(scratch, "home"))
        module = "tanzhang.workbench.farm.scratch"
        command = [sys.executable, "-m", module, str(seed), str(honest)]
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


def main() -> None:
    """Play and print."""
    from tanzhang.config import migrate, setup
    from tanzhang.config.kind import admit_fictitious_people

    seed, honest = (int(text) for text in sys.argv[1:3])
    setup()
    migrate.migrate()
    admit_fictitious_people()
    from tanzhang.workbench.farm.measuring import measure
    from tanzhang.workbench.farm.playing import play

    began = time.monotonic()
    figures = measure(play(seed, honest))
    seconds = round(time.monotonic() - began, 1)
    told = {"seed": seed, "size": honest, "seconds": seconds} | figures
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
