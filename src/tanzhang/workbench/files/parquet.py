"""Parquet in slices of rows; values become the text that a CSV file would hold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from tanzhang.problems import Problem
from tanzhang.workbench.files.chunks import Chunk, Flaws, Limits, no_flaws, row_numbers

#: What Polars raises on a damaged file; some damage makes its Rust side panic.
_DAMAGE = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError)

_NUMBERS_AND_TEXT = (pl.String, pl.Boolean, pl.Categorical, pl.Enum, pl.Null)


class ParquetReader:
    """Reads one Parquet file. Columns that hold lists, structures or bytes are left out."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._name = path.name
        self._limits = limits
        try:
            self._frame = pl.scan_parquet(path, glob=False)
            schema = self._frame.collect_schema()
            self._height: int = self._frame.select(pl.len()).collect().item()
        except _DAMAGE as error:
            raise Problem("imports.parquet_broken", file=self._name) from error
        readable = {name: kind for name, kind in schema.items() if _is_flat(kind)}
        if len(readable) > limits.columns:
            raise Problem("imports.columns_too_many", file=self._name, limit=limits.columns)
        if not self._height:
            raise Problem("imports.file_empty", file=self._name)
        self.columns = tuple(readable)
        # Names of a file are never patterns: a column called "^a.*$" is one column.
        self._texts = [as_text(pl.nth(schema.names().index(n)), k) for n, k in readable.items()]

    def chunks(self) -> Iterator[Chunk]:
        """All rows in order, at most ``chunk_rows`` at a time."""
        for first in range(0, self._height, self._limits.chunk_rows):
            part = self._frame.slice(first, self._limits.chunk_rows)
            try:
                table = part.select(self._texts).collect()
            except _DAMAGE as error:
                raise Problem("imports.parquet_broken", file=self._name) from error
            last = first + len(table)
            yield self._checked(table, first, last / self._height)

    def _checked(self, table: pl.DataFrame, first: int, done: float) -> Chunk:
        """Leave out rows that hold a NUL or a text beyond any sense."""
        every = pl.all()
        nul = table.select(pl.any_horizontal(every.str.contains("\0", literal=True)))
        long = table.select(pl.any_horizontal(every.str.len_bytes() > self._limits.record_bytes))
        wrong_nul, wrong_long = nul.to_series().fill_null(False), long.to_series().fill_null(False)
        rows = row_numbers(range(first + 1, first + 1 + len(table)))
        if not (wrong_nul.any() or wrong_long.any()):
            return Chunk(table, rows, no_flaws(), done)
        flaws = Flaws()
        for place, (has_nul, is_long) in enumerate(zip(wrong_nul, wrong_long, strict=True)):
            if has_nul or is_long:
                flaws.add(first + 1 + place, "nul_byte" if has_nul else "line_too_long", 0)
        sound = ~(wrong_nul | wrong_long)
        return Chunk(table.filter(sound), rows.filter(sound), flaws.frame(), done)


def _is_flat(kind: pl.DataType) -> bool:
    return kind.is_numeric() or kind.is_temporal() or kind in _NUMBERS_AND_TEXT


def as_text(column: pl.Expr, kind: pl.DataType) -> pl.Expr:
    """The column as text; instants that know their offset are written in UTC with a Z."""
    if isinstance(kind, pl.Datetime):
        if kind.time_zone:
            utc = column.dt.convert_time_zone("UTC")
            return utc.dt.to_string("%Y-%m-%d %H:%M:%S%.6fZ")
        return column.dt.to_string("%Y-%m-%d %H:%M:%S%.6f")
    return column.cast(pl.String).replace("", None)
