"""When the rules change, the books come to say what they would had the rules always been so."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from clean_database import Database
from river.books import ask, everything, key, rows_of
from river.checks import faults
from river.reports import Row, act, hand_in
from river.rules import EDITS, approve, changed_library, propose, put_in_force
from river.streams import Stream, arrive, in_batches, order_holds, stream
from tanzhang.apps.activities import rules_change
from tanzhang.apps.activities.api import (
    Resettled,
    change_rules,
    digest,
    drain,
    resettle,
    waiting_shards,
)
from tanzhang.apps.activities.models import PieceKind
from tanzhang.apps.activities.posting import locks, worker
from tanzhang.apps.catalogue.api import RulesChange
from tanzhang.apps.database import bulk_transaction
from tanzhang.engine.packs.tree import day_of
from tanzhang.problems import Problem

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

Arrival = Callable[[Stream, random.Random, str], None]

#: Acts of before stay under the pack that they came under; in a new book they come under another.
KEPT_UNDER_THEIR_PACK = (
    "walks are rides",
    "tours are orders",
    "rides that know steps",
    "tours are rides of the city, which end",
)

#: The digests of books that had an edit's rules from the beginning, as far as they are known.
_fresh: dict[str, str] = {}


def afterwards(told: Stream, chance: random.Random, name: str) -> None:
    """Everything is settled when the rules change."""
    arrive(told.rows)
    order_holds(told)
    put_in_force(name)


def in_the_middle(told: Stream, chance: random.Random, name: str) -> None:
    """The rules change at some point of the stream; the rest arrives in batches."""
    place = chance.randrange(20, len(told.rows) - 10)
    arrive(told.rows[:place])
    put_in_force(name)
    arrive(*in_batches(told.rows[place:], (3, 9, 20), chance))
    order_holds(told)


def while_pieces_wait(told: Stream, chance: random.Random, name: str) -> None:
    """Some was accepted and not settled; more arrives before a worker comes."""
    rows = chance.sample(told.rows, len(told.rows))
    arrive(rows[:50])
    hand_in(*rows[50:80])
    put_in_force(name)
    hand_in(*rows[80:])
    drain()
    order_holds(told)


@pytest.mark.parametrize("arrival", [afterwards, in_the_middle, while_pieces_wait])
@pytest.mark.parametrize("name", [name for name in EDITS if name not in KEPT_UNDER_THEIR_PACK])
def test_the_digest_is_that_of_a_book_that_had_the_rules_from_the_beginning(
    name: str, arrival: Arrival, afresh: Callable[..., None]
) -> None:
    seed = 500 + [*EDITS].index(name)
    arrival(stream(seed), random.Random(seed), name)
    drain()
    assert faults() == {}
    changed = digest()
    if name not in _fresh:
        afresh(changed_library(name))
        arrive(stream(seed).rows)
        order_holds(stream(seed))
        drain()
        _fresh[name] = digest()
    assert changed == _fresh[name]


def settle(*rows: Row) -> None:
    hand_in(*rows)
    drain()
    assert faults() == {}


def change(name: str) -> Resettled:
    """Put an edit in force and settle what it reaches."""
    asked = put_in_force(name)
    drain()
    assert faults() == {}
    return asked


def test_a_difference_names_the_rules_and_the_version() -> None:
    settle(act("old", "05-30 08:00"), act("new", "05-31 08:00"))
    assert change("another factor") == Resettled(events=1, pieces=1)
    assert [(row.cause, row.mg) for row in rows_of("bikes", "old")] == [("reported", 97_400)]
    assert [(row.cause, row.mg, row.gross_mg) for row in rows_of("bikes", "new")] == [
        ("reported", 97_400, 97_400),
        ("rules_changed", 24_600, 122_000),
    ]
    versions = ask(
        "select version from activity join pack_version v on v.id = pack_version_id"
        " where event_key = %s::uuid order by outcome_no",
        [key("bikes", "new").hex()],
    )
    assert versions == [("1",), ("2",)]


@pytest.mark.parametrize(
    ("at_the_river", "on_the_coast"),
    [("06-01 20:00", "06-01 08:05"), ("09-01 11:50", "08-31 23:55")],
)
def test_what_others_lose_or_win_by_it_is_named_a_neighbour_s_change(
    at_the_river: str, on_the_coast: str
) -> None:
    """A ride on the coast, perhaps of another month, lost to one that is in no class now."""
    settle(
        act("river", at_the_river, person="bo"),
        act("coast", on_the_coast, "ride", person="bo"),
    )
    assert rows_of("ferries", "coast")[-1].lost_to == key("bikes", "river")
    change("rides in no class")
    last = rows_of("ferries", "coast")[-1]
    assert (last.cause, last.status, last.lost_to) == ("neighbour_changed", "credited", b"")


def test_a_run_that_changes_nothing_writes_nothing() -> None:
    settle(act("w1", "05-30 08:00", "walk"), act("r1", "05-03 08:00"))
    before = everything()
    assert change("walks and orders end").events == 0
    assert everything() == before
    with bulk_transaction():
        asked = resettle([RulesChange(frozenset({"hankou-walk"}), frozenset(), 0, 30_000)])
    assert asked == Resettled(events=1, pieces=1)
    drain()
    assert everything() == before


def test_a_rejected_act_is_credited_once_a_version_begins_before_it() -> None:
    """On 1 June no version of the bill's pack is in force, until the second one begins earlier."""
    put_in_force("no bills for two days")
    settle(
        act("early", "06-01 08:00", "bill", person="bo", item_key="meter"),
        act("late", "06-02 08:00", "bill", item_key="meter"),
    )
    assert rows_of("bank", "early")[-1].reason == "no_pack"
    assert rows_of("bank", "late")[-1].status == "credited"
    change("bills go on")
    assert [row.status for row in rows_of("bank", "early")] == ["rejected", "credited"]
    last = rows_of("bank", "late")[-1]
    assert (last.status, last.reason, last.lost_to) == ("duplicate", "claim", key("bank", "early"))


