"""Settling the closure of a change equals settling the whole history (design §2 "Closure")."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from tanzhang.engine.acts import Acts, State
from tanzhang.engine.kinship import Link
from tanzhang.engine.rules import (
    Flags,
    Kind,
    LookBack,
    PackVersion,
    Period,
    Points,
    Rulebook,
    Scope,
)
from tanzhang.engine.settle import sorted_acts
from tanzhang.engine.settle.closure import AFTER_ALL, BEFORE_ALL, closure, needed, reach
from tanzhang.engine.settle.parties import linked

from .book import is_relinked, relinked
from .cases import (
    BILL,
    CARD,
    TRIP,
    City,
    book,
    day,
    limit,
    one_person,
    read_facts,
    read_table,
    terms,
    version,
)
from .plain import Fact, as_acts, kernel
from .properties import same
from .reports import Stream, fold, streams


@dataclass(frozen=True)
class Change:
    """A book before and after, and the positions that the change touches."""

    before: list[Fact]
    after: list[Fact]
    old_links: tuple[Link, ...] = ()
    links: tuple[Link, ...] = ()

    def positions(self, rulebook: Rulebook) -> list[tuple[Fact, bool]]:
        """Every fact where it stands now, and what changed where it stood; with "changed"."""
        old = {fact.key: fact for fact in self.before}
        rows = [(fact, old.get(fact.key) != fact) for fact in self.after]
        now = {fact.key: fact for fact in self.after}
        rows += [(fact, True) for fact in self.before if now[fact.key] != fact]
        told = relinked({*self.old_links}, {*self.links})
        return [(fact, changed or is_relinked(fact, told, rulebook)) for fact, changed in rows]


def reached(change: Change, rulebook: Rulebook) -> tuple[set[int], list[Fact]]:
    """The keys of the closure, and the facts that are needed to settle it."""
    told = change.positions(rulebook)
    unsorted = as_acts([fact for fact, _ in told])
    order, acts = sorted_acts(linked(unsorted, rulebook, change.links))
    rows = [told[place] for place in order.tolist()]
    touched = closure(acts, rulebook, np.array([changed for _, changed in rows], np.bool_))
    wanted = needed(acts, rulebook, touched)
    now = set(change.after)
    return (
        {fact.key for (fact, _), is_in in zip(rows, touched, strict=True) if is_in},
        [fact for (fact, _), is_in in zip(rows, wanted, strict=True) if is_in and fact in now],
    )


@st.composite
def changes(draw: st.DrawFn) -> tuple[Rulebook, Change]:
    """The book when some reports had arrived or links were made, and when all have and are."""
    stream: Stream = draw(streams())
    links = stream.world.links
    known = draw(st.lists(st.sampled_from(links), unique=True)) if links else []
    before, after = draw(st.permutations([tuple(known), links]))
    arrived = draw(st.integers(0, len(stream.arrivals)))
    change = Change(fold(stream.arrivals[:arrived]), fold(stream.arrivals), before, after)
    return stream.world.rulebook, change


def nothing_outside_changes(told: tuple[Rulebook, Change]) -> None:
    """Every outcome outside the closure is what it was before."""
    rulebook, change = told
    closed, _ = reached(change, rulebook)
    before = kernel(change.before, rulebook, links=change.old_links)
    after = kernel(change.after, rulebook, links=change.links)
    same(
        {key: verdict for key, verdict in after.items() if key not in closed},
        {key: verdict for key, verdict in before.items() if key not in closed},
    )


def closure_settles_as_the_whole(told: tuple[Rulebook, Change]) -> None:
    """Every outcome inside the closure is what the whole history gives."""
    rulebook, change = told
    closed, facts = reached(change, rulebook)
    part = kernel(facts, rulebook, links=change.links)
    whole = kernel(change.after, rulebook, links=change.links)
    same(
        {key: verdict for key, verdict in part.items() if key in closed},
        {key: verdict for key, verdict in whole.items() if key in closed},
    )


@given(changes())
@settings(max_examples=150, deadline=None)
def test_nothing_outside_the_closure_changes(told: tuple[Rulebook, Change]) -> None:
    nothing_outside_changes(told)


@given(changes())
@settings(max_examples=150, deadline=None)
def test_settling_the_closure_equals_settling_the_whole_history(
    told: tuple[Rulebook, Change],
) -> None:
    closure_settles_as_the_whole(told)


# What a change reaches, and what it leaves alone, by hand.


def test_a_change_reaches_the_acts_of_the_same_person_elsewhere_and_no_others() -> None:
    table = """
        event | citizen | start       | end         | n
        a     | Li      | 03-02 08:00 | 03-02 08:40 | 1
        b     | Lee     | 03-02 08:30 | 03-02 09:20 | 1
        c     | Wang    | 03-02 08:10 | 03-02 08:30 | 1
        d     | Lee     | 03-03 10:10 | 03-03 10:30 | 1
        """
    links = (one_person("Li", "Lee", "03-02"),)
    assert reach_of(book({"bike": version(conflict=TRIP)}), table, "a", links) == "ab"


def reach_of(rules: Rulebook, table: str, changed: str, links: tuple[Link, ...] = ()) -> str:
    """The events that a change of the ``changed`` ones reaches, in alphabetical order."""
    rows = read_table(table)
    facts = read_facts(rows, rules)
    names = {fact.key: row["event"] for row, fact in zip(rows, facts, strict=True)}
    before = [
        replace(fact, state=State.WITHDRAWN) if names[fact.key] in changed else fact
        for fact in facts
    ]
    closed, _ = reached(Change(before, facts, links, links), rules)
    return "".join(sorted(names[key] for key in closed))


def test_without_shared_rules_a_change_reaches_only_its_own_day_of_points() -> None:
    table = """
        event | citizen | account | start       | n
        a     | Li      | L1      | 03-01 08:00 | 1
        b     | Li      | L1      | 03-01 09:00 | 1
        c     | Li      | L1      | 03-02 09:00 | 1
        d     | Li      | L2      | 03-01 09:00 | 1
        e     | Wang    | W1      | 03-01 09:00 | 1
        """
    rules = book({"ride": version()}, City((terms(points=Points(unit_mg=1)),)))
    assert reach_of(rules, table, "a") == "ab"
    assert reach_of(rules, table, "e") == "e"


def test_a_change_reaches_later_acts_in_a_limits_period() -> None:
    table = """
        event | start       | n
        a     | 03-01 08:00 | 1
        b     | 03-10 08:00 | 1
        c     | 03-20 08:00 | 1
        d     | 04-01 08:00 | 1
        """
    monthly = limit("monthly", Kind.AMOUNT, 5, Period.MONTH)
    rules = book({"ride": version(limits=(monthly,))})
    assert reach_of(rules, table, "b") == "bc"
    assert reach_of(rules, table, "d") == "d"


def test_a_late_act_of_a_month_is_settled_with_the_earlier_ones() -> None:
    """The limit of 10 leaves 2 of b: a is not reached by it, and yet needed to know so."""
    rules = book({"ride": version(limits=(limit("monthly", Kind.AMOUNT, 10, Period.MONTH),))})
    a, b = read_facts(
        read_table(
            """
            event | start       | n
            a     | 03-01 08:00 | 8
            b     | 03-10 08:00 | 8
            """
        ),
        rules,
    )
    closed, wanted = reached(Change([a], [a, b]), rules)
    assert closed == {b.key}
    assert kernel(wanted, rules)[b.key].credited_mg == 2


def test_a_limit_over_all_accounts_carries_a_change_from_one_to_the_other() -> None:
    table = """
        event | account | start       | n
        a     | L1      | 03-01 08:00 | 1
        b     | L2      | 03-02 08:00 | 1
        """
    yearly = limit("yearly", Kind.COUNT, 5, Period.YEAR, Scope.PROGRAMME)
    assert reach_of(book({"ride": version()}, City((terms(limits=(yearly,)),))), table, "a") == "ab"
    assert reach_of(book({"ride": version()}), table, "a") == "a"


def test_overlap_carries_a_change_along_a_chain_across_midnight() -> None:
    table = """
        event | start       | end         | n
        a     | 03-01 23:00 | 03-01 23:40 | 1
        b     | 03-01 23:30 | 03-02 00:20 | 1
        c     | 03-02 00:10 | 03-02 00:30 | 1
        d     | 03-03 00:10 | 03-03 00:40 | 1
        """
    assert reach_of(book({"ride": version(conflict=TRIP)}), table, "a") == "abc"


def test_a_key_carries_a_change_within_its_period_and_a_claim_to_other_people() -> None:
    table = """
        event | citizen | start       | n | item
        a     | Li      | 03-01 08:00 | 1 | m1
        b     | Li      | 03-20 08:00 | 1 | m1
        c     | Li      | 04-20 08:00 | 1 | m1
        d     | Wang    | 03-21 08:00 | 1 | m1
        e     | Wang    | 03-22 08:00 | 1 | m2
        """
    assert reach_of(book({"card": version(conflict=CARD)}), table, "a") == "ab"
    assert reach_of(book({"bill": version(conflict=BILL)}), table, "a") == "abd"


def test_a_look_back_carries_a_change_forward_and_no_further_than_it_reads() -> None:
    table = """
        event | start       | n
        a     | 03-01 08:00 | 1
        b     | 03-03 08:00 | 1
        c     | 03-04 08:00 | 1
        d     | 03-09 08:00 | 1
        """
    look_back = LookBack("before", "n", 2, "sum", "zero")
    rules = book({"meter": version(look_backs=(look_back,))})
    assert set("ab") <= set(reach_of(rules, table, "a")) <= set("abc")
    assert reach_of(rules, table, "c") == "c"  # and not the day before
    assert reach_of(rules, table, "d") == "d"


def test_an_act_that_a_limit_has_counted_reaches_later_acts_by_the_old_ways() -> None:
    """Between two versions nothing is in force now; a month ago the first one still was."""
    monthly = (limit("monthly", Kind.AMOUNT, 5, Period.MONTH),)
    first = version(limits=monthly, until="03-05")
    second = version(limits=monthly, since="03-10")
    rules = book({"ride": (first, second), "walk": version()})
    acts, changed = positions(
        """
        event | pack | start       | n
        a     | ride | 03-04 08:00 | 1
        b     | ride | 03-07 08:00 | 1
        c     | walk | 03-12 08:00 | 1
        d     | ride | 03-20 08:00 | 1
        e     | ride | 04-20 08:00 | 1
        """,
        rules,
    )
    assert closure(acts, rules, changed).tolist() == [False, True, False, False, False]
    reached = closure(acts, rules, changed, old_ways=True)
    assert reached.tolist() == [False, True, False, True, False]
    wanted = needed(acts, rules, reached, old_ways=True)
    assert wanted.tolist() == [True, True, False, True, False]


def test_by_the_old_ways_an_act_may_have_overlapped_another_within_two_days() -> None:
    rules = book({"ride": version()})
    acts, _ = positions("event | start | n\na | 03-07 08:00 | 1", rules)
    day_of_a = int(reach(acts, rules)[0][0])
    first, last = reach(acts, rules, old_ways=True)
    assert (first.tolist(), last.tolist()) == ([day_of_a - 2], [day_of_a + 2])


@pytest.mark.parametrize(
    ("rule", "first", "last"),
    [
        (version(), "2025-03-07", "2025-03-07"),
        (version(conflict=TRIP), "2025-03-05", "2025-03-09"),
        (version(look_backs=(LookBack("b", "n", 3, "sum", "zero"),)), "2025-03-04", "2025-03-10"),
        (version(limits=(limit("m", Kind.AMOUNT, 5),)), "2025-03-07", "2025-03-07"),
        (version(limits=(limit("m", Kind.AMOUNT, 5, Period.WEEK),)), "2025-03-03", "2025-03-09"),
        (version(limits=(limit("m", Kind.AMOUNT, 5, Period.MONTH),)), "2025-03-01", "2025-03-31"),
        (version(limits=(limit("m", Kind.AMOUNT, 5, Period.YEAR),)), "2025-01-01", "2025-12-31"),
    ],
    ids=["nothing", "trips", "look-back", "day", "week", "month", "year"],
)
def test_an_act_of_a_friday_is_reached_from_as_far_as_its_rule_goes(
    rule: PackVersion, first: str, last: str
) -> None:
    rules = book({"ride": rule})
    acts, _ = positions("event | start | n\na | 03-07 08:00 | 1", rules)
    assert [days.tolist() for days in reach(acts, rules)] == [[day(first)], [day(last)]]


def test_a_limit_of_a_lifetime_reaches_all_days() -> None:
    rules = book({"ride": version(limits=(limit("life", Kind.AMOUNT, 5, Period.LIFETIME),))})
    acts, _ = positions("event | start | n\na | 03-07 08:00 | 1", rules)
    assert [days.tolist() for days in reach(acts, rules)] == [[BEFORE_ALL], [AFTER_ALL]]


def positions(table: str, rules: Rulebook) -> tuple[Acts, Flags]:
    """The acts of a table in order of their starts, and that b is what changed."""
    facts = read_facts(read_table(table), rules)
    return as_acts(facts), np.array([place == 1 for place in range(len(facts))], np.bool_)
