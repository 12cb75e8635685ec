"""Writing a batch: what came, what was answered, and by which key each event is found again."""

from __future__ import annotations

import io
import uuid
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl
import psycopg

from tanzhang.apps.activities.door import VERDICTS
from tanzhang.apps.activities.intake.receipt import RESULTS, Receipt
from tanzhang.apps.copying import Column, copy_in
from tanzhang.apps.database import bulk_transaction
from tanzhang.engine.log import sm3

_INSERT = """
insert into batch (id, partner_id, received_at, channel, key_id, idempotency_key, canonical,
    signature, body_digest, item_count, accepted, duplicate, conflict, rejected, held, dropped,
    merkle_root, receipt_digest, results, piece_ids)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
_INSERT_BODY = "insert into batch_body (batch_id, received_at, body) values (%s, %s, %s)"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one authenticated delivery brought, and the evidence that its partner sent it."""

    body: bytes
    channel: str  #: ``api``, ``pull`` or ``file``
    received_at: datetime
    key_id: str | None
    idempotency_key: str | None
    canonical: bytes  #: the string that was signed
    signature: bytes


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of a delivery's events. ``keys``: row, key_hi and key_lo of those with a key."""

    batch_id: uuid.UUID
    partner_id: int
    counts: Mapping[str, int]
    dropped: Sequence[str]
    results: pl.DataFrame
    keys: pl.DataFrame
    piece_ids: tuple[int, ...]
    receipt: Receipt


def store(cursor: psycopg.Cursor[Any], delivery: Delivery, answered: Answered, kept: bytes) -> None:
    """Write a batch, what is kept of its body, and its events' keys."""
    counts = answered.counts
    cursor.execute(
        _INSERT,
        [
            answered.batch_id,
            answered.partner_id,
            delivery.received_at,
            delivery.channel,
            delivery.key_id,
            delivery.idempotency_key,
            delivery.canonical,
            delivery.signature,
            sm3(delivery.body),
            len(answered.results),
            *(counts[name] for name in VERDICTS),
            list(answered.dropped),
            answered.receipt.merkle_root,
            sm3(answered.receipt.body),
            write_results(answered.results),
            list(answered.piece_ids),
        ],
    )
    packed = zlib.compress(kept, level=1)
    cursor.execute(_INSERT_BODY, [answered.batch_id, delivery.received_at, packed])
    keys = answered.keys.sort("key_hi", "key_lo")
    if len(keys):
        halves = np.frombuffer(answered.batch_id.bytes, ">u8").astype(np.uint64)
        batch = np.broadcast_to(halves, (len(keys), 2))
        columns = {
            "event_key": Column("uuid", keys.select("key_hi", "key_lo").to_numpy()),
            "batch_id": Column("uuid", batch),
            "row": Column("int2", keys["row"].to_numpy()),
        }
        copy_in(cursor, "batch_item", columns)


def forget_bodies() -> int:
    """Remove the bodies that no partner may dispute any more (older than 90 days); how many.

    The database's own function does it, so that the app can remove nothing younger. What was
    signed, the digest of the body and what was answered stay.
    """
    with bulk_transaction() as cursor:
        cursor.execute("select forget_batch_bodies()")
        return int(cursor.fetchall()[0][0])


def write_results(results: pl.DataFrame) -> bytes:
    """Results (``RESULTS``) as one compressed columnar body."""
    if results.schema != RESULTS:
        raise ValueError(f"not the columns of results: {results.schema}")
    packed = results.with_columns(pl.col("event_key").str.decode("hex"))
    body = io.BytesIO()
    packed.write_ipc(body, compression="lz4")
    return body.getvalue()


def read_results(body: bytes) -> pl.DataFrame:
    """The results of a batch, in the order of its events."""
    return pl.read_ipc(io.BytesIO(body)).with_columns(pl.col("event_key").bin.encode("hex"))
