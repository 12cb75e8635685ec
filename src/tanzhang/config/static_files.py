"""Static files: collected under names that hold their content's hash, compressed once.

A web process collects when it starts; that is quick while nothing has changed since the last time.
"""

from __future__ import annotations

import fcntl
import hashlib
from pathlib import Path

from tanzhang.config import environment


def is_hashed() -> bool:
    """Whether files are served under hashed names; ``TANZHANG_STATIC=plain`` serves the sources.

    Tests and people who draw pages choose ``plain``: every request reads the file as it is.
    """
    return environment.text("TANZHANG_STATIC", "hashed") != "plain"


def collect() -> bool:
    """Collect into ``STATIC_ROOT`` if a source has changed; whether there was anything to do.

    Django is set up. Processes that start together wait for the first.
    """
    from django.conf import settings
    from django.core.management import call_command

    if not is_hashed():
        return False
    root = Path(settings.STATIC_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    stamp = root.with_name(f"{root.name}.stamp")
    with stamp.open("a+", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        found = _fingerprint()
        if file.read() == found and (root / "staticfiles.json").exists():
            return False
        call_command("collectstatic", interactive=False, verbosity=0)
        file.truncate(0)
        file.write(found)
    return True


def _fingerprint() -> str:
    """A hash over every source's place, size and time of change."""
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
