"""Accounts on several platforms that are one person's: linked, settled again, and parted."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import pytest

from clean_database import Database
from river.books import ask, balance, key, rows_of
from river.checks import faults
from river.kin import account_of, link, part
from river.reports import Row, act, hand_in
from river.streams import Stream, arrive, in_batches, order_holds, stream
from tanzhang.apps.activities.api import digest, drain, verify, waiting_shards
from tanzhang.apps.activities.models import PieceKind
from tanzhang.apps.activities.posting import locks
from tanzhang.apps.distribution import shards
from tanzhang.problems import Problem

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]


def settle(*rows: Row) -> None:
    hand_in(*rows)
    drain()
    assert faults() == {}


def outcome(external_id: str, partner: str = "bikes") -> tuple[str, str, int]:
    rows = rows_of(partner, external_id)
    return rows[-1].status, rows[-1].reason, sum(row.mg for row in rows)


RIDES = (
    act("before", "05-29 08:00", person="di"),
    act("before too", "05-29 08:05", partner="bank", person="fu"),
    act("first", "05-30 08:00", person="di"),
    act("second", "05-30 08:05", partner="bank", person="fu"),
    act("other", "05-30 08:05", partner="bank", person="bo"),
)


def test_one_ride_reported_to_two_platforms_counts_once_from_the_links_day_on() -> None:
    settle(*RIDES)
    credited = outcome("second", "bank")
    assert credited[0] == "credited"
    link("di", "fu", "05-30")
    drain()
    assert faults() == {}
    assert outcome("first")[0] == "credited"
    assert outcome("second", "bank") == ("duplicate", "overlap", 0)
    last = rows_of("bank", "second")[-1]
    assert (last.cause, last.mg, last.lost_to) == ("linked", -credited[2], key("bikes", "first"))
    assert outcome("before too", "bank") == outcome("other", "bank") == credited
    assert len(rows_of("bank", "before too")) == len(rows_of("bank", "other")) == 1


def test_a_link_that_was_a_mistake_leaves_the_books_as_if_it_had_never_been() -> None:
    settle(*RIDES)
    before, balances = digest(), [balance("river-di"), balance("river-fu")]
    link("di", "fu", "05-30")
    drain()
    assert digest() != before
    part("di", "fu")
    assert waiting_shards() != []
    drain()
    assert faults() == {}
    assert digest() == before
    assert [balance("river-di"), balance("river-fu")] == balances
    assert [row.cause for row in rows_of("bank", "second")] == ["reported", "linked", "linked"]
    assert ask("select count(*) from subject_link where withdrawn_at is not null") == [(1,)]


def test_a_link_that_ends_holds_for_the_days_before() -> None:
    later = (
        act("third", "06-02 08:00", person="di"),
        act("fourth", "06-02 08:05", partner="bank", person="fu"),
    )
    settle(*RIDES, *later)
    link("di", "fu", "05-30")
    drain()
    assert outcome("fourth", "bank")[:2] == ("duplicate", "overlap")
    part("di", "fu", "06-01")
    drain()
    assert faults() == {}
    assert outcome("fourth", "bank")[0] == "credited"
    assert outcome("second", "bank")[:2] == ("duplicate", "overlap")


def test_what_is_reported_after_the_link_is_settled_with_all_that_is_hers() -> None:
    """The second platform's report comes first in time and takes the place of the first's."""
    settle(act("first", "05-30 08:00", person="di"))
    link("di", "fu", "05-30")
    drain()
    settle(act("earlier", "05-30 07:55", partner="bank", person="fu"))
    assert outcome("earlier", "bank")[0] == "credited"
    assert outcome("first")[:2] == ("duplicate", "overlap")
    last = rows_of("bikes", "first")[-1]
    assert (last.cause, last.lost_to) == ("neighbour_changed", key("bank", "earlier"))
    assert ask("select sum(fast_count) from piece_settlement where settled_at >= now()") == [
        (None,)
    ]


def test_her_next_act_alone_reads_what_her_other_account_has_used() -> None:
    """The month's 2 kg are hers on both platforms: whole, so that one crossing act closes them."""
    walks = [
        act(f"w{n}", f"05-{n:02} 08:00", "walk", person="di", steps=9000) for n in range(2, 30)
    ]
    settle(*walks)
    link("di", "fu", "05-01")
    drain()
    settle(act("too much", "05-31 08:00", partner="bank", person="fu", distance_m=8000))
    used = balance("river-di")[0]
    granted = outcome("too much", "bank")
    assert used + granted[2] <= 2_000_000
    part("di", "fu")
    drain()
    assert faults() == {}


def test_a_thing_of_hers_is_found_in_another_month() -> None:
    """A statement counts once a month and subject; two months lie apart, whoever it is."""
    settle(act("may", "05-31 08:00", "paper", person="di", item_key="p"))
    settle(act("june", "06-01 08:00", "paper", person="fu", item_key="p"))
    link("di", "fu", "05-01")
    drain()
    settle(act("may too", "05-02 08:00", "paper", person="fu", item_key="p"))
    assert [outcome(name, "bank")[:2] for name in ("may", "june", "may too")] == [
        ("duplicate", "once"),
        ("credited", ""),
        ("credited", ""),
    ]


