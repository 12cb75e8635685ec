"""The fast path equals the full function (design §7 "Fast path")."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from hypothesis import event, given, settings, strategies as st
from hypothesis.vendor.pretty import RepresentationPrinter

from tanzhang.engine.kinship import Link
from tanzhang.engine.rules import (
    Kind,
    Limit,
    PackVersion,
    Period,
    Points,
    Programme,
    Rulebook,
    Scope,
)

from .book import Book
from .cases import BILL, TRIP, City, book, limit, read_facts, read_table, terms, version
from .formulas import Linear
from .plain import Fact, kernel
from .properties import same
from .reports import Report, render_batches, streams
from .worlds import HOUR_US, render_links, worlds


@dataclass(frozen=True)
class Delivery:
    """Rules, reports in the batches in which they arrive, and the links that hold at each."""

    rulebook: Rulebook
    batches: list[list[Report]]
    links: list[tuple[Link, ...]]

    def __repr__(self) -> str:
        told = [
            f"  links at batch {n}\n{render_links(links)}" for n, links in enumerate(self.links)
        ]
        return "\n".join([render_batches("Delivery", self.rulebook, self.batches), *told])

    def _repr_pretty_(self, printer: RepresentationPrinter, cycle: bool) -> None:
        printer.text(repr(self))


@st.composite
def deliveries(draw: st.DrawFn) -> Delivery:
    """Reports mostly in the order in which things happened, corrections last, in batches."""
    stream = draw(streams())
    reports = sorted(stream.reports, key=lambda report: (report.revision, report.says.started_us))
    batches = draw(batches_of(reports))
    links = draw(links_at_each(stream.world.links, len(batches)))
    return Delivery(stream.world.rulebook, batches, links)


@st.composite
def ordinary_deliveries(draw: st.DrawFn) -> Delivery:
    """New acts of rules that need no history: no look-backs, no limits per thing, keys unused."""
    world = draw(worlds())
    reports = [Report(0, replace(fact, item=1 + fact.key)) for fact in world.facts]
    reports.sort(key=lambda report: report.says.started_us)
    batches = draw(batches_of(reports))
    links = draw(links_at_each(world.links, len(batches)))
    return Delivery(ordinary(world.rulebook), batches, links)


@st.composite
def links_at_each(draw: st.DrawFn, links: tuple[Link, ...], batches: int) -> list[tuple[Link, ...]]:
    """Links are made, ended from a day on, and withdrawn while reports arrive."""
    if not links:
        return [()] * batches
    ended = [replace(link, to_day=link.from_day + 1) for link in links]
    some = st.lists(st.sampled_from([*links, *ended]), unique=True, max_size=3).map(tuple)
    changes = draw(st.lists(st.integers(0, batches), max_size=3, unique=True))
    held: list[tuple[Link, ...]] = []
    for place in range(batches):
        held.append(draw(some) if place in changes else held[-1] if held else ())
    return held


def ordinary(rulebook: Rulebook) -> Rulebook:
    def shared(limits: tuple[Limit, ...]) -> tuple[Limit, ...]:
        return tuple(replace(told, per_item_key=False) for told in limits)

    def plain(told: PackVersion) -> PackVersion:
        formula = Linear({"n": 2}) if told.look_backs else told.quantify
        return replace(told, limits=shared(told.limits), look_backs=(), quantify=formula)

    def plain_terms(told: Programme) -> Programme:
        versions = tuple(replace(one, limits=shared(one.limits)) for one in told.versions)
        return replace(told, versions=versions)

    return Rulebook(
        packs={name: tuple(map(plain, told)) for name, told in rulebook.packs.items()},
        programmes={name: plain_terms(told) for name, told in rulebook.programmes.items()},
    )


def shanghai_day(report: Report) -> int:
    return (report.says.started_us + 8 * HOUR_US) // (24 * HOUR_US)


@st.composite
def batches_of(draw: st.DrawFn, reports: list[Report]) -> list[list[Report]]:
    """The reports in batches, up to two of them late or early; some days' files a day late."""
    waiting = list(reports)
    if draw(st.booleans()):
        waiting.sort(key=lambda report: (report.revision, shanghai_day(report) ^ 1))
    for _ in range(draw(st.integers(0, 2))):
        late = waiting.pop(draw(st.integers(0, len(waiting) - 1)))
        waiting.insert(draw(st.integers(0, len(waiting))), late)
    batches = []
    while waiting:
        size = draw(st.integers(1, 4))
        batches.append(waiting[:size])
        waiting = waiting[size:]
    return batches


def post_and_compare(delivery: Delivery) -> None:
    """After every batch the posted outcomes are those of settling all facts anew."""
    rulebook = delivery.rulebook
    posted = Book(rulebook)
    newest: dict[int, Report] = {}
    for batch, links in zip(delivery.batches, delivery.links, strict=True):
        posted.relink(links)
        arrived = set()
        for report in batch:
            key = report.says.key
            if key not in newest or newest[key].revision < report.revision:
                newest[key] = report
                arrived.add(key)
        posted.post([newest[key].says for key in sorted(arrived)])
        facts = [report.says for report in newest.values()]
        same(posted.verdicts, kernel(facts, rulebook, links=links))
    event(f"{10 * posted.fast_acts // max(1, posted.fast_acts + posted.slow_acts)} tenths fast")


