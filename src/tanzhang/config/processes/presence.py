"""Whether an ``up`` runs in a home: known by locks, because a process id in a file proves nothing.

::

    var/
      up.lock       held by ``up`` as long as it lives; names its process and its address
      parts.lock    inherited by every part: held as long as one of them lives

The kernel gives both back, however their holders end, so there is no stale file to remove.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tanzhang.problems import Problem

Answer = TypeVar("Answer")

PAUSE_SECONDS = 0.05

#: Longer than any part takes to end after its ``up`` was killed (``lifeline.GRACE_SECONDS``).
PARTS_SECONDS = 30.0

#: All parts one after the other, then PostgreSQL.
STOP_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Claim:
    """An ``up`` that has its home to itself; ``parts_lock`` is for its parts to inherit."""

    home: Path
    parts_lock: int

    def tell(self, address: str) -> None:
        """Write down where the site is, for whoever asks meanwhile."""
        said = json.dumps({"pid": os.getpid(), "address": address})
        (self.home / "up.lock").write_text(said, encoding="ascii")


@contextmanager
def claimed(home: Path) -> Iterator[Claim]:
    """Be the one ``up`` of a home. Waits for the parts of one that was killed to end.

    Raises ``up.already_running`` and ``up.parts_linger``.
    """
    home.mkdir(mode=0o711, parents=True, exist_ok=True)
    with _opened(home / "up.lock") as lock, _opened(home / "parts.lock") as parts:
        if not _locked(lock):
            raise Problem("up.already_running", address=_written(home).get("address") or "…")
        claim = Claim(home, parts)
        claim.tell("")
        if not _wait(lambda: _locked(parts), PARTS_SECONDS):
            raise Problem("up.parts_linger", home=str(home))
        yield claim


def address(home: Path) -> str:
    """Where the ``up`` of a home serves its site; nothing if none runs or it is not ready."""
    if not (home / "up.lock").exists():
        return ""
    with _opened(home / "up.lock") as lock:
        return "" if _locked(lock) else _written(home).get("address", "")


def stop(home: Path) -> bool:
    """Stop the ``up`` of a home with all its parts; ``False`` if none ran.

    Raises ``up.stop_failed``.
    """
    if not (home / "up.lock").exists():
        return False
    with _opened(home / "up.lock") as lock, _opened(home / "parts.lock") as parts:
        runs = not _locked(lock)
        if runs:
            _ask_to_end(home)
        lingers = not _locked(parts)
        if _wait(lambda: _locked(lock) and _locked(parts), STOP_SECONDS):
            return runs or lingers
    raise Problem("up.stop_failed", home=str(home))


def _ask_to_end(home: Path) -> None:
    """Send SIGTERM to the holder of ``up.lock``, who wrote its number before anything else."""
    found = _wait(lambda: _written(home).get("pid"), PARTS_SECONDS)
    if not found:
        raise Problem("up.stop_failed", home=str(home))
    try:
        os.kill(int(found), signal.SIGTERM)
    except ProcessLookupError:
        return  # it ended by itself meanwhile
    except PermissionError as error:
        raise Problem("up.stop_failed", home=str(home)) from error


def _written(home: Path) -> dict[str, str]:
    text = (home / "up.lock").read_text(encoding="ascii")
    try:
        found: dict[str, str] = json.loads(text)
    except ValueError:  # it is being written
        return {}
    return found


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    """Take a lock if it is free."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _wait(asked: Callable[[], Answer], seconds: float) -> Answer:
    """Ask until the answer is yes or the time is over; the last answer."""
    deadline = time.monotonic() + seconds
    while not (answer := asked()) and time.monotonic() < deadline:
        time.sleep(PAUSE_SECONDS)
    return answer
