"""CSV in chunks: the header once, then blocks of records; every cell is text or nothing."""

from __future__ import annotations

import io
from collections.abc import Iterator

import numpy as np
import polars as pl

from tanzhang.problems import Problem
from tanzhang.workbench.files.chunks import Chunk, Flaws, Limits, no_flaws, row_numbers
from tanzhang.workbench.files.records import Records, Splitter
from tanzhang.workbench.files.source import ByteSource

_BOM = b"\xef\xbb\xbf"
_WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


class CsvReader:
    """Reads one CSV source; ``columns`` are known as soon as it is made."""

    def __init__(self, source: ByteSource, delimiter: str, limits: Limits) -> None:
        self._source = source
        self._delimiter = delimiter
        self._limits = limits
        self._splitter = Splitter(delimiter, limits.record_bytes)
        self._row = 0  # rows met so far
        self._offset = 0  # bytes of content before self._rest
        self._rest = b""
        self.columns = self._header()

    def chunks(self) -> Iterator[Chunk]:
        """All rows in order, at most ``chunk_rows`` at a time. Blank lines are no rows."""
        skipping = False
        while True:
            block = self._source.read(self._limits.block_bytes)
            data, last = self._rest + block, not block
            if skipping:
                data, skipping = self._after_line(data)
            records = self._splitter.split(data, last=last)
            yield from self._cut(data, records)
            skipping = skipping or records.skipping
            self._rest = data[records.used :]
            self._offset += records.used
            if last:
                return

    # --- the header ---------------------------------------------------------------------------

    def _header(self) -> tuple[str, ...]:
        data = self._source.read(self._limits.block_bytes)
        if data.startswith(_WIDE_BOMS):
            raise Problem("imports.encoding_wrong", file=self._source.name, byte=0)
        if data.startswith(_BOM):
            data, self._offset = data[len(_BOM) :], len(_BOM)
        blank = len(data) - len(data.lstrip(b"\r\n"))
        data, self._offset = data[blank:], self._offset + blank
        if not data.strip():
            raise Problem("imports.file_empty", file=self._source.name)
        first = self._splitter.split(data[: self._limits.record_bytes + 1], last=True)
        if any(index == 0 for index, _, _ in first.broken) or not len(first.ends):
            raise Problem("imports.header_broken", file=self._source.name)
        end = int(first.ends[0])
        if end >= self._limits.record_bytes:
            raise Problem("imports.header_broken", file=self._source.name)
        line_end = data.find(b"\n", end)
        used = len(data) if line_end < 0 else line_end + 1
        names = self._names(data[:end])
        self._rest = data[used:]
        self._offset += used
        return names

    def _names(self, header: bytes) -> tuple[str, ...]:
        file = self._source.name
        try:
            header.decode("utf-8")
        except UnicodeDecodeError as error:
            byte = self._offset + error.start
            raise Problem("imports.encoding_wrong", file=file, byte=byte) from error
        if b"\0" in header:
            raise Problem("imports.header_broken", file=file)
        width = self._splitter.split(header, last=True).fields[0]
        if width > self._limits.columns:
            raise Problem("imports.columns_too_many", file=file, limit=self._limits.columns)
        row = self._parse(header, int(width)).row(0)
        names = tuple((name or "").strip() for name in row)
        repeated = sorted({name for name in names if names.count(name) > 1})
        if repeated:
            raise Problem("imports.header_repeats", file=file, column=repeated[0])
        return names

    # --- the rows -----------------------------------------------------------------------------

    def _after_line(self, data: bytes) -> tuple[bytes, bool]:
        """What follows the over-long line that is being dropped, and whether it still goes on."""
        line_end = data.find(b"\n")
        dropped = len(data) if line_end < 0 else line_end + 1
        self._offset += dropped
        return data[dropped:], line_end < 0

    def _cut(self, data: bytes, records: Records) -> Iterator[Chunk]:
        """Chunks of one block: sound rows parsed, the others named."""
        starts, ends = np.asarray(records.starts, np.int64), np.asarray(records.ends, np.int64)
        fields = np.asarray(records.fields, np.int64)
        filled = ends > starts
        numbers, broken = self._number(starts, filled, records)
        flaws = self._flaws(data, starts, ends, fields, filled, numbers)
        for row, start, code in broken:
            flaws.add(row, code, self._offset + start)
        sound = filled & ~np.isin(numbers, np.array(flaws.rows, np.int64))
        flawed = flaws.frame().sort("row")
        places = np.flatnonzero(sound)
        if not len(places) and flawed.is_empty():
            return
        for first in range(0, max(1, len(places)), self._limits.chunk_rows):
            part = places[first : first + self._limits.chunk_rows]
            whole = len(part) == len(starts) and not broken
            payload = (
                data[starts[0] : ends[-1]]
                if whole
                else b"\n".join(data[starts[place] : ends[place]] for place in part)
            )
            yield Chunk(
                table=self._parse(payload, len(self.columns), self.columns),
                rows=row_numbers(numbers[part].tolist()),
                flawed=flawed if first == 0 else no_flaws(),
                done=self._source.done,
            )

    def _number(
        self, starts: np.ndarray, filled: np.ndarray, records: Records
    ) -> tuple[np.ndarray, list[tuple[int, int, str]]]:
        """Places in the file of the records, and of the broken lines between them."""
        broken_at = np.array([start for _, start, _ in records.broken], np.int64)
        before = np.searchsorted(broken_at, starts)  # broken lines before each record
        numbers = self._row + np.cumsum(filled) + before
        earlier = np.searchsorted(starts, broken_at)  # records before each broken line
        filled_before = np.concatenate(([0], np.cumsum(filled)))[earlier]
        broken = [
            (self._row + int(filled_before[place]) + place + 1, start, code)
            for place, (_, start, code) in enumerate(records.broken)
        ]
        self._row += int(filled.sum()) + len(broken)
        return numbers, broken

    def _flaws(
        self,
        data: bytes,
        starts: np.ndarray,
        ends: np.ndarray,
        fields: np.ndarray,
        filled: np.ndarray,
        numbers: np.ndarray,
    ) -> Flaws:
        flaws = Flaws()
        for place in np.flatnonzero(filled & (fields != len(self.columns))):
            flaws.add(int(numbers[place]), "ragged_row", self._offset + int(starts[place]))
        if b"\0" in data or not _is_utf8(data, ends):
            for place in np.flatnonzero(filled & (fields == len(self.columns))):
                start, end = int(starts[place]), int(ends[place])
                wrong = wrong_text(data[start:end])
                if wrong:
                    flaws.add(int(numbers[place]), wrong[0], self._offset + start + wrong[1])
        return flaws

    def _parse(self, payload: bytes, width: int, names: tuple[str, ...] = ()) -> pl.DataFrame:
        """Records with ``width`` cells each as a table of texts; an empty cell is null."""
        columns = [f"c{place}" for place in range(width)]
        table = pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
        if payload:
            table = pl.read_csv(
                io.BytesIO(payload),
                has_header=False,
                schema=dict.fromkeys(columns, pl.String),
                separator=self._delimiter,
                quote_char='"',
            )
        table = table.select(pl.all().replace("", None))
        return table.rename(dict(zip(columns, names, strict=True))) if names else table


def _is_utf8(data: bytes, ends: np.ndarray) -> bool:
    try:
        data[: int(ends[-1]) if len(ends) else 0].decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def wrong_text(record: bytes) -> tuple[str, int] | None:
    """What makes these bytes no text, and where: ``nul_byte`` or ``not_utf8``."""
    if (nul := record.find(b"\0")) >= 0:
        return "nul_byte", nul
    try:
        record.decode("utf-8")
    except UnicodeDecodeError as error:
        return "not_utf8", error.start
    return None