@given(deliveries())
@settings(max_examples=150, deadline=None)
def test_the_fast_path_equals_the_full_function(delivery: Delivery) -> None:
    post_and_compare(delivery)


@given(ordinary_deliveries())
@settings(max_examples=150, deadline=None)
def test_the_fast_path_equals_the_full_function_where_it_is_mostly_taken(
    delivery: Delivery,
) -> None:
    post_and_compare(delivery)


COMMUTE = book(
    {
        "bike": version(conflict=TRIP, limits=(limit("daily", Kind.AMOUNT, 12),)),
        "metro": version(conflict=TRIP, limits=(limit("monthly", Kind.AMOUNT, 60, Period.MONTH),)),
        "bill": version(conflict=BILL),
    },
    City((terms(points=Points(unit_mg=5, daily_max=4)),)),
)


def week_of_rides() -> list[Fact]:
    """Bike to the station, metro, and home by bike on five days; one bill."""
    rows = ["5b | bill | 03-05 20:00 | 03-05 20:00 | 5 | m1"]
    for day in range(3, 8):
        rows += [
            f"{day}m | bike  | 03-0{day} 07:50 | 03-0{day} 08:20 | 8 | -",
            f"{day}n | metro | 03-0{day} 08:20 | 03-0{day} 08:50 | 9 | -",
            f"{day}e | bike  | 03-0{day} 18:00 | 03-0{day} 18:30 | 8 | -",
        ]
    table = "\n".join(["event | pack | start | end | n | item", *rows])
    facts = read_facts(read_table(table), COMMUTE)
    return sorted(facts, key=lambda fact: fact.started_us)


def test_a_week_of_rides_in_order_never_reads_history() -> None:
    posted = Book(COMMUTE)
    for fact in week_of_rides():
        posted.post([fact])
        same(posted.verdicts, kernel(list(posted.facts.values()), COMMUTE))
    assert (posted.fast_acts, posted.slow_acts) == (16, 0)


def test_yesterdays_file_in_one_batch_is_fast_after_todays_acts() -> None:
    """Two days at a time: the newest day first, then the day before it in a file of its own."""
    rides = [fact for fact in week_of_rides() if fact.item == 0]
    days = [rides[place : place + 3] for place in range(0, len(rides), 3)]
    posted = Book(COMMUTE)
    for batch in (days[1], days[0], days[3], days[2]):
        posted.post(batch)
        same(posted.verdicts, kernel(list(posted.facts.values()), COMMUTE))
    assert (posted.fast_acts, posted.slow_acts) == (12, 0)


def test_yesterdays_rides_that_ran_at_once_need_history() -> None:
    """Today's ride is known, then one of yesterday, then another that runs within it."""
    rides = read_facts(
        read_table(
            """
            event | pack | start       | end         | n
            a     | bike | 03-04 12:00 | 03-04 12:30 | 5
            b     | bike | 03-03 08:00 | 03-03 10:00 | 5
            c     | bike | 03-03 09:00 | 03-03 09:30 | 5
            """
        ),
        COMMUTE,
    )
    posted = Book(COMMUTE)
    for fact in rides:
        posted.post([fact])
        same(posted.verdicts, kernel(list(posted.facts.values()), COMMUTE))
    assert (posted.fast_acts, posted.slow_acts) == (2, 1)


def test_an_act_from_between_needs_history() -> None:
    rides = week_of_rides()
    posted = Book(COMMUTE)
    posted.post([fact for fact in rides if fact is not rides[1]])
    posted.post([rides[1]])
    same(posted.verdicts, kernel(rides, COMMUTE))
    assert posted.slow_acts == 1


PER_THING = (limit("life", Kind.AMOUNT, 5, Period.LIFETIME, per_item_key=True),)


@pytest.mark.parametrize(
    "rules",
    [
        book({"machine": version(limits=PER_THING)}),
        book({"machine": version()}, City((terms(limits=PER_THING),))),
    ],
    ids=["of the pack", "of the programme"],
)
def test_a_limit_that_is_kept_per_thing_needs_history(rules: Rulebook) -> None:
    table = """
        event | start       | n | item
        a     | 03-01 08:00 | 4 | tv
        b     | 03-02 08:00 | 4 | car
        c     | 03-03 08:00 | 4 | tv
        """
    posted = Book(rules)
    for fact in read_facts(read_table(table), rules):
        posted.post([fact])
        same(posted.verdicts, kernel(list(posted.facts.values()), rules))
    assert (posted.fast_acts, posted.slow_acts) == (0, 3)


SHARED = (limit("monthly", Kind.AMOUNT, 5, Period.MONTH, Scope.PROGRAMME),)


