"""What holds of people, whatever they do: nothing counts twice, and nobody changes another's books.

People have one to four subjects; which are one person changes from day to day (``worlds.links``).
Households are subjects like others: what they share with their members is a claim.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations, pairwise

from hypothesis import assume, given, settings, strategies as st

from tanzhang.engine.acts import Reason, State, Status
from tanzhang.engine.kinship import Link

from . import oracle
from .book import subjects_of
from .oracle.conflicts import overlaps, same_class, same_once_key
from .oracle.eligibility import judge_eligibility
from .oracle.lines import Line, open_line
from .oracle.people import find_people, meet
from .plain import Fact, Verdicts, kernel
from .properties import same
from .worlds import World, worlds

#: Acts that won their conflicts, whatever limits left of them.
KEPT = (Status.CREDITED, Status.LIMITED)


def told(world: World) -> Verdicts:
    return kernel(world.facts, world.rulebook, links=world.links)


def lines_of(world: World) -> list[Line]:
    """The acts with the persons they belong to, as the oracle sees them."""
    lines = [open_line(fact, world.rulebook) for fact in world.facts]
    find_people(lines, world.links)
    judge_eligibility(lines)
    return lines


@given(worlds())
@settings(max_examples=60, deadline=None)
def test_no_two_acts_that_meet_and_are_one_act_count_both(world: World) -> None:
    """Across programmes, accounts and linked subjects, by overlap and by key."""
    verdicts = told(world)
    counted = [line for line in lines_of(world) if verdicts[line.fact.key].status in KEPT]
    for one, other in combinations(counted, 2):
        if not meet(one, other) or not same_class(one, other):
            continue
        assert one.pack is not None
        assert one.pack.conflict_class is not None
        assert not same_once_key(one, other)
        assert not (one.pack.conflict_class.overlap and overlaps(one.fact, other.fact))


@given(worlds())
@settings(max_examples=60, deadline=None)
def test_a_shared_thing_counts_for_one_person_alone(world: World) -> None:
    verdicts = told(world)
    counted = [
        line
        for line in lines_of(world)
        if line.may_claim and line.is_eligible and verdicts[line.fact.key].status in KEPT
    ]
    for one, other in combinations(counted, 2):
        assert not same_once_key(one, other)


@given(worlds())
@settings(max_examples=60, deadline=None)
def test_a_loser_by_overlap_or_key_lost_to_a_kept_act_that_meets_it(world: World) -> None:
    verdicts = told(world)
    lines = {line.fact.key: line for line in lines_of(world)}
    for key, verdict in verdicts.items():
        if verdict.lost_to is None:
            continue
        if verdict.reason == Reason.CLAIM:
            assert not meet(lines[key], lines[verdict.lost_to])
        else:
            assert meet(lines[key], lines[verdict.lost_to])
            assert verdicts[verdict.lost_to].status is not Status.DUPLICATE


@given(worlds(), st.data())
@settings(max_examples=60, deadline=None)
def test_who_leaves_changes_nobody_who_shared_no_thing_with_her(
    world: World, data: st.DataObject
) -> None:
    """A claim is the one way from an unlinked subject to another person."""
    subjects = {fact.subject for fact in world.facts}
    alone = sorted(subjects - subjects_of(world.links))
    assume(alone)
    gone = data.draw(st.sampled_from(alone), label="gone")
    left = world.with_facts([fact for fact in world.facts if fact.subject != gone])
    assume(left.facts)
    things = shared_things(world, [fact for fact in world.facts if fact.subject == gone])
    people = connected(world)
    untouched = [
        person
        for person in people
        if gone not in person
        and not things & shared_things(world, [f for f in world.facts if f.subject in person])
    ]
    same(of_subjects(told(left), left, untouched), of_subjects(told(world), left, untouched))


@given(worlds(), st.data())
@settings(max_examples=60, deadline=None)
def test_a_source_that_she_stops_changes_nobody_else_but_by_a_claim(
    world: World, data: st.DataObject
) -> None:
    """From some moment on one source of one person is silent: any of her acts may be missing."""
    person = data.draw(st.sampled_from(sorted(connected(world), key=sorted)), label="person")
    own = [fact for fact in world.facts if fact.subject in person]
    assume(own)
    silent = data.draw(st.sets(st.sampled_from([fact.key for fact in own]), min_size=1))
    left = world.with_facts([fact for fact in world.facts if fact.key not in silent])
    assume(left.facts)
    things = shared_things(world, [fact for fact in own if fact.key in silent])
    untouched = [
        other
        for other in connected(world)
        if other != person
        and not things & shared_things(world, [f for f in world.facts if f.subject in other])
    ]
    same(of_subjects(told(left), left, untouched), of_subjects(told(world), left, untouched))


def shared_things(world: World, facts: Iterable[Fact]) -> set[tuple[str, int, int]]:
    """The things that acts of these claim: class, item and once-period."""
    things = set()
    for line in (open_line(fact, world.rulebook) for fact in facts):
        if line.may_claim:
            assert line.pack is not None
            assert line.pack.conflict_class is not None
            things.add((line.pack.conflict_class.name, line.fact.item, line.once_period))
    return things


def connected(world: World) -> list[frozenset[int]]:
    """The subjects of a world, those in one set whom links connect at whatever time."""
    people = [frozenset([subject]) for subject in {fact.subject for fact in world.facts}]
    for link in world.links:
        pair = {link.one, link.other}
        met = [person for person in people if person & pair]
        people = [person for person in people if not person & pair]
        people.append(frozenset(pair).union(*met))
    return people


def of_subjects(verdicts: Verdicts, world: World, people: Iterable[frozenset[int]]) -> Verdicts:
    wanted = frozenset[int]().union(*people)
    return {fact.key: verdicts[fact.key] for fact in world.facts if fact.subject in wanted}


@given(worlds())
@settings(max_examples=60, deadline=None)
def test_a_link_changes_nobody_whom_it_does_not_connect(world: World) -> None:
    """Not even by a claim: who holds a thing does not depend on who she is."""
    strangers = [person for person in connected(world) if not person & subjects_of(world.links)]
    apart = replace(world, links=())
    same(of_subjects(told(world), world, strangers), of_subjects(told(apart), world, strangers))


@given(worlds(), st.data())
@settings(max_examples=60, deadline=None)
def test_links_hold_in_any_order_and_a_second_of_the_same_changes_nothing(
    world: World, data: st.DataObject
) -> None:
    assume(world.links)
    again = data.draw(st.permutations([*world.links, world.links[0]]), label="links")
    turned = tuple(replace(link, one=link.other, other=link.one) for link in again)
    same(told(replace(world, links=tuple(again))), told(world))
    same(told(replace(world, links=turned)), told(world))


@given(worlds())
@settings(max_examples=60, deadline=None)
def test_what_was_not_consented_to_neither_counts_nor_stands_in_anothers_way(
    world: World,
) -> None:
    verdicts = told(world)
    refused = {fact.key for fact in world.facts if not fact.consent}
    for key in refused:
        assert (verdicts[key].credited_mg, verdicts[key].points) == (0, 0)
        assert verdicts[key].status in (Status.REJECTED, Status.HELD, Status.WITHDRAWN)
    left = world.with_facts([fact for fact in world.facts if fact.key not in refused])
    rest = told(left) if left.facts else {}
    same({key: verdict for key, verdict in verdicts.items() if key not in refused}, rest)


@given(worlds(), st.data())
@settings(max_examples=60, deadline=None)
def test_consent_that_was_never_given_is_as_if_nothing_had_been_reported(
    world: World, data: st.DataObject
) -> None:
    """Of whichever subjects: her linked accounts count as if that source had never been."""
    keys = [fact.key for fact in world.facts]
    refused = data.draw(st.sets(st.sampled_from(keys)), label="refused")
    asked = [
        replace(fact, consent=False, state=State.LIVE) if fact.key in refused else fact
        for fact in world.facts
    ]
    left = world.with_facts([fact for fact in world.facts if fact.key not in refused])
    verdicts = told(world.with_facts(asked))
    assert all(verdicts[key].credited_mg == 0 for key in refused)
    rest = told(left) if left.facts else {}
    same({key: verdict for key, verdict in verdicts.items() if key not in refused}, rest)


@given(worlds())
@settings(max_examples=60, deadline=None)
def test_a_roll_up_over_accounts_subjects_and_people_counts_each_act_once(world: World) -> None:
    """Each act belongs to one account, one subject and one person; every sum is the same."""
    verdicts = told(world)
    total = sum(verdict.credited_mg for verdict in verdicts.values())
    by_account: dict[int, int] = defaultdict(int)
    by_person: dict[frozenset[int], int] = defaultdict(int)
    people = connected(world)
    for fact in world.facts:
        by_account[fact.account] += verdicts[fact.key].credited_mg
        (person,) = (one for one in people if fact.subject in one)
        by_person[person] += verdicts[fact.key].credited_mg
    assert sum(by_account.values()) == sum(by_person.values()) == total


@given(worlds())
@settings(max_examples=60, deadline=None)
def test_a_person_earns_no_more_by_several_accounts_that_are_linked_from_the_beginning(
    world: World,
) -> None:
    """One thing reported to all of them is one thing: as many acts are kept as if it were one."""
    one = replace(world, links=chain(world))
    facts = [replace(fact, subject=1) for fact in world.facts]
    said, alike = told(one), kernel(facts, world.rulebook)
    same(said, alike)
    assert oracle.settle(one.facts, one.rulebook, links=one.links) == said


def chain(world: World) -> tuple[Link, ...]:
    """Everybody linked to the next, from the beginning and for ever."""
    subjects = sorted({fact.subject for fact in world.facts})
    return tuple(Link(one, other, -1_000_000) for one, other in pairwise(subjects))
