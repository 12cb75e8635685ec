"""Where the packs are: data beside the code in a checkout, beside Python when installed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tanzhang.problems import Problem

VOCABULARY_FILE = "vocabulary.yaml"
ENVIRONMENT = "TANZHANG_PACKS"


def default_folder() -> Path:
    """``TANZHANG_PACKS``, or the checkout's ``packs``, or ``share/tanzhang/packs``.

    Raises Problem ``packs.folder_missing``.
    """
    named = os.environ.get(ENVIRONMENT)
    if named:
        candidates = [Path(named)]
    else:
        parents = Path(__file__).resolve().parents
        candidates = [parent / "packs" for parent in parents]
        candidates.append(Path(sys.prefix) / "share" / "tanzhang" / "packs")
    for candidate in candidates:
        if (candidate / VOCABULARY_FILE).is_file():
            return candidate
    raise Problem("packs.folder_missing", folder=named or "packs", variable=ENVIRONMENT)
