"""One import from the first row to the last; where the acts go is somebody else's business."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from tanzhang.engine.mapping import FieldMapping, Mapped, apply
from tanzhang.workbench.files import Chunk, OpenFile

#: What can become of a row.
VERDICTS = ("accepted", "duplicate", "conflict", "rejected", "held")

#: Takes a report (``engine.mapping.apply.REPORT_SCHEMA`` and inputs), answers for each of its rows:
#: row, verdict, code (null where there is nothing to say) and event_key (hexadecimal, or null).
Door = Callable[[pl.DataFrame], pl.DataFrame]

#: One line for each row of the file.
RESULT_SCHEMA: dict[str, type[pl.DataType]] = {
    "row": pl.UInt32,
    "external_id": pl.String,
    "event_key": pl.String,
    "verdict": pl.String,
    "code": pl.String,
    "column": pl.String,
}


@dataclass
class Tally:
    """Counts over all rows, and the keys of the file's events."""

    rows: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    keys: list[pl.Series] = field(default_factory=list)

    def add(self, results: pl.DataFrame) -> None:
        """Count one chunk of results."""
        self.rows += len(results)
        self.verdicts.update(results["verdict"].to_list())
        self.codes.update(results["code"].drop_nulls().to_list())
        self.keys.append(results["event_key"].drop_nulls())

    def event_keys(self) -> pl.Series:
        """The key of every event that the file names, once each (hexadecimal text)."""
        return pl.concat([pl.Series(dtype=pl.String), *self.keys]).unique()

    def as_json(self) -> dict[str, Any]:
        """rows, the five verdicts (they sum to rows) and the codes."""
        counts = {verdict: self.verdicts[verdict] for verdict in VERDICTS}
        return {"rows": self.rows, **counts, "codes": dict(sorted(self.codes.items()))}


def import_file(
    file: OpenFile, mapping: FieldMapping, door: Door
) -> Iterator[tuple[pl.DataFrame, float]]:
    """The results of the file's rows (RESULT_SCHEMA), chunk by chunk, and the share done so far.

    Nothing is read ahead: a chunk is handed to the door when it is asked for. Where the file itself
    breaks, the Problem comes after the results of every row before that place.
    """
    for chunk in file.chunks():
        mapped = apply(mapping, chunk.table, chunk.rows)
        yield _results(chunk, mapped, door), chunk.done


def _results(chunk: Chunk, mapped: Mapped, door: Door) -> pl.DataFrame:
    unread = chunk.flawed.select("row", "code").with_columns(verdict=pl.lit("rejected"))
    refused = mapped.refused.with_columns(verdict=pl.lit("rejected"))
    results = pl.concat(
        [_complete(unread), _complete(refused), _complete(_answers(mapped, door))]
    ).sort("row")
    expected = len(chunk.rows) + len(chunk.flawed)
    if len(results) != expected or results["row"].n_unique() != expected:
        raise RuntimeError(f"{expected} rows went in and {len(results)} results came out")
    return results


def _answers(mapped: Mapped, door: Door) -> pl.DataFrame:
    """The door's answers; a row that the mapping holds names the mapping's reason."""
    if mapped.report.is_empty():
        return pl.DataFrame(schema=RESULT_SCHEMA)
    answers = door(mapped.report).with_columns(pl.col("row").cast(pl.UInt32))
    why_held = mapped.held.select("row", pl.col("code").alias("held_code"), "column")
    is_held = pl.col("verdict") == "held"
    return (
        answers.join(mapped.report.select("row", "external_id"), on="row", how="left")
        .join(why_held, on="row", how="left")
        .with_columns(
            code=pl.when(is_held).then(pl.coalesce("held_code", "code")).otherwise("code"),
            column=pl.when(is_held).then("column"),
        )
    )


def _complete(part: pl.DataFrame) -> pl.DataFrame:
    absent = [pl.lit(None).alias(name) for name in RESULT_SCHEMA if name not in part.columns]
    typed = (pl.col(name).cast(kind) for name, kind in RESULT_SCHEMA.items())
    return part.with_columns(absent).select(typed)
