"""Pieces give back what was accepted, whichever form their body has."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import numpy as np
import polars as pl
import pytest

from clean_database import Database
from tanzhang.apps.activities.models import PieceKind
from tanzhang.apps.activities.pieces import (
    ITEM,
    MAX_ITEMS,
    queue_pieces,
    read_piece,
    store_pieces,
    write_piece,
)
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.distribution import SHARDS, shards

RECEIVED_AT = datetime(2025, 6, 1, tzinfo=UTC)


def items(count: int) -> pl.DataFrame:
    """Acts of as many subjects; every fourth has a second input."""
    numbers = np.arange(1, count + 1)
    columns: dict[str, Any] = dict.fromkeys(ITEM, numbers)
    columns["key_hi"] = numbers.astype(np.uint64) + np.uint64(2**63)
    columns["consent"] = numbers % 2 == 0
    for name in ("state", "pack_id", "scene_id", "partner_id", "programme_id", "grade"):
        columns[name] = numbers % 7
    made = pl.DataFrame(columns).select(pl.col(name).cast(dtype) for name, dtype in ITEM.items())
    return made.with_columns(q2=pl.when(pl.col("q1") % 4 == 0).then("q2"))


@pytest.mark.parametrize("count", [0, 1, 16, MAX_ITEMS])
def test_a_piece_gives_back_its_items(count: int) -> None:
    assert read_piece(write_piece(items(count))).equals(items(count))


def test_a_piece_of_the_first_form_can_still_be_read() -> None:
    body = io.BytesIO()
    items(16).write_ipc(body, compression="zstd")
    assert read_piece(body.getvalue()).equals(items(16))


@pytest.mark.database
def test_other_columns_are_no_piece(database: Database) -> None:
    other = items(3).rename({"q4": "q5"})
    with pytest.raises(ValueError, match="not the columns of a piece"):
        write_piece(other)
    with bulk_transaction() as cursor, pytest.raises(ValueError, match="not the columns"):
        store_pieces(cursor, other, 1, RECEIVED_AT)


@pytest.mark.database
@pytest.mark.usefixtures("river")
def test_items_are_split_by_shard_and_wait_in_the_order_of_subjects(database: Database) -> None:
    accepted = items(1_000).sample(fraction=1, shuffle=True, seed=1)
    with bulk_transaction() as cursor:
        numbers = store_pieces(cursor, accepted, 1, RECEIVED_AT)
        cursor.execute("select shard, item_count, body from piece order by id")
        stored = cursor.fetchall()
        cursor.execute("select piece_id from piece_queue order by 1")
        assert [number for (number,) in cursor.fetchall()] == sorted(numbers)
    assert [shard for shard, _, _ in stored] == list(range(SHARDS))
    for shard, count, body in stored:
        piece = read_piece(bytes(body))
        assert len(piece) == count
        assert set(shards(piece["subject_id"].to_numpy()).tolist()) == {shard}
        assert piece["subject_id"].is_sorted()
    whole = pl.concat(read_piece(bytes(body)) for _, _, body in stored)
    assert whole.sort("subject_id").equals(items(1_000))


@pytest.mark.database
def test_nothing_makes_no_piece(database: Database) -> None:
    with bulk_transaction() as cursor:
        assert store_pieces(cursor, items(0), 1, RECEIVED_AT) == ()
        assert queue_pieces(cursor, PieceKind.RESETTLE, [], RECEIVED_AT) == ()
