"""The folder of a test run, and the end of those whose process was killed before it could tidy up.

A run holds a lock on a file in its folder as long as its process lives. The next run stops the
server of every folder whose lock nobody holds, and removes it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import IO

from tanzhang.config import postgres

PREFIX = "tzt-"

#: A folder this young may belong to a run that has not got to its lock yet.
YOUNG_SECONDS = 60.0

_held: list[IO[str]] = []


def make_run(base: Path) -> Path:
    """A new folder that others may pass through, marked as alive until this process ends."""
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=base))
    folder.chmod(0o711)
    lock = (folder / "alive").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    _held.append(lock)
    return folder


def bury_killed_runs(base: Path) -> None:
    """Stop and remove what killed runs of ours left below ``base``."""
    for folder in base.glob(f"{PREFIX}*"):
        with contextlib.suppress(FileNotFoundError):  # it ends by itself, or another buries it
            if folder.stat().st_uid == os.geteuid() and _abandoned(folder):
                postgres.stop(folder / "server")
                shutil.rmtree(folder)


def _abandoned(folder: Path) -> bool:
    if time.time() - folder.stat().st_mtime < YOUNG_SECONDS or not (folder / "alive").exists():
        return False
    with (folder / "alive").open("r+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True
