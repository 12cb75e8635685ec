"""A killed test run is tidied up by the next one; a living one is left alone."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from abandoned_runs import bury_killed_runs
from tanzhang.config import postgres

PROGRAM = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from abandoned_runs import make_run
from tanzhang.config import postgres
folder = make_run(Path(sys.argv[2]))
postgres.start(folder / "server")
print(folder, flush=True)
time.sleep(600)
"""


@pytest.fixture
def base() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="tzb-", dir="/tmp") as folder:
        yield Path(folder)


def test_only_a_run_whose_process_is_gone_is_buried(base: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(Path(__file__).parent), str(base)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    folder = Path(process.stdout.readline().strip())
    os.utime(folder, (0, 0))
    bury_killed_runs(base)
    assert postgres.is_running(folder / "server")
    process.kill()
    process.communicate()
    assert postgres.is_running(folder / "server")
    bury_killed_runs(base)
    assert not folder.exists()
