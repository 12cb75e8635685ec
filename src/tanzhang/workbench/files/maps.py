"""A mapping file from the disk."""

from __future__ import annotations

from pathlib import Path

from tanzhang.engine.mapping import FieldMapping, read_mapping
from tanzhang.problems import Problem
from tanzhang.workbench.files.chunks import MEBIBYTE


def load_map(path: Path) -> FieldMapping:
    """Read ``path`` (UTF-8 TOML, at most a mebibyte). Raises Problem ``imports.map_…``."""
    try:
        with path.open("rb") as stream:
            content = stream.read(MEBIBYTE + 1)
        if len(content) > MEBIBYTE:
            raise Problem("imports.map_missing", map=str(path))
        text = content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Problem("imports.map_missing", map=str(path)) from error
    return read_mapping(text.replace("\r\n", "\n"), str(path))
