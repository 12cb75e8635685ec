"""Where a key stands in a TOML file: the standard reader does not say, a message needs it."""

from __future__ import annotations

import re

_HEADER = re.compile(r"^\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(
    r"""^\s*((?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[\w-]+))*)\s*="""
)
_PART = re.compile(r""""([^"]*)"|'([^']*)'|([^\s.]+)""")

#: Names of tables and keys from the outside in; the place in an array of tables is a number.
Path = tuple[str | int, ...]


def line_of(text: str, path: Path) -> int:
    """The line (from 1) of the key that ``path`` names, or of the nearest thing that holds it.

    >>> line_of('a = 1\\n[b]\\nc = 2\\n', ("b", "c"))
    3
    """
    known = _places(text)
    for length in range(len(path), 0, -1):
        line = known.get(path[:length])
        if line is not None:
            return line
    return 1


def _places(text: str) -> dict[Path, int]:
    """Every table header and every key at the beginning of a line, with its line."""
    places: dict[Path, int] = {}
    table: Path = ()
    counts: dict[Path, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if header := _HEADER.match(line):
            table = _parts(header[2])
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                places.setdefault(table, number)
                table = (*table, counts[table])
            places.setdefault(table, number)
        elif key := _KEY.match(line):
            places.setdefault((*table, *_parts(key[1])), number)
    return places


def _parts(dotted: str) -> Path:
    return tuple(first or second or third for first, second, third in _PART.findall(dotted))
