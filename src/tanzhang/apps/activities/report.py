"""The canonical report: what a file mapping or the simulator hands to the door, a row an act."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from tanzhang.apps.activities.authenticity.signals import report_types
from tanzhang.problems import Problem
from tanzhang.stored_time import DAY_US

#: Columns that every report has. Beside them stands one ``in_<name>`` column (int64, null where it
#: was not reported) for each input, in canonical units, and one ``sig_<name>`` column for each
#: signal that was sent (engine/authenticity/signals.py; text for tokens, else int64). ``row`` is
#: the place in the file, ``person`` the partner's own reference, ``item_key`` the plain id of a
#: shared thing. Times: UTC.
REPORT: Final = pl.Schema(
    {
        "row": pl.UInt32,
        "external_id": pl.String,
        "revision": pl.Int32,
        "withdrawn": pl.Boolean,
        "held": pl.Boolean,
        "person": pl.String,
        "scene": pl.String,
        "started_us": pl.Int64,
        "ended_us": pl.Int64,
        "grade": pl.Int16,
        "item_key": pl.String,
    }
)

INPUT_PREFIX: Final = "in_"

#: Longer texts are no ids: the mapping took the wrong column.
LONGEST_ID_CHARACTERS: Final = 256

EARLIEST_US: Final = 946_684_800_000_000  #: 2000-01-01 UTC: before it there was no scheme to join


def check_columns(report: pl.DataFrame) -> None:
    """Raise ``door.report_malformed`` unless the frame has a report's columns and no others."""
    inputs = {name: pl.Int64 for name in report.columns if name.startswith(INPUT_PREFIX)}
    signals = {name: dtype for name, dtype in report_types().items() if name in report.columns}
    for name, dtype in {**REPORT, **inputs, **signals}.items():
        if report.schema.get(name) != dtype:
            raise Problem("door.report_malformed", column=name, expected=str(dtype))
    for name in report.columns:
        if name not in REPORT and name not in inputs and name not in signals:
            raise Problem("door.report_malformed", column=name, expected=f"{INPUT_PREFIX}<name>")
    if report["row"].n_unique() != len(report) or report["row"].has_nulls():
        raise Problem("door.report_malformed", column="row", expected="a number of its own each")


def input_columns(report: pl.DataFrame) -> Sequence[str]:
    """The columns that hold inputs, in a stated order."""
    return sorted(name for name in report.columns if name.startswith(INPUT_PREFIX))


def row_fault(received_us: int) -> pl.Expr:
    """The code of what is wrong with a row by itself; null where nothing is.

    Whether an act ends before it starts, and whether its inputs are plausible, is for settlement to
    say. Here only what could not be stored, or not be meant, is refused.
    """
    latest_us = received_us + DAY_US
    checks = (
        (blank("external_id"), "id_missing"),
        (_too_long("external_id"), "id_too_long"),
        (pl.col("revision").is_null() | (pl.col("revision") < 0), "revision_invalid"),
        (blank("person"), "person_missing"),
        (_too_long("person"), "person_too_long"),
        (pl.col("scene").is_null(), "scene_unknown"),
        (pl.any_horizontal(pl.col("started_us", "ended_us").is_null()), "time_missing"),
        (pl.min_horizontal("started_us", "ended_us") < EARLIEST_US, "time_past"),
        (pl.max_horizontal("started_us", "ended_us") > latest_us, "time_future"),
        (pl.col("grade").is_null() | (pl.col("grade") < 0), "grade_invalid"),
        (_too_long("item_key"), "item_key_too_long"),
    )
    return pl.coalesce(pl.when(wrong).then(pl.lit(code)) for wrong, code in checks)


def canonical_content(inputs: Sequence[str]) -> pl.Expr:
    """What a revision says, as one text: two revisions with the same number must say the same.

    The account stands for the person; inputs that were not reported are left out, so that another
    file with other columns can repeat the row. The item key is last as it may hold anything.
    """
    parts = [
        pl.when(pl.col("withdrawn").fill_null(False)).then(pl.lit("withdrawn")),
        pl.col("scene"),
        pl.col("account_id").cast(pl.String),
        pl.col("started_us").cast(pl.String),
        pl.col("ended_us").cast(pl.String),
        pl.col("grade").cast(pl.String),
        *(pl.format(f"{name}={{}}", pl.col(name)) for name in inputs),
        pl.format("item={}", pl.col("item_key")),
    ]
    return pl.concat_str(parts, separator="\x1f", ignore_nulls=True)


def blank(column: str) -> pl.Expr:
    """Whether a text says nothing: it is null, empty, or white space alone."""
    return pl.col(column).fill_null("").str.strip_chars() == ""


def _too_long(column: str) -> pl.Expr:
    return pl.col(column).str.len_chars() > LONGEST_ID_CHARACTERS
