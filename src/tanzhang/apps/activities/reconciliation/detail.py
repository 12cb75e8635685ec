"""The detail of a day: a line for each event of each batch, in the order of arrival.

The file is RFC 4180 CSV in UTF-8, every text quoted, lines ended by a line feed. A text that a
spreadsheet would take for a formula gets an apostrophe in front.
"""

from __future__ import annotations

from collections.abc import Mapping
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

#: Events whose outcomes are read at a time.
_AT_ONCE: Final = 20_000


def read_detail(cursor: psycopg.Cursor[Any], day: PartnerDay) -> pl.DataFrame:
    """The day's lines (``DETAIL``)."""
    cursor.execute(_BATCHES, [day.partner_id, day.begins, day.ends])
    parts = [
        read_results(bytes(packed)).with_columns(batch_id=pl.lit(number))
        for number, packed in cursor.fetchall()
    ]
    if not parts:
        return pl.DataFrame(schema=DETAIL)
    rows = pl.concat(parts).rename({"external_id": "id", "verdict": "outcome"})
    keys = rows.filter(pl.col("outcome").is_in(["accepted", "held"]))["event_key"].unique()
    standing: dict[str, Settled] = {}
    for start in range(0, len(keys), _AT_ONCE):
        standing |= settled(cursor, keys.slice(start, _AT_ONCE))
    known = _standing(standing)
    taken = pl.col("outcome").is_in(["accepted", "held"])
    return (
        rows.join(known, on="event_key", how="left", maintain_order="left")
        .with_columns(
            pl.col("sm3").bin.encode("hex"),
            pl.when(taken).then(pl.col("status", "reduction_mg", "points")),
        )
        .select(pl.col(name).cast(dtype) for name, dtype in DETAIL.items())
    )


def write_detail(rows: pl.DataFrame) -> bytes:
    """The lines as they are downloaded."""
    texts = pl.col(pl.String)
    harmless = pl.when(texts.str.contains(_FORMULA)).then("'" + texts).otherwise(texts)
    text = rows.with_columns(harmless.name.keep()).write_csv(quote_style="non_numeric")
    return text.encode()


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
