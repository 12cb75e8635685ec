"""What lies at a source, and fetching it: the same two questions by HTTPS and by SFTP."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, Final, Protocol

from tanzhang.problems import Problem
from tanzhang.workbench.pulling.settings import Source

#: Larger files are no export of a day.
MOST_BYTES: Final = 2 * 2**30


@dataclass(frozen=True, slots=True)
class Listed:
    """A file at a source; ``version`` changes when its content does, as far as the server tells."""

    name: str
    version: str


class Remote(Protocol):
    """A source that is open."""

    def listed(self) -> list[Listed]:
        """The files there are now, by name."""
        ...

    def fetch(self, file: Listed, to: Path) -> None:
        """Copy a file's content to a path of ours. Raises ``pulls.file_too_large``."""
        ...


@contextmanager
def reach(source: Source, days: Sequence[date], *, plain_http: bool) -> Iterator[Remote]:
    """Open a source; one by HTTPS has these days' files.

    Raises ``pulls.unreachable`` with what went wrong, whatever the protocol.
    """
    from tanzhang.workbench.pulling import https, sftp

    opened: AbstractContextManager[Remote]
    if source.place.scheme == "sftp":
        opened = sftp.opened(source)
    elif source.place.scheme == "https" or plain_http:
        opened = https.opened(source, days)
    else:
        raise Problem("pulls.plain_http", source=source.name)
    with opened as remote:
        yield remote


def copy(source: Source, chunks: Iterator[bytes], to: IO[bytes]) -> None:
    """Write chunks, as long as they are not more than any file may have."""
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > MOST_BYTES:
            raise Problem("pulls.file_too_large", source=source.name, most=MOST_BYTES)
        to.write(chunk)


def unreachable(source: Source, error: Exception) -> Problem:
    """The refusal of a place that does not answer as it should."""
    said = " ".join(f"{type(error).__name__}: {error}".split())
    return Problem("pulls.unreachable", source=source.name, said=said[:200])
