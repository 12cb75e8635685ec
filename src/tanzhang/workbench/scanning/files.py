"""Every file under the home of the installation: logs, journals, exports, whatever lies there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tanzhang.config.copies import EXPORTS
from tanzhang.workbench.scanning.needles import Needle
from tanzhang.workbench.scanning.opened import MAGIC, opened

CHUNK_BYTES: Final = 1 << 20

#: Larger files are not opened, only read as they are.
MOST_OPENED_BYTES: Final = 256 << 20

#: The server's own files: what is in them is read as tables.
_SERVER: Final = ("postgres", "postgres.new", "socket")


def found_in_files(home: Path, wanted: Needle) -> Iterator[tuple[str, int]]:
    """Each file that holds the needle, in its name or inside, by its path from ``home``."""
    for path in sorted(home.rglob("*")):
        inside = path.relative_to(home)
        if inside.parts[0] in _SERVER or not path.is_file() or path.is_symlink():
            continue
        named = wanted.is_in_text(str(inside))
        if named or _holds(path, wanted):
            shown = "(its name holds it)" if named else str(inside)
            yield f"{_kind(inside)} {shown}", 1


def _kind(inside: Path) -> str:
    """What sort of file it is, for whoever reads the answer."""
    if inside.suffix == ".log" or inside.parts[0] == "logs":
        return "log file"
    if inside.parts[0] == EXPORTS:
        return "export file"
    if "journal" in inside.name:
        return "journal file"
    return "file"


def _holds(path: Path, wanted: Needle) -> bool:
    try:
        with path.open("rb") as file:
            kept, begins = b"", b""
            while chunk := file.read(CHUNK_BYTES):
                begins = begins or chunk[:8]
                if wanted.is_in_bytes(kept + chunk):
                    return True
                kept = chunk[-wanted.longest_bytes :]
        if begins.startswith(MAGIC) and path.stat().st_size <= MOST_OPENED_BYTES:
            return any(wanted.is_in_bytes(part) for part in opened(path.read_bytes()))
    except FileNotFoundError:  # it went while we looked
        return False
    return False
