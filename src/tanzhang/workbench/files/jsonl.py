"""JSON Lines in chunks: one object a line; numbers keep their exact text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NoReturn

import polars as pl

from tanzhang.problems import Problem
from tanzhang.workbench.files.chunks import Chunk, Flaws, Limits, row_numbers
from tanzhang.workbench.files.csv import wrong_text
from tanzhang.workbench.files.source import ByteSource

_BOM = b"\xef\xbb\xbf"
_WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")

Cells = dict[str, str | None]


class JsonlReader:
    """Reads one source of JSON objects. Which columns there are shows only as lines are read."""

    columns: tuple[str, ...] | None = None

    def __init__(self, source: ByteSource, limits: Limits) -> None:
        self._source = source
        self._limits = limits

    def chunks(self) -> Iterator[Chunk]:
        """All lines in order, at most ``chunk_rows`` at a time. Blank lines are no rows.

        A chunk has the columns that its lines name; a line need not name all of them. Where the
        file breaks, the lines that are whole before that place come first.
        """
        self._begin()
        row = 0
        try:
            for offset, line in self._lines():
                if not line.strip():
                    continue
                row += 1
                self._take(row, offset, line)
                if len(self._rows) + len(self._flaws.rows) >= self._limits.chunk_rows:
                    yield self._chunk()
                    self._begin()
        except Problem:
            if self._rows or self._flaws.rows:
                yield self._chunk()
            raise
        if row == 0:
            raise Problem("imports.file_empty", file=self._source.name)
        if self._rows or self._flaws.rows:
            yield self._chunk()

    def _begin(self) -> None:
        """Begin a chunk."""
        self._rows: list[int] = []
        self._cells: list[Cells] = []
        self._flaws = Flaws()

    def _take(self, row: int, offset: int, line: bytes) -> None:
        """Put a line to the sound rows of the chunk, or to the others."""
        flaw, read = self._read(line)
        if flaw:
            self._flaws.add(row, flaw[0], offset + flaw[1])
        else:
            self._rows.append(row)
            self._cells.append(read)

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        """Each line with its place; an over-long one is cut just beyond the limit."""
        longest = self._limits.record_bytes
        rest = self._source.read(self._limits.block_bytes)
        if rest.startswith(_WIDE_BOMS):
            raise Problem("imports.encoding_wrong", file=self._source.name, byte=0)
        offset = len(_BOM) if rest.startswith(_BOM) else 0
        rest, dropping = rest[offset:], False
        while True:
            *lines, rest = rest.split(b"\n")
            for line in lines:
                if not dropping:
                    yield offset, line
                dropping = False
                offset += len(line) + 1
            if len(rest) > longest:  # the beginning is enough to name it
                if not dropping:
                    yield offset, rest
                offset, rest, dropping = offset + len(rest), b"", True
            block = self._source.read(self._limits.block_bytes)
            if not block:
                if rest and not dropping:
                    yield offset, rest
                return
            rest += block

    def _read(self, line: bytes) -> tuple[tuple[str, int] | None, Cells]:
        if len(line) > self._limits.record_bytes:
            return ("line_too_long", 0), {}
        if wrong := wrong_text(line):
            return wrong, {}
        try:
            read = json.loads(
                line,
                parse_int=str,
                parse_float=str,
                parse_constant=_no_number,
                object_pairs_hook=_once,
            )
        except (ValueError, RecursionError):
            return ("malformed_row", 0), {}
        if not isinstance(read, dict) or len(read) > self._limits.columns:
            return ("malformed_row", 0), {}
        cells = {name: _text(value) for name, value in read.items()}
        return _unstorable(cells), cells

    def _chunk(self) -> Chunk:
        names = dict.fromkeys(name for row in self._cells for name in row)
        if len(names) > self._limits.columns:
            file, limit = self._source.name, self._limits.columns
            raise Problem("imports.columns_too_many", file=file, limit=limit)
        table = pl.DataFrame(
            {name: [row.get(name) for row in self._cells] for name in names},
            schema=dict.fromkeys(names, pl.String),
        )
        return Chunk(table, row_numbers(self._rows), self._flaws.frame(), self._source.done)


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise ValueError("a name occurs twice")
    return read


def _text(value: Any) -> str | None:
    """A cell: text and numbers as they stand, nothing for null and "", the rest as JSON."""
    if isinstance(value, str):
        return value or None
    return None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _unstorable(cells: Cells) -> tuple[str, int] | None:
    """Escapes can smuggle in what no text may hold: NUL and halves of characters."""
    for text in (*cells, *cells.values()):
        if text is None or (text.isascii() and "\0" not in text):
            continue
        if "\0" in text:
            return "nul_byte", 0
        if any("\ud800" <= letter <= "\udfff" for letter in text):
            return "not_utf8", 0
    return None
