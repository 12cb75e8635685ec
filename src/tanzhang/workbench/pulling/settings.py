"""A source: where a partner leaves its files, how they are read, and how often we look.

One TOML file each. Secrets are named by their files and stand in none of ours.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from tanzhang.problems import Problem

_TEXTS: Final = ("partner", "programme", "url", "map")
_OPTIONS: Final = ("files", "host_key", "key_file", "password_file", "ca_file")
_PORTS: Final = {"https": 443, "http": 80, "sftp": 22}

MOST_MINUTES: Final = 7 * 24 * 60


@dataclass(frozen=True, slots=True)
class Source:
    """A place to look at. Paths are absolute; ``name`` is that of its file.

    Of an ``sftp`` URL the path is a folder and ``files`` a pattern such as ``*.csv.gz``; its server
    is known by ``host_key``. An ``https`` URL is one file, or one a day with ``{day}`` for its
    date.
    """

    name: str
    partner: str
    programme: str
    url: str
    map: Path
    every_minutes: int
    files: str = "*"
    host_key: str = ""
    key_file: Path | None = None
    password_file: Path | None = None
    ca_file: Path | None = None

    @property
    def place(self) -> SplitResult:
        """The URL in its parts."""
        return urlsplit(self.url)

    @property
    def port(self) -> int:
        """The URL's port, or its scheme's."""
        return self.place.port or _PORTS[self.place.scheme]

    @property
    def is_daily(self) -> bool:
        """Whether the URL names a day."""
        return "{day}" in self.url

    def url_of(self, day: date) -> str:
        """The URL of a day's file."""
        return self.url.replace("{day}", day.isoformat())


def read_sources(folder: Path) -> list[Source]:
    """Every source of a folder, by name. Raises what ``read_source`` raises."""
    return [read_source(path) for path in sorted(folder.glob("*.toml"))]


def read_source(path: Path) -> Source:
    """A source from its file. Raises ``pulls.source_malformed`` with the entry that is wrong."""
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _malformed(path, str(error)) from error
    unknown = said.keys() - {*_TEXTS, *_OPTIONS, "every_minutes"}
    if unknown:
        raise _malformed(path, min(unknown))
    for name in (*_TEXTS, *(said.keys() & _OPTIONS)):
        if not isinstance(said.get(name), str) or not said[name].strip():
            raise _malformed(path, name)
    minutes = said.get("every_minutes", 60)
    if type(minutes) is not int or not 1 <= minutes <= MOST_MINUTES:
        raise _malformed(path, "every_minutes")
    _check_url(path, said)
    return Source(
        name=path.stem,
        partner=said["partner"],
        programme=said["programme"],
        url=said["url"],
        map=_beside(path, said["map"]),
        every_minutes=minutes,
        files=said.get("files", "*"),
        host_key=said.get("host_key", ""),
        **{
            name: _beside(path, said[name])
            for name in ("key_file", "password_file", "ca_file")
            if name in said
        },
    )


def _check_url(path: Path, said: dict[str, Any]) -> None:
    try:
        place = urlsplit(said["url"])
        sound = place.scheme in _PORTS and place.hostname and place.password is None
        sound = sound and (place.port is None or place.port > 0)
    except ValueError:
        sound = False
    if not sound:
        raise _malformed(path, "url")
    if place.scheme == "sftp":
        if len(said.get("host_key", "").split()) != 2:
            raise _malformed(path, "host_key")
        if place.username is None or ("key_file" in said) == ("password_file" in said):
            raise _malformed(path, "key_file")
        if "/" in said.get("files", "*"):
            raise _malformed(path, "files")


def _beside(path: Path, name: str) -> Path:
    """A path that a source names: as it stands if absolute, else beside the source's file."""
    return (path.parent / name).resolve()


def _malformed(path: Path, where: str) -> Problem:
    return Problem("pulls.source_malformed", source=str(path), where=where)
