"""One way to open any file that a mapping describes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType

import polars as pl

from tanzhang.engine.mapping import FieldMapping, columns_of
from tanzhang.engine.mapping.spec import FileFormat
from tanzhang.problems import Problem
from tanzhang.workbench.files.chunks import MEBIBYTE, Chunk, Limits
from tanzhang.workbench.files.csv import CsvReader
from tanzhang.workbench.files.jsonl import JsonlReader
from tanzhang.workbench.files.parquet import ParquetReader
from tanzhang.workbench.files.source import ByteSource

_ENDINGS = {
    ".csv": "csv",
    ".txt": "csv",
    ".tsv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".pq": "parquet",
}


@dataclass
class OpenFile:
    """A file being read; close it, or use it as a context manager."""

    name: str
    needed: tuple[str, ...]
    _reader: CsvReader | JsonlReader | ParquetReader
    _source: ByteSource

    def __enter__(self) -> OpenFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._source.close()

    def chunks(self) -> Iterator[Chunk]:
        """The file's rows in order; every chunk has the columns that the mapping needs.

        Raises Problem where the file itself is broken, after the chunks before that place.
        """
        met = False
        for chunk in self._reader.chunks():
            absent = [name for name in self.needed if name not in chunk.table.columns]
            if absent and not met and not chunk.table.is_empty():
                self._refuse_without(absent, tuple(chunk.table.columns))
            met = met or not chunk.table.is_empty()
            empty = [pl.lit(None, dtype=pl.String).alias(name) for name in absent]
            table = chunk.table.with_columns(empty) if absent else chunk.table
            yield Chunk(table, chunk.rows, chunk.flawed, chunk.done)

    def check_columns(self) -> None:
        """Refuse a file whose header lacks a column that the mapping needs."""
        if self._reader.columns is not None:
            absent = [name for name in self.needed if name not in self._reader.columns]
            if absent:
                self._refuse_without(absent, self._reader.columns)

    def _refuse_without(self, absent: list[str], present: tuple[str, ...]) -> None:
        raise Problem(
            "imports.columns_missing",
            file=self.name,
            columns=", ".join(absent),
            present=", ".join(present),
        )


def open_file(path: Path, mapping: FieldMapping, limits: Limits | None = None) -> OpenFile:
    """Open ``path`` as ``mapping`` describes it; a file that is broken from the start is a Problem.

    The file's ending says what it is (``.gz`` beside it is optional: the bytes tell); the mapping's
    ``kind`` stands for files whose ending says nothing.
    """
    return open_table(path, mapping.file, columns_of(mapping), limits)


def open_table(
    path: Path, written: FileFormat, needed: tuple[str, ...], limits: Limits | None = None
) -> OpenFile:
    """Open ``path``, which is written as ``written`` says, for these columns; else like above."""
    limits = _allowed(limits or Limits(), written)
    source = ByteSource(path, limits)
    try:
        reader = _reader(path, source, written, limits)
        opened = OpenFile(path.name, needed, reader, source)
        opened.check_columns()
    except Problem:
        source.close()
        raise
    return opened


def _allowed(limits: Limits, written: FileFormat) -> Limits:
    """The limits, with what is known of this kind of file."""
    if written.unpacked_mib is not None:
        limits = replace(limits, unpacked_bytes=written.unpacked_mib * MEBIBYTE)
    if written.ratio is not None:
        limits = replace(limits, ratio=written.ratio)
    return limits


def _reader(
    path: Path, source: ByteSource, written: FileFormat, limits: Limits
) -> CsvReader | JsonlReader | ParquetReader:
    match _kind(path, written):
        case "csv":
            return CsvReader(source, written.delimiter, limits)
        case "jsonl":
            return JsonlReader(source, limits)
        case "parquet":
            return ParquetReader(path, limits)
    raise Problem("imports.kind_unknown", file=path.name)


def _kind(path: Path, written: FileFormat) -> str | None:
    endings = [ending.lower() for ending in path.suffixes]
    if endings and endings[-1] == ".gz":
        endings.pop()
    return _ENDINGS.get(endings[-1] if endings else "", written.kind)
