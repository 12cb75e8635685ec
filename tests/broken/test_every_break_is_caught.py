"""The suite can fail: every broken posting is noticed, by the check that is there for it."""

from __future__ import annotations

import random
from collections.abc import Iterator

import psycopg
import pytest

from broken.breaks import BREAKS, Break
from crash.test_killed_processes import SEED, UNDISTURBED
from river.books import rows_of
from river.checks import faults
from river.reports import Row, act, hand_in
from river.streams import a_day_late, in_batches, stream
from tanzhang.apps.activities.api import digest, drain

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

#: What the database itself refuses, by the table of the key.
REFUSALS = {
    "activity": "the_key_of_outcomes_refuses",
    "event_identity": "the_key_of_identity_refuses",
    "piece_settlement": "the_key_of_settled_pieces_refuses",
}


def batches() -> Iterator[list[Row]]:
    """The recorded stream: most acts a day late or early, then some very late, then revisions."""
    chance = random.Random(SEED)
    first = [row for row in stream(SEED).rows if row["revision"] == 0]
    late = chance.sample(first, len(first) // 5)
    yield from a_day_late([row for row in first if row not in late])
    rest = [*late, *(row for row in stream(SEED).rows if row["revision"] > 0), *first[:10]]
    yield from in_batches(rest, (10, 25), chance)


#: Small cases that random streams seldom tie, each in batches; later than all of the stream. Di and
#: fu have one account each, so that what comes in order is settled from registers.
KNOTS = (
    # A bill that somebody else holds, in order: only the key says that history matters.
    [
        [act("di pays", "08-05 10:00", "bill", person="di", item_key="common")],
        [act("fu pays", "08-06 10:00", "bill", person="fu", item_key="common")],
    ],
    # Yesterday's file after today's ride, with a limit of the week that binds only then.
    [
        [act("monday", "09-01 08:00", person="di"), act("evening", "09-01 18:00", person="di")],
        [act("wednesday", "09-03 08:00", person="di")],
        [act("tuesday", "09-02 08:00", person="di"), act("later", "09-02 18:00", person="di")],
    ],
    # A late ride in September takes the room of one in October: they are of one week.
    [
        [act(f"ride {day}", f"{day} 08:00", person="di") for day in ("09-29", "09-30", "10-01")],
        [act("late", "09-29 12:00", person="di")],
    ],
    # A late ride is settled with its history, and the registers know of it afterwards.
    [
        [act("ride 18", "08-18 10:00", person="fu")],
        [act("late too", "08-18 08:00", person="fu")],
        [act("ride 19", "08-19 08:00", person="fu")],
        [act("ride 20", "08-20 08:00", person="fu")],
    ],
    # A late ride has no part in the bills' limit: their registers stay as they were.
    [
        [act(f"due {n}", f"08-1{n} 10:00", "dues", person="ed", item_key=f"{n}") for n in (1, 2)],
        [act("cruise", "08-18 10:00", "ride", person="ed")],
        [act("late cruise", "08-18 08:00", "ride", person="ed")],
        [act("due 3", "08-21 10:00", "dues", person="ed", item_key="3")],
    ],
)


def notices() -> Iterator[set[str]]:
    """The names of the checks that fail, batch after batch."""
    try:
        for batch in batches():
            hand_in(*batch)
            drain()
            yield set(faults())
        yield set() if digest() == UNDISTURBED else {"digest_is_not_the_recorded_one"}
        for knot in KNOTS:
            for batch in knot:
                hand_in(*batch)
                drain()
                yield set(faults())
        yield set(literals())
    except psycopg.errors.UniqueViolation as refused:
        table = refused.diag.table_name or ""  # of a month, where it is partitioned
        yield {name for start, name in REFUSALS.items() if table.startswith(start)}


def literals() -> Iterator[str]:
    """Two amounts that are known by heart, of a person whom the stream leaves out."""
    walks = [act(f"w{n}", f"06-20 1{n}:00", "walk", person="ed", steps=9000) for n in (1, 2)]
    hand_in(*walks, act("short", "06-20 20:00", person="ed", distance_m=15))
    drain()
    if sum(row.mg for walk in ("w1", "w2") for row in rows_of("bikes", walk)) != 200_000:
        yield "walk_is_cut_at_200_g"
    if [row.mg for row in rows_of("bikes", "short")] != [730]:  # 730.5 rounds to the even number
        yield "15_m_are_730_mg"


def test_whole_posting_is_noticed_by_nothing() -> None:
    assert [noticed for noticed in notices() if noticed] == []


@pytest.mark.parametrize("broken", BREAKS, ids=lambda broken: broken.broken.__name__)
def test_a_break_is_noticed_by_its_checks(broken: Break, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broken.where, broken.name, broken.broken)
    noticed: set[str] = set()
    for names in notices():
        noticed |= names
        if noticed >= broken.noticed_by:
            return
    raise AssertionError(f"{sorted(broken.noticed_by - noticed)} noticed nothing; {noticed=}")
