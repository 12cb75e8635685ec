"""Where the packs are: at the root of a checkout, or inside the package when installed."""

from __future__ import annotations

import os
from pathlib import Path

from tanzhang.problems import Problem

VOCABULARY_FILE = "vocabulary.yaml"
ENVIRONMENT = "TANZHANG_PACKS"


def default_folder() -> Path:
    """``TANZHANG_PACKS``, or the nearest ``packs`` above this file: the wheel's or the checkout's.

    Raises Problem ``packs.folder_missing``.
    """
    named = os.environ.get(ENVIRONMENT)
    if named:
        candidates = [Path(named)]
    else:
        candidates = [parent / "packs" for parent in Path(__file__).resolve().parents]
    for candidate in candidates:
        if (candidate / VOCABULARY_FILE).is_file():
            return candidate
    raise Problem("packs.folder_missing", folder=named or "packs", variable=ENVIRONMENT)