def test_an_act_that_no_version_is_in_force_for_is_posted_once_and_names_none() -> None:
    put_in_force("no bills for two days")
    settle(
        act("early", "06-01 08:00", "bill", person="bo", item_key="meter"),
        act("noon", "06-01 12:00", person="bo"),
    )
    settle(act("morning", "06-01 09:00", person="bo"))
    assert [row.reason for row in rows_of("bank", "early")] == ["no_pack"]
    assert ask("select reason <> 0 from activity where pack_version_id is null") == [(True,)]


def statement(external_id: str, when: str) -> Row:
    return act(external_id, when, "paper", item_key=external_id)


def test_an_act_that_a_limit_counts_no_more_gives_its_room_back() -> None:
    """One statement a month counts. That of 1 June loses its version, and none later does."""
    put_in_force("statements in two versions")
    settle(statement("a", "06-01 08:00"), statement("b", "06-05 08:00"))
    assert rows_of("bank", "b")[-1].status == "limited"
    assert change("statements end early").events == 1
    assert rows_of("bank", "a")[-1].reason == "no_pack"
    last = rows_of("bank", "b")[-1]
    assert (last.cause, last.status) == ("neighbour_changed", "credited")


def test_the_running_state_forgets_what_a_limit_counts_no_more() -> None:
    put_in_force("statements in two versions")
    settle(statement("a", "06-01 08:00"))
    change("statements end early")
    settle(statement("b", "06-05 08:00"))
    assert ask("select fast_count from piece_settlement order by piece_id desc limit 1") == [(1,)]
    assert rows_of("bank", "b")[-1].status == "credited"


def test_points_leave_the_lot_that_they_went_into() -> None:
    settle(act("r1", "06-03 08:00"))
    (before,) = ask("select available_from, expires_on, points from points_lot where points <> 0")
    change("other terms at the river")
    (after,) = ask("select available_from, expires_on, points from points_lot where points <> 0")
    day = day_of("2025-06-03")
    assert before == (day + 1, day_of("2027-01-01"), 9)
    assert after == (day + 5, day_of("2029-01-01"), 12)
    settle(act("r1", "06-03 08:00", revision=1, withdrawn=True))
    assert ask("select count(*) from points_lot where points <> 0") == [(0,)]


def test_a_scene_that_names_another_pack_has_its_acts_read_by_it() -> None:
    settle(act("t1", "06-01 08:00", "tour", distance_m=1000))
    change("other terms at the river")
    first, last = rows_of("bikes", "t1")
    assert (first.gross_mg, last.gross_mg, last.cause) == (48_700, 250_000, "rules_changed")
    packs = ask("select code from activity join pack on pack.id = pack_id order by outcome_no")
    assert packs == [("meituan-bike",), ("beijing-bike",)]


@pytest.mark.parametrize(
    ("scene", "name"), [("walk", "walks are rides"), ("tour", "tours are orders")]
)
def test_an_act_keeps_its_pack_where_the_other_does_not_know_its_inputs(
    scene: str, name: str
) -> None:
    """The door of today would refuse such a report; what it has accepted stays what it was."""
    settle(act("a1", "06-01 08:00", scene))
    before = everything()
    assert change(name).events == 1
    assert everything() == before