@pytest.mark.parametrize(
    "rules",
    [
        book({"ride": version(limits=SHARED)}),
        book({"ride": version()}, City((terms(limits=SHARED),))),
    ],
    ids=["of the pack", "of the programme"],
)
def test_a_limit_that_accounts_of_one_citizen_share_needs_history(rules: Rulebook) -> None:
    table = """
        event | account | start       | n
        a     | one     | 03-01 08:00 | 4
        b     | two     | 03-02 08:00 | 4
        c     | one     | 03-03 08:00 | 4
        """
    posted = Book(rules)
    for fact in read_facts(read_table(table), rules):
        posted.post([fact])
        same(posted.verdicts, kernel(list(posted.facts.values()), rules))
    assert (posted.fast_acts, posted.slow_acts) == (1, 2)


def test_a_trip_under_a_later_version_keeps_its_person_busy() -> None:
    rides = (version(conflict=TRIP, until="03-03"), version(conflict=TRIP, since="03-03"))
    rules = book({"bill": version(conflict=BILL), "ride": rides})
    table = """
        event | pack | start       | end         | n
        a     | ride | 03-04 08:00 | 03-04 09:00 | 5
        b     | ride | 03-04 08:30 | 03-04 08:50 | 5
        """
    posted = Book(rules)
    for fact in read_facts(read_table(table), rules):
        posted.post([fact])
        same(posted.verdicts, kernel(list(posted.facts.values()), rules))
    assert (posted.fast_acts, posted.slow_acts) == (1, 1)


def test_what_was_posted_twice_changes_nothing() -> None:
    rides = week_of_rides()
    posted = Book(COMMUTE)
    posted.post(rides)
    registers = dict(posted.registers)
    posted.post(rides)
    assert posted.registers == registers
    assert posted.fast_acts + posted.slow_acts == len(rides)


def test_a_monthly_limit_that_binds_sends_yesterdays_file_to_history() -> None:
    """Yesterday's walk comes first in the month and takes room from today's, posted before it."""
    monthly = limit("monthly", Kind.AMOUNT, 10, Period.MONTH)
    rules = book({"walk": version(limits=(monthly,))})
    today, yesterday = read_facts(
        read_table(
            """
            event | start       | n
            a     | 03-04 08:00 | 8
            b     | 03-03 08:00 | 6
            """
        ),
        rules,
    )
    posted = Book(rules)
    posted.post([today])
    posted.post([yesterday])
    credited = {key: verdict.credited_mg for key, verdict in posted.verdicts.items()}
    assert credited == {today.key: 4, yesterday.key: 6}


def test_a_limit_that_versions_change_counts_in_order_of_occurrence() -> None:
    """Nothing is cut when yesterday's walk comes in, and yet today's must give way to it."""
    monthly = (limit("monthly", Kind.AMOUNT, room, Period.MONTH) for room in (20, 10))
    first, second = (
        version(limits=(told,), since=since, until=until)
        for told, since, until in zip(monthly, ("01-01", "03-04"), ("03-04", None), strict=True)
    )
    rules = book({"walk": (first, second)})
    today, yesterday = read_facts(
        read_table(
            """
            event | start       | n
            a     | 03-04 08:00 | 8
            b     | 03-03 08:00 | 6
            """
        ),
        rules,
    )
    posted = Book(rules)
    posted.post([today])
    posted.post([yesterday])
    same(posted.verdicts, kernel([today, yesterday], rules))
    assert posted.verdicts[today.key].credited_mg == 4


def test_settling_one_packs_past_leaves_anothers_room_as_it_was_used() -> None:
    """The late bike ride is settled by its closure, in which the walks have no part."""
    rules = book(
        {
            "bike": version(conflict=TRIP),
            "walk": version(limits=(limit("weekly", Kind.AMOUNT, 10, Period.WEEK),)),
        }
    )
    rows = read_table(
        """
        event | pack | start       | end         | n
        a     | walk | 03-03 08:00 | 03-03 08:10 | 6
        b     | bike | 03-04 09:00 | 03-04 09:30 | 5
        c     | bike | 03-04 08:00 | 03-04 08:30 | 5
        d     | walk | 03-05 08:00 | 03-05 08:10 | 6
        """
    )
    facts = read_facts(rows, rules)
    posted = Book(rules)
    for fact in facts:
        posted.post([fact])
    assert posted.slow_acts == 1
    assert posted.verdicts[facts[3].key].credited_mg == 4


def test_a_correction_gives_back_the_room_that_the_first_revision_used() -> None:
    rules = book({"walk": version(limits=(limit("weekly", Kind.AMOUNT, 10, Period.WEEK),))})
    first, later = read_facts(
        read_table(
            """
            event | start       | n
            a     | 03-03 08:00 | 6
            b     | 03-05 08:00 | 9
            """
        ),
        rules,
    )
    posted = Book(rules)
    posted.post([first])
    posted.post([replace(first, inputs=(2, None))])
    posted.post([later])
    assert (posted.fast_acts, posted.slow_acts) == (2, 1)
    assert posted.verdicts[later.key].credited_mg == 8
