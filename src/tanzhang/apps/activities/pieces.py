"""The body of a piece: accepted items of one shard as one compressed columnar blob."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import numpy as np
import polars as pl
import psycopg

from tanzhang.apps.activities.models import PieceKind
from tanzhang.apps.database import bytea_array, int8_array
from tanzhang.apps.distribution import shards

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


#: How a file of Arrow's IPC begins, which pieces were at first; a stream begins otherwise.
_FILE: Final = b"ARROW1"


def write_piece(items: pl.DataFrame) -> bytes:
    """The body of a piece: a stream of Arrow's IPC, compressed with zstd. ``items`` is ``ITEM``.

    A batch comes to the door in many small pieces, and a stream costs a quarter of a file to write
    and a fifth to read.
    """
    _check(items)
    return _written(items)


def read_piece(body: bytes) -> pl.DataFrame:
    """The items of a piece, as they were accepted, in the order of (subject, start, key)."""
    read = pl.read_ipc if body.startswith(_FILE) else pl.read_ipc_stream
    return read(io.BytesIO(body))


def store_pieces(
    cursor: psycopg.Cursor[Any], items: pl.DataFrame, partner_id: int, received_at: datetime
) -> tuple[int, ...]:
    """Split accepted items by shard, store them and let them wait; the numbers of the pieces."""
    _check(items)
    order = ["shard", "subject_id", "started_us", "key_hi", "key_lo"]
    sharded = items.with_columns(shard=pl.Series(shards(items["subject_id"].to_numpy())))
    parts: list[tuple[int, pl.DataFrame]] = []
    by_shard = sharded.sort(order).partition_by(
        "shard", include_key=False, maintain_order=True, as_dict=True
    )
    for (shard,), part in by_shard.items():
        parts += [(shard, piece) for piece in part.iter_slices(MAX_ITEMS)]
    sealed = [(shard, len(piece), _written(piece)) for shard, piece in parts]
    return queue_pieces(cursor, PieceKind.REPORT, sealed, received_at, partner_id)


def _check(items: pl.DataFrame) -> None:
    if items.schema != ITEM:
        raise ValueError(f"not the columns of a piece: {items.schema}")


def _written(items: pl.DataFrame) -> bytes:
    body = io.BytesIO()
    items.write_ipc_stream(body, compression="zstd")
    return body.getvalue()


def queue_pieces(
    cursor: psycopg.Cursor[Any],
    kind: PieceKind,
    parts: Sequence[tuple[int, int, bytes]],
    received_at: datetime,
    partner_id: int | None = None,
) -> tuple[int, ...]:
    """Store pieces (shard, number of items, body) and let them wait; their numbers."""
    if not parts:
        return ()
    cursor.execute(
        "with stored as (insert into piece"
        " (received_at, kind, partner_id, shard, item_count, digest, body)"
        " select %s, %s, %s, * from unnest(%s::smallint[], %s::integer[], %s, %s)"
        " returning id, shard)"
        " insert into piece_queue (piece_id, shard) select id, shard from stored"
        " returning piece_id",
        [
            received_at,
            int(kind),
            partner_id,
            int8_array(np.array([shard for shard, _, _ in parts], np.int64)),
            int8_array(np.array([items for _, items, _ in parts], np.int64)),
            bytea_array([hashlib.new("sm3", body).digest() for _, _, body in parts]),
            bytea_array([body for _, _, body in parts]),
        ],
    )
    return tuple(row[0] for row in cursor.fetchall())