def test_what_is_loaded_has_no_say_before_it_is_in_force() -> None:
    """A walk is to be read as a ride, which knows no steps; the version that does is loaded."""
    settle(act("w1", "06-01 08:00", "walk"), act("w2", "06-03 08:00", "walk"))
    change("walks are rides")
    before, digest_before = everything(), digest()
    number = propose("rides that know steps")
    assert faults() == {}
    with bulk_transaction():
        resettle([RulesChange(frozenset({"hankou-walk"}), frozenset(), 0, 30_000)])
    drain()
    assert (everything(), digest()) == (before, digest_before)
    assert approve(number) == Resettled(events=1, pieces=1)
    drain()
    assert faults() == {}
    assert [row.mg for row in rows_of("bikes", "w1")] == [80_000]
    last = rows_of("bikes", "w2")[-1]
    assert (last.cause, last.gross_mg) == ("rules_changed", 120_000)
    packs = ask("select distinct code from activity join pack on pack.id = pack_id order by code")
    assert packs == [("hankou-walk",), ("meituan-bike",)]


def test_an_act_keeps_its_pack_on_days_without_a_version_of_the_other() -> None:
    settle(act("t1", "06-01 08:00", "tour"), act("t2", "06-03 08:00", "tour"))
    change("tours are rides of the city, which end")
    assert [row.gross_mg for row in rows_of("bikes", "t1")] == [97_400, 500_000]
    assert [row.gross_mg for row in rows_of("bikes", "t2")] == [97_400]


def test_two_people_who_come_to_share_a_thing_are_told_apart() -> None:
    """As orders, bills count once in a lifetime: a bill of July is that of May."""
    settle(
        act("may", "05-31 08:00", "bill", person="ada", item_key="meter"),
        act("july", "07-31 08:00", "bill", person="bo", item_key="meter"),
    )
    assert rows_of("bank", "july")[-1].status == "credited"
    change("bills are orders")
    last = rows_of("bank", "july")[-1]
    assert (last.status, last.reason, last.lost_to) == ("duplicate", "claim", key("bank", "may"))


def test_requests_are_settled_one_by_one_and_before_what_was_reported() -> None:
    """So that a transaction holds one request's people in memory, however much a change reaches."""
    settle(*(act(f"r{day}", f"06-{day:02} 08:00") for day in range(1, 4)))
    hand_in(act("waits", "06-11 08:00"))
    hand_in(act("waits too", "06-12 08:00"))
    assert put_in_force("another factor") == Resettled(events=3, pieces=1)
    with bulk_transaction():
        resettle([RulesChange(frozenset({"meituan-bike"}), frozenset(), 0, 30_000)])
    (shard,) = waiting_shards()
    taken = []
    while waiting_shards():
        with bulk_transaction() as cursor:
            taken.append([piece.kind for piece in worker._oldest_pieces(cursor, shard)])
        worker.work_on(shard)
    assert taken == [[PieceKind.RESETTLE], [PieceKind.RESETTLE], [PieceKind.REPORT] * 2]
    assert faults() == {}


def test_nobody_s_acts_are_asked_for_in_two_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second would find its acts settled already, as neighbours of the first's."""
    settle(*(act(f"r{day}", f"06-{day:02} 08:00") for day in range(1, 11)))
    monkeypatch.setattr(rules_change, "MAX_EVENTS", 4)
    assert change("another factor") == Resettled(events=10, pieces=1)
    causes = {row.cause for day in range(1, 11) for row in rows_of("bikes", f"r{day}")[1:]}
    assert causes == {"rules_changed"}


def test_requests_are_written_for_some_people_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is left out between two times, nor asked for in both."""
    people = ("ada", "bo", "cy", "di", "fu")
    settle(*(act(f"{p}{day}", f"0{day}-01 08:00", person=p) for p in people for day in (5, 6, 7)))
    monkeypatch.setattr(rules_change, "SUBJECTS_AT_ONCE", 2)
    assert change("another factor") == Resettled(events=10, pieces=5)
    causes = [rows_of("bikes", f"{person}6")[-1].cause for person in people]
    assert causes == ["rules_changed"] * 5


def test_rules_wait_for_a_worker_and_a_worker_for_rules(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is settled by rules that go out of force meanwhile, and then forgotten."""
    settle(act("r1", "06-01 08:00"))
    number = propose("another factor")
    monkeypatch.setattr(locks, "LOCK_TIMEOUT_SECONDS", 1)
    with database.connect() as at_work:
        at_work.execute("select pg_advisory_xact_lock_shared(%s)", [locks.RULES_LOCK])
        with pytest.raises(Problem) as refused:
            approve(number)
    assert (refused.value.code, refused.value.details) == (
        "settlement.workers_busy",
        {"seconds": 1},
    )
    assert approve(number).events == 1


def test_only_the_wait_for_workers_is_bounded() -> None:
    """What is set for the lock ends with it: writing requests may take as long as it takes."""
    during: list[str] = []

    def activate() -> list[RulesChange]:
        during.extend(ask("select current_setting('lock_timeout')")[0])
        return []

    change_rules(activate)
    assert during == [ask("select current_setting('lock_timeout')")[0][0]] == ["0"]
