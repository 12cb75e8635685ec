"""Roots as files, for whoever mirrors or witnesses the log: ``<size>.json`` and ``latest.json``.

A file is written beside its place and renamed, so that a reader meets a whole one or none.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Final

from tanzhang.apps.ledger.roots import RootEntry, latest_root, roots_after

LATEST: Final = "latest.json"

_AT_ONCE: Final = 1000


def write_root_files(folder: Path) -> int:
    """Write every root that has no file yet; how many were written.

    Which is the youngest is written last, so that what a crash leaves out is made up next time.
    """
    youngest = latest_root()
    done = _published_size(folder)
    if youngest is None or done == youngest.size:
        return 0
    folder.mkdir(parents=True, exist_ok=True)
    written = 0
    while entries := roots_after(done, _AT_ONCE):
        for entry in entries:
            _put(folder / f"{entry.size}.json", entry)
        done, written = entries[-1].size, written + len(entries)
        _put(folder / LATEST, entries[-1])
    return written


def _published_size(folder: Path) -> int:
    """The size of the root in ``latest.json``; 0 if there is none that can be read."""
    try:
        said = json.loads((folder / LATEST).read_bytes())
        size = said["size"]
    except (OSError, ValueError, KeyError, TypeError):
        return 0
    return size if isinstance(size, int) else 0


def _put(path: Path, entry: RootEntry) -> None:
    descriptor, name = tempfile.mkstemp(prefix=".new-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(entry.document)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).rename(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