def test_three_platforms_are_linked_one_by_one() -> None:
    settle(*RIDES)
    link("di", "fu", "05-30")
    link("fu", "bo", "05-30")
    drain()
    assert faults() == {}
    assert [outcome(name, "bank")[0] for name in ("second", "other")] == ["duplicate"] * 2
    part("fu", "bo")
    drain()
    assert faults() == {}
    assert [outcome(name, "bank")[0] for name in ("second", "other")] == ["duplicate", "credited"]


def test_linking_asks_for_nobody_who_has_no_act_since() -> None:
    settle(act("old", "05-01 08:00", person="di"))
    link("di", "fu", "05-30")
    assert waiting_shards() == []


def test_requests_after_a_link_come_before_what_was_reported() -> None:
    """Verification leaves out what is known to be out of date."""
    settle(*RIDES)
    link("di", "fu", "05-30")
    kinds = {kind for (kind,) in ask("select kind from piece join piece_queue on piece_id = id")}
    assert kinds == {int(PieceKind.RELINK)}
    skipped = {one.check for one in verify().skipped}
    assert skipped == {"outcomes_follow_from_facts"}
    hand_in(act("next", "05-30 08:07", person="di"))
    drain()
    assert faults() == {}
    assert verify().skipped == []


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [("ada", "ada-too", "people.link_to_itself"), ("di", "fu", "people.already_linked")],
)
def test_what_is_one_already_is_not_linked_again(one: str, other: str, code: str) -> None:
    link("di", "fu", "05-30")
    with pytest.raises(Problem) as refused:
        link(one, other, "05-31")
    assert refused.value.code == code


def test_who_is_not_linked_is_not_parted() -> None:
    with pytest.raises(Problem) as refused:
        part("di", "fu")
    assert refused.value.code == "people.not_linked"


def test_a_link_waits_for_whoever_settles_and_not_for_ever(
    monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    monkeypatch.setattr(locks, "LOCK_TIMEOUT_SECONDS", 1)
    settle(*RIDES)
    with database.connect("app") as at_work:
        (shard,) = shards(np.array([account_of("fu").subject_id])).tolist()
        assert locks.try_shard(at_work.cursor(), shard)
        with pytest.raises(Problem) as refused:
            link("di", "fu", "05-30")
    assert refused.value.code == "settlement.people_busy"
    assert ask("select count(*) from subject_link") == [(0,)]
    link("di", "fu", "05-30")


# Streams in which everything happens.

LINKS = (("di", "fu", "05-30"), ("fu", "bo", "05-31"), ("ada", "cy", "06-01"))


def linked_first(told: Stream, chance: random.Random) -> None:
    for one, other, since in LINKS:
        link(one, other, since)
    arrive(told.rows)


def linked_last(told: Stream, chance: random.Random) -> None:
    arrive(told.rows)
    for one, other, since in chance.sample(LINKS, len(LINKS)):
        link(one, other, since)


def linked_in_between(told: Stream, chance: random.Random) -> None:
    """In any order of arrival; some links are withdrawn and made again, some people parted."""
    rows, waiting = chance.sample(told.rows, len(told.rows)), chance.sample(LINKS, len(LINKS))
    for batch in in_batches(rows, (9, 15, 30), chance):
        hand_in(*batch)
        if waiting:
            one, other, since = waiting.pop()
            link(one, other, since)
            if chance.random() < 0.5:
                drain()
                part(one, other)
                link(one, other, since)
        if chance.random() < 0.5:
            drain()
    for one, other, since in waiting:
        link(one, other, since)


@pytest.mark.parametrize("seed", (201, 202))
def test_the_digest_is_the_same_however_reports_arrive_and_whenever_links_are_made(
    seed: int, afresh: Callable[[], None]
) -> None:
    digests = {}
    for way in (linked_first, linked_last, linked_in_between):
        afresh()
        way(stream(seed), random.Random(seed))
        order_holds_after_draining(stream(seed))
        assert faults() == {}, way.__name__
        digests[way.__name__] = digest()
    assert len(set(digests.values())) == 1, digests


def order_holds_after_draining(told: Stream) -> None:
    drain()
    order_holds(told)
    drain()


@pytest.mark.parametrize("seed", (203, 204))
def test_a_stream_that_was_linked_and_parted_is_as_if_never_linked(
    seed: int, afresh: Callable[[], None]
) -> None:
    arrive(stream(seed).rows)
    plain = digest()
    afresh()
    chance = random.Random(seed)
    link("di", "fu", "05-30")
    link("bo", "fu", "05-29")
    for batch in in_batches(stream(seed).rows, (15, 30), chance):
        arrive(batch)
        assert faults() == {}
    assert digest() != plain
    part("di", "fu")
    drain()
    part("bo", "fu")
    drain()
    assert faults() == {}
    assert digest() == plain
