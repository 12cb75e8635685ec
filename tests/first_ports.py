"""The ports from the first on belong to one test at a time.

Whoever is told no port takes the first one that is free, seconds before the site listens there. Two
that begin at once, in two processes of a run or in two runs, would choose the same.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def first_ports() -> Iterator[None]:
    """Keep every other test of this user from starting a site that is told no port."""
    path = Path(tempfile.gettempdir()) / f"tanzhang-tests-{os.geteuid()}.lock"
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
