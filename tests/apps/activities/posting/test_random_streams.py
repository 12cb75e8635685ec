"""Whatever arrives, and however it arrives: the books stay sound, and say the same in the end."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from river.books import ask
from river.checks import faults
from river.reports import hand_in
from river.streams import Stream, arrive, in_batches, order_holds, stream, with_some_late
from tanzhang.apps.activities.api import digest, drain

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

Arrival = Callable[[Stream, random.Random], None]


@pytest.mark.parametrize("seed", range(6))
def test_the_books_are_sound_after_every_batch(seed: int) -> None:
    """Late acts, corrections, moves, withdrawals, repeats and holds, each settled by itself."""
    told, chance = stream(seed), random.Random(-seed)
    rows = told.rows if seed % 3 else with_some_late(told.rows, chance)
    if seed % 3 == 1:
        chance.shuffle(rows)
    for place, batch in enumerate(in_batches(rows, (1, 4, 15, 30), chance)):
        arrive([*batch, *chance.sample(rows[: rows.index(batch[0]) + 1], 1)])
        assert faults() == {}, f"batch {place} of seed {seed}"
    order_holds(told)
    drain()
    assert faults() == {}


def in_one_batch(told: Stream, chance: random.Random) -> None:
    arrive(told.rows)
    order_holds(told)
    drain()


def shuffled(told: Stream, chance: random.Random) -> None:
    rows = chance.sample(told.rows, len(told.rows))
    arrive(*in_batches(rows, (1, 2, 3, 8), chance))
    order_holds(told)
    drain()


def split_in_five(told: Stream, chance: random.Random) -> None:
    arrive(*(told.rows[part::5] for part in chance.sample(range(5), 5)))
    order_holds(told)
    drain()


def repeated_in_part(told: Stream, chance: random.Random) -> None:
    """Everything once, half of it twice, and held before the last revisions are known."""
    first = [row for row in told.rows if row["revision"] == 0]
    arrive(first)
    order_holds(told)
    arrive(*in_batches(chance.choices(told.rows, k=len(told.rows) // 2), (20,), chance))
    arrive(told.rows)


def backwards_in_one_drain(told: Stream, chance: random.Random) -> None:
    """Many pieces of many batches are settled by one transaction a shard."""
    for batch in in_batches(told.rows[::-1], (7,), chance):
        hand_in(*batch)
    drain()
    order_holds(told)
    drain()


ARRIVALS = (in_one_batch, shuffled, split_in_five, repeated_in_part, backwards_in_one_drain)


@pytest.mark.parametrize("seed", (101, 102))
def test_the_digest_is_the_same_however_reports_arrive(
    seed: int, afresh: Callable[[], None]
) -> None:
    digests = {}
    for way in ARRIVALS:
        afresh()
        way(stream(seed), random.Random(seed))
        assert faults() == {}, way.__name__
        digests[way.__name__] = digest()
    assert len(set(digests.values())) == 1, digests


def test_the_streams_hold_what_they_promise() -> None:
    """Otherwise the tests above would prove less than they say."""
    told = stream(0)
    arrive([row for row in told.rows if row["revision"] == 0], told.rows)
    order_holds(told)
    drain()
    by_status = dict(ask("select status, count(*) from activity group by status"))
    assert set(by_status) == {0, 1, 2, 3, 4, 5}
    causes = {cause for (cause,) in ask("select distinct cause from activity")}
    assert causes == {0, 1, 2, 3, 4, 5}
    reasons = {reason for (reason,) in ask("select distinct reason from activity")}
    assert {0, 1, 2, 10, 13, 14, 15, 16} <= reasons
    assert ask("select count(*) > 3 from claim_rival") == [(True,)]
    assert ask("select count(*) > 0 from piece where kind = 3") == [(True,)]
    moved: list[Any] = ask("select count(distinct account_id) from activity where cause = 4")
    assert moved[0][0] > 3
