"""Documents on their way to a file."""

from __future__ import annotations

from pathlib import Path

from tanzhang.problems import Problem


def write_file(path: Path, content: bytes) -> None:
    """Put a document into a file. Raises ``cli.file_unwritable``."""
    try:
        path.write_bytes(content)
    except OSError as error:
        said = error.strerror or type(error).__name__
        raise Problem("cli.file_unwritable", path=str(path), said=said) from None
