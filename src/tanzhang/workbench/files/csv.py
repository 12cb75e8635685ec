"""CSV in chunks: the header once, then blocks of records; every cell is text or nothing."""

from __future__ import annotations

import io
from collections.abc import Iterator

import numpy as np
import polars as pl

from tanzhang.engine.rules import Ints
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
        """All rows in order, at most ``chunk_rows`` at a time. Blank lines are no rows.

        Where the file breaks, the rows that are whole before that place come first.
        """
        skipping = False
        while True:
            try:
                block = self._source.read(self._limits.block_bytes)
            except Problem:
                yield from self._cut(self._rest, self._splitter.split(self._rest, last=False))
                raise
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
        is_record = len(first.starts) > 0 and first.starts[0] == 0
        if not is_record or first.ends[0] >= self._limits.record_bytes:
            raise Problem("imports.header_broken", file=self._source.name)
        end = int(first.ends[0])
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
        width = self._splitter.split(header, last=True).cells[0]
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
        starts, ends = records.starts, records.ends
        numbers, between = self._number(records)
        flaws = self._flaws(data, records, numbers, between)
        flawed = flaws.frame().sort("row")
        unsound = np.isin(numbers, np.array(flaws.rows, np.int64))
        places = np.flatnonzero((ends > starts) & ~unsound)
        if not len(places) and flawed.is_empty():
            return
        for first in range(0, max(1, len(places)), self._limits.chunk_rows):
            part = places[first : first + self._limits.chunk_rows]
            if len(part) == len(starts) and not records.broken:
                payload = data[starts[0] : ends[-1]]
            else:
                payload = b"\n".join(data[starts[place] : ends[place]] for place in part)
            yield Chunk(
                table=self._parse(payload, len(self.columns), self.columns),
                rows=row_numbers(numbers[part].tolist()),
                flawed=flawed if first == 0 else no_flaws(),
                done=self._source.done,
            )

    def _number(self, records: Records) -> tuple[Ints, Ints]:
        """Places in the file of the records and of the broken lines; blank lines have none."""
        broken = np.array([start for start, _ in records.broken], np.int64)
        filled = np.concatenate(([0], np.cumsum(records.ends > records.starts)))
        numbers = self._row + filled[1:] + np.searchsorted(broken, records.starts)
        between = self._row + filled[np.searchsorted(records.starts, broken)]
        self._row += int(filled[-1]) + len(broken)
        return numbers, between + np.arange(1, len(broken) + 1)

    def _flaws(self, data: bytes, records: Records, numbers: Ints, between: Ints) -> Flaws:
        """Every row of the block that cannot be read."""
        flaws = Flaws()
        for row, (start, code) in zip(between.tolist(), records.broken, strict=True):
            flaws.add(row, code, self._offset + start)
        filled = records.ends > records.starts
        whole = filled & (records.cells == len(self.columns))
        starts, ends = records.starts.tolist(), records.ends.tolist()
        for place in np.flatnonzero(filled & ~whole).tolist():
            flaws.add(int(numbers[place]), "ragged_row", self._offset + starts[place])
        if b"\0" in data or not _is_utf8(data[: records.used]):
            for place in np.flatnonzero(whole).tolist():
                if wrong := wrong_text(data[starts[place] : ends[place]]):
                    byte = self._offset + starts[place] + wrong[1]
                    flaws.add(int(numbers[place]), wrong[0], byte)
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


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
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
