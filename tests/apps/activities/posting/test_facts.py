"""Facts as columns: which of several revisions counts, and numbers that stand for keys."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from tanzhang.apps.activities.pieces import ITEM
from tanzhang.apps.activities.posting.facts import (
    HOLD,
    Facts,
    facts_of_items,
    halves,
    item_codes,
    item_ids,
    key_bytes,
    newest_revisions,
    no_facts,
    ranks,
)
from tanzhang.engine.acts import State

#: Sorted; neighbours differ in the first half or in the second one alone.
KEYS = [
    bytes(15) + b"\1",
    bytes(8) + b"\x80" + bytes(7),
    bytes(7) + b"\1" + bytes(8),
    bytes(7) + b"\1" + b"\xff" * 8,
    b"\x80" + bytes(15),
    b"\xff" * 16,
]


def facts(*events: tuple[int, int]) -> Facts:
    """Facts of (number of the key, revision); each comes in a piece of its own."""
    rows = [dict.fromkeys(ITEM, 0) | {"consent": True} for _ in events]
    plain = facts_of_items(pl.DataFrame(rows, ITEM), np.arange(len(events)))
    return replace(
        plain,
        key=halves([KEYS[key] for key, _ in events]),
        revision=np.array([revision for _, revision in events], np.int64),
    )


def test_keys_are_written_and_read_as_bytes() -> None:
    assert key_bytes(halves(KEYS)) == KEYS
    assert halves([]).shape == (0, 2)
    assert key_bytes(halves([])) == []


def test_ranks_rise_as_the_bytes_of_the_keys_do_and_equal_keys_share_one() -> None:
    order = [3, 0, 5, 3, 1, 2, 4]
    assert ranks(halves([KEYS[place] for place in order])).tolist() == [4, 1, 6, 4, 2, 3, 5]


def test_of_each_event_the_highest_revision_counts() -> None:
    found = newest_revisions(facts((4, 1), (3, 0), (4, 3), (2, 0), (4, 2), (3, 1)))
    assert (key_bytes(found.key), found.revision.tolist()) == (KEYS[2:5], [0, 1, 3])
    assert found.piece_id.tolist() == [3, 5, 2]
    assert len(newest_revisions(no_facts())) == 0


def test_things_have_equal_codes_where_they_are_equal_and_acts_without_one_have_none() -> None:
    nothing = bytes(16)
    codes = item_codes(halves([KEYS[4], nothing, KEYS[0], KEYS[4], nothing]))
    assert codes.tolist() == [2, 0, 1, 2, 0]
    assert item_codes(halves([nothing, nothing])).tolist() == [0, 0]


def test_the_number_of_a_thing_is_its_first_62_bits_whatever_its_code() -> None:
    things = halves([KEYS[5], KEYS[4], KEYS[5]])
    assert item_ids(things, item_codes(things)).tolist() == [0, 2**61, 2**62 - 1]
    assert item_ids(halves([]), np.empty(0, np.int64)).tolist() == [0]


@pytest.mark.parametrize("given", [0, 2, 4])
def test_inputs_that_were_not_reported_are_told_from_noughts(given: int) -> None:
    reported = {f"q{slot}": 0 for slot in range(1, given + 1)}
    left_out = {f"q{slot}": None for slot in range(given + 1, 5)}
    item = dict.fromkeys(ITEM, 0) | {"consent": True} | reported | left_out
    found = facts_of_items(pl.DataFrame([item], ITEM), np.array([7]))
    assert found.given.tolist() == [[True] * given + [False] * (4 - given)]
    assert found.inputs.tolist() == [[0] * 4]
    assert (found.piece_id.tolist(), found.consent.tolist()) == ([7], [True])


def test_the_mark_of_a_hold_is_no_state_of_its_own() -> None:
    assert all(state & HOLD == 0 for state in State)
