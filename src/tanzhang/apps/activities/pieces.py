"""The body of a piece: accepted items of one shard as one compressed columnar blob."""

from __future__ import annotations

import io
from typing import Final

import polars as pl

#: One accepted act a row. Keys are 16 bytes as two unsigned halves; an item key of (0, 0) is none.
#: ``state`` is ``engine.acts.State``; ``day`` and ``month`` (YYYYMM) are local to the programme;
#: ``q1`` … are the inputs in the order that the act's pack declares them.
ITEM: Final = pl.Schema(
    {
        "key_hi": pl.UInt64,
        "key_lo": pl.UInt64,
        "subject_id": pl.Int64,
        "account_id": pl.Int64,
        "revision": pl.Int32,
        "state": pl.Int16,
        "pack_id": pl.Int16,
        "scene_id": pl.Int16,
        "partner_id": pl.Int16,
        "programme_id": pl.Int16,
        "started_us": pl.Int64,
        "ended_us": pl.Int64,
        "day": pl.Int32,
        "month": pl.Int32,
        "grade": pl.Int16,
        "item_hi": pl.UInt64,
        "item_lo": pl.UInt64,
        "q1": pl.Int64,
        "q2": pl.Int64,
        "q3": pl.Int64,
        "q4": pl.Int64,
        "consent": pl.Boolean,
        "joined_day": pl.Int32,
    }
)

#: More items than this and a piece becomes two: settling one piece is one transaction.
MAX_ITEMS: Final = 20_000


def write_piece(items: pl.DataFrame) -> bytes:
    """The body of a piece: Arrow IPC, compressed with zstd. ``items`` has exactly ``ITEM``."""
    if items.schema != ITEM:
        raise ValueError(f"not the columns of a piece: {items.schema}")
    body = io.BytesIO()
    items.write_ipc(body, compression="zstd")
    return body.getvalue()


def read_piece(body: bytes) -> pl.DataFrame:
    """The items of a piece, as they were accepted, in the order of (subject, start, key)."""
    return pl.read_ipc(io.BytesIO(body), memory_map=False)
