"""What waits, how fast it is settled, and what became of each piece."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from apps_world import RECEIVED_US, instant, report, ride

from tanzhang.apps.activities.api import (
    accept,
    drain,
    latest_pieces,
    pace,
    piece,
    waiting_by_shard,
    waiting_pieces,
)
from tanzhang.apps.activities.backlog import pieces

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]

RECEIVED_AT = datetime.fromtimestamp(RECEIVED_US // 1_000_000, UTC)


def hand_in(*external_ids: str, person: str = "ada") -> None:
    rows = [
        ride(name, person=person, started_us=instant(f"2024-05-{day:02} 08:00"))
        for day, name in enumerate(external_ids, 1)
    ]
    accept(report(*rows), partner="bikes", programme="lake", received_us=RECEIVED_US, enrol=True)


def test_an_empty_queue_has_no_shards_and_no_pace() -> None:
    assert waiting_by_shard() == []
    assert (pace().pieces, pace().fast_permille, pace().last_at) == (0, None, None)


def test_what_waits_is_summed_by_shard() -> None:
    hand_in("r1", "r2")
    hand_in("r3")
    (load,) = waiting_by_shard()
    assert (load.pieces, load.items, load.oldest_at) == (2, 3, RECEIVED_AT)
    assert [line.item_count for line in waiting_pieces(9)] == [2, 1]
    assert [line.settled_at for line in waiting_pieces(9)] == [None, None]
    assert len(waiting_pieces(1)) == 1


def test_a_settled_piece_says_what_settling_did_and_where_the_log_has_it() -> None:
    hand_in("r1", "r2")
    drain()
    assert waiting_by_shard() == []
    (line,) = latest_pieces(9)
    assert (line.kind, line.partner, line.item_count) == ("report", "bikes", 2)
    assert (line.outcome_count, line.position) == (2, 1)
    assert line.settled_at is not None and line.settled_at > RECEIVED_AT
    assert len(line.digest) == len(line.leaf_root or "") == 64
    assert piece(line.id) == line == pieces([line.id])[line.id]
    found = pace()
    assert (found.pieces, found.items) == (1, 2)
    assert found.fast_permille == found.fast_items * 500
    assert found.median_s == found.slowest_s == (line.settled_at - RECEIVED_AT).total_seconds()


def test_the_latest_pieces_are_read_page_by_page_and_by_shard_or_partner() -> None:
    for name in ("r1", "r2", "r3"):
        hand_in(name)
    newest, middle, oldest = latest_pieces(9)
    assert newest.id > middle.id > oldest.id
    assert latest_pieces(1) == [newest]
    assert latest_pieces(9, before=middle.id) == [oldest]
    assert len(latest_pieces(9, shard=newest.shard)) == 3
    assert latest_pieces(9, shard=(newest.shard + 1) % 64) == []
    assert latest_pieces(9, partner_id=0) == []


def test_a_piece_that_does_not_exist_is_none() -> None:
    assert piece(1) is None
