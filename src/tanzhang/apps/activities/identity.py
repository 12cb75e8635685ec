"""Once-ness: which rows of a batch say something new, and which repeat or contradict.

The answer is that of reading the rows one by one in the order of the file, whatever came before in
other batches. The caller holds the partner's lock, so nobody else writes its events meanwhile.
"""

from __future__ import annotations

from typing import Any, Final

import polars as pl
import psycopg

from tanzhang.apps.copying import Column, copy_in
from tanzhang.apps.database import uuid_array

EVENT: Final = ("key_hi", "key_lo")
REVISION: Final = (*EVENT, "revision")

_STORED: Final = {
    "key": pl.Binary,
    "revision": pl.Int32,
    "stored_subject": pl.Int64,
    "stored_content": pl.Int64,
}


def judge(cursor: psycopg.Cursor[Any], items: pl.DataFrame) -> pl.DataFrame:
    """Give each item (in the order of the file) its ``code``.

    Null is new; ``superseded`` is new but a higher revision is known; ``same_content`` repeats;
    ``content_differs`` and ``subject_differs`` contradict.
    """
    stored = _stored(cursor, items)
    events = stored.group_by(EVENT).agg(
        pl.col("stored_subject").first(), stored_top=pl.col("revision").max()
    )
    revisions = stored.select(*REVISION, "stored_content")
    known = items.join(events, on=EVENT, how="left", maintain_order="left").join(
        revisions, on=REVISION, how="left", maintain_order="left"
    )
    subject = pl.coalesce("stored_subject", pl.col("subject_id").first().over(EVENT))
    placed = known.with_columns(other_subject=pl.col("subject_id") != subject)
    # A row about another subject says nothing of its revision: the first of the others does.
    group = [*REVISION, "other_subject"]
    content = pl.coalesce("stored_content", pl.col("content").first().over(group))
    repeated = pl.col("stored_content").is_not_null() | ~pl.struct(group).is_first_distinct()
    judged = placed.with_columns(differs=pl.col("content") != content, repeated=repeated)
    is_new = ~pl.col("other_subject") & ~pl.col("repeated")
    top = pl.max_horizontal(
        pl.col("revision").filter(is_new).max().over(EVENT), pl.col("stored_top")
    )
    code = (
        pl.when("other_subject")
        .then(pl.lit("subject_differs"))
        .when(pl.col("repeated") & pl.col("differs"))
        .then(pl.lit("content_differs"))
        .when("repeated")
        .then(pl.lit("same_content"))
        .when(pl.col("revision") < top)
        .then(pl.lit("superseded"))
    )
    return items.with_columns(judged.select(code=code))


def remember(cursor: psycopg.Cursor[Any], items: pl.DataFrame) -> None:
    """Write the identity of accepted items, superseded ones included, for ever."""
    ordered = items.sort(REVISION)
    copy_in(
        cursor,
        "event_identity",
        {
            "subject_id": Column("int8", ordered["subject_id"].to_numpy()),
            "content": Column("int8", ordered["content"].to_numpy()),
            "event_key": Column("uuid", ordered.select(EVENT).to_numpy()),
            "revision": Column("int4", ordered["revision"].to_numpy()),
            "month": Column("int4", ordered["month"].to_numpy()),
        },
    )


def _stored(cursor: psycopg.Cursor[Any], items: pl.DataFrame) -> pl.DataFrame:
    """Every known revision of the items' events."""
    keys = items.select(EVENT).unique().sort(EVENT)
    cursor.execute(
        "select uuid_send(event_key), revision, subject_id, content"
        " from event_identity where event_key = any(%s)",
        [uuid_array(keys["key_hi"].to_numpy(), keys["key_lo"].to_numpy())],
        binary=True,
    )
    rows = pl.DataFrame(cursor.fetchall(), _STORED, orient="row")
    halves = pl.col("key").bin
    return rows.with_columns(
        key_hi=halves.slice(0, 8).bin.reinterpret(dtype=pl.UInt64, endianness="big"),
        key_lo=halves.slice(8, 8).bin.reinterpret(dtype=pl.UInt64, endianness="big"),
    )
