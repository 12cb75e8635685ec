"""Documents on their way to a file and from one."""

from __future__ import annotations

from pathlib import Path

from tanzhang.problems import Problem


def read_file(path: Path) -> bytes:
    """What a document's file holds. Raises ``proofs.file_unreadable``."""
    try:
        return path.read_bytes()
    except OSError as error:
        said = error.strerror or type(error).__name__
        raise Problem("proofs.file_unreadable", path=str(path), said=said) from None


def write_file(path: Path, content: bytes) -> None:
    """Put a document into a file. Raises ``cli.file_unwritable``."""
    try:
        path.write_bytes(content)
    except OSError as error:
        said = error.strerror or type(error).__name__
        raise Problem("cli.file_unwritable", path=str(path), said=said) from None
