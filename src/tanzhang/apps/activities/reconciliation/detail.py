"""The detail of a day: a line for each event of each batch, in the order of arrival.

The file is RFC 4180 CSV in UTF-8, every text quoted, lines ended by a line feed. A text that a
spreadsheet would take for a formula gets an apostrophe in front. It is kept in parts, which make
up the file when they are joined: the header stands in the first alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

import polars as pl
import psycopg

from tanzhang.apps.activities.intake.settled import Settled, settled
from tanzhang.apps.activities.intake.storing import read_results
from tanzhang.apps.activities.reconciliation.days import PartnerDay

#: The columns of the detail. The last three are as they stood when the file was made, empty where
#: nothing was accepted.
DETAIL: Final = pl.Schema(
    {
        "batch_id": pl.String,
        "row": pl.Int16,
        "id": pl.String,
        "revision": pl.Int32,
        "sm3": pl.String,
        "outcome": pl.String,
        "code": pl.String,
        "event_key": pl.String,
        "status": pl.String,
        "reduction_mg": pl.Int64,
        "points": pl.Int64,
    }
)

_FORMULA: Final = r"^[=+\-@\t\r]"

_BATCHES: Final = """
select id::text, results from batch
where partner_id = %s and received_at >= %s and received_at < %s order by received_at, id
"""

#: Lines of a part.
LINES_A_PART: Final = 50_000

#: Batches that are fetched at a time.
_BATCHES_AT_ONCE: Final = 50


def read_batches(
    connection: psycopg.Connection[Any], partner_id: int, begins: datetime, ends: datetime
) -> Iterator[pl.DataFrame]:
    """The results of each batch that arrived then (``receipt.RESULTS`` and ``batch_id``).

    They come in the order of arrival, a few at a time however many there are, within the
    transaction that is open.
    """
    with connection.cursor("batches_of_a_day") as cursor:
        cursor.itersize = _BATCHES_AT_ONCE
        cursor.execute(_BATCHES, [partner_id, begins, ends])
        for number, packed in cursor:
            yield read_results(bytes(packed)).with_columns(batch_id=pl.lit(number))


def read_detail(cursor: psycopg.Cursor[Any], day: PartnerDay) -> Iterator[pl.DataFrame]:
    """The day's lines (``DETAIL``), part after part; one part without lines if there are none."""
    waiting, count, is_first = [pl.DataFrame(schema=DETAIL)], 0, True
    for results in read_batches(cursor.connection, day.partner_id, day.begins, day.ends):
        rows = results.rename({"external_id": "id", "verdict": "outcome"})
        waiting.append(_with_standing(cursor, rows))
        count += len(rows)
        while count >= LINES_A_PART:
            lines = pl.concat(waiting)
            yield lines.head(LINES_A_PART)
            waiting, is_first = [lines.slice(LINES_A_PART)], False
            count = len(waiting[0])
    if count or is_first:
        yield pl.concat(waiting)


def write_detail(rows: pl.DataFrame, *, with_header: bool) -> bytes:
    """The lines as they are downloaded."""
    texts = pl.col(pl.String)
    harmless = pl.when(texts.str.contains(_FORMULA)).then("'" + texts).otherwise(texts)
    text = rows.with_columns(harmless.name.keep()).write_csv(
        quote_style="non_numeric", include_header=with_header
    )
    return text.encode()


def _with_standing(cursor: psycopg.Cursor[Any], rows: pl.DataFrame) -> pl.DataFrame:
    """Results as lines, with how each event that was taken stands now."""
    taken = pl.col("outcome").is_in(["accepted", "held"])
    keys = rows.filter(taken)["event_key"].unique()
    known = _standing(settled(cursor, keys) if len(keys) else {})
    return (
        rows.join(known, on="event_key", how="left", maintain_order="left")
        .with_columns(
            pl.col("sm3").bin.encode("hex"),
            pl.when(taken).then(pl.col("status", "reduction_mg", "points")),
        )
        .select(pl.col(name).cast(dtype) for name, dtype in DETAIL.items())
    )


def _standing(found: Mapping[str, Settled]) -> pl.DataFrame:
    """Outcomes as columns beside their event keys."""
    return pl.DataFrame(
        {
            "event_key": list(found),
            "status": [each.status for each in found.values()],
            "reduction_mg": [each.reduction_mg for each in found.values()],
            "points": [each.points for each in found.values()],
        },
        {"event_key": pl.String, "status": pl.String, "reduction_mg": pl.Int64, "points": pl.Int64},
    )
