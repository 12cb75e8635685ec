"""Results of an import, written out row by row as CSV, JSON Lines or Parquet."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import BinaryIO

import polars as pl

from tanzhang.engine.mapping import FieldMapping
from tanzhang.problems import Problem
from tanzhang.workbench.importing.reasons import reason

_KINDS = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet"}


class ResultWriter:
    """Writes chunks of results to ``path``, which appears under its name when all are written.

    A context manager. Leaving it because of an error keeps what was written so far; if that is
    nothing, an older file of this name stays as it is.
    """

    def __init__(self, path: Path, mapping: FieldMapping | None, lang: str) -> None:
        self._path = path
        self._mapping = mapping
        self._lang = lang
        self._kind = _KINDS.get(path.suffix.lower(), "")
        self._parts = 0
        try:
            if not self._kind or path.is_dir():
                raise OSError
            self._folder = Path(tempfile.mkdtemp(prefix=".results-", dir=path.absolute().parent))
            self._stream: BinaryIO = (self._folder / "all").open("wb")
        except OSError as error:
            raise Problem("imports.results_unwritable", file=str(path)) from error

    def __enter__(self) -> ResultWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        whole = self._folder / "all"
        self._stream.close()
        try:
            if self._kind == "parquet":
                parts = self._folder / "*.part"
                empty = pl.LazyFrame()
                (pl.scan_parquet(parts) if self._parts else empty).sink_parquet(whole)
            if self._parts or kind is None:
                whole.replace(self._path)
        finally:
            shutil.rmtree(self._folder)

    def write(self, results: pl.DataFrame) -> None:
        """Append one chunk; columns with a code get its sentence beside it."""
        told = self._with_reasons(results) if "code" in results.columns else results
        if self._kind == "csv":
            told.write_csv(self._stream, include_header=self._parts == 0)
        elif self._kind == "jsonl":
            told.write_ndjson(self._stream)
        else:
            told.write_parquet(self._folder / f"{self._parts:08d}.part")
        self._parts += 1

    def _with_reasons(self, results: pl.DataFrame) -> pl.DataFrame:
        if self._mapping is None:
            return results
        codes = results["code"].drop_nulls().unique().to_list()
        told = {code: reason(code, self._mapping, self._lang) for code in codes}
        sentence = pl.col("code").replace_strict(told, default=None, return_dtype=pl.String)
        return results.with_columns(sentence.alias("reason"))
