"""Settlement depends on the set of facts alone: no order, repetition, split or numbering."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings, strategies as st

from tanzhang.engine.acts import State

from . import oracle
from .cases import BILL, TRIP, Judge, book, version
from .plain import Fact, Verdict, Verdicts, Witness, kernel
from .properties import same
from .reports import Report, Stream, fold, streams
from .worlds import World, worlds


@given(worlds(), st.data())
@settings(max_examples=100, deadline=None)
def test_any_order_of_rows_gives_the_same_outcomes(world: World, data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(world.facts), label="rows")
    same(kernel(shuffled, world.rulebook), kernel(world.facts, world.rulebook))


@given(worlds(), st.data())
@settings(max_examples=100, deadline=None)
def test_subjects_settled_apart_with_witnesses_come_out_as_together(
    world: World, data: st.DataObject
) -> None:
    groups = data.draw(partitions(world.facts), label="groups")
    apart: Verdicts = {}
    for group in groups:
        elsewhere = [fact for other in groups if other is not group for fact in other]
        witnesses = oracle.claim_candidates(elsewhere, world.rulebook)
        apart |= kernel(group, world.rulebook, witnesses)
    same(apart, kernel(world.facts, world.rulebook))


@st.composite
def partitions(draw: st.DrawFn, facts: tuple[Fact, ...]) -> list[list[Fact]]:
    """The facts in two groups, no subject in both."""
    subjects = sorted({fact.subject for fact in facts})
    first = draw(st.sets(st.sampled_from(subjects)))
    groups = (
        [fact for fact in facts if fact.subject in first],
        [fact for fact in facts if fact.subject not in first],
    )
    return [group for group in groups if group]


@given(worlds(), st.data())
@settings(max_examples=60, deadline=None)
def test_witnesses_of_other_keys_change_nothing(world: World, data: st.DataObject) -> None:
    """A worker may read more candidates than it needs."""
    strangers = [
        Witness("bill", 99, 1000, 0, 9, item=77, period=0),
        Witness("no such class", 99, 1001, 0, 9, item=1, period=0),
    ]
    kept = data.draw(st.lists(st.sampled_from(strangers), unique=True), label="witnesses")
    same(kernel(world.facts, world.rulebook, kept), kernel(world.facts, world.rulebook))


@given(worlds(), st.data())
@settings(max_examples=60, deadline=None)
def test_keys_may_be_any_numbers_that_rise_with_them(world: World, data: st.DataObject) -> None:
    keys = sorted(fact.key for fact in world.facts)
    numbers = st.integers(-(2**62), 2**62)
    chosen = data.draw(
        st.lists(numbers, min_size=len(keys), max_size=len(keys), unique=True), label="ranks"
    )
    rank = dict(zip(keys, sorted(chosen), strict=True))
    ranked = [replace(fact, key=rank[fact.key]) for fact in world.facts]
    back = {number: key for key, number in rank.items()}
    verdicts = kernel(ranked, world.rulebook)
    same(
        {back[key]: renamed(verdict, back) for key, verdict in verdicts.items()},
        kernel(world.facts, world.rulebook),
    )


def renamed(verdict: Verdict, back: dict[int, int]) -> Verdict:
    return replace(verdict, lost_to=None if verdict.lost_to is None else back[verdict.lost_to])


@given(worlds())
@settings(max_examples=60, deadline=None)
def test_subjects_accounts_scenes_and_items_are_only_names(world: World) -> None:
    def other(fact: Fact) -> Fact:
        return replace(
            fact,
            subject=2**61 - 17 * fact.subject,
            account=2**61 - 13 * fact.account,
            scene=900 - fact.scene,
            item=fact.item and 2**62 - fact.item,
        )

    renumbered = [other(fact) for fact in world.facts]
    same(kernel(renumbered, world.rulebook), kernel(world.facts, world.rulebook))


@given(streams())
@settings(max_examples=100, deadline=None)
def test_reports_in_any_order_with_repetitions_settle_as_in_order(stream: Stream) -> None:
    """Late arrival, repetition, correction and withdrawal are all one thing: the set of facts."""
    world = stream.world
    facts = fold(stream.arrivals)
    assert facts == fold(stream.reports)
    same(kernel(facts, world.rulebook), oracle.settle(fold(stream.reports), world.rulebook))


@given(streams())
@settings(max_examples=60, deadline=None)
def test_a_withdrawn_event_leaves_the_others_as_if_it_had_never_been(stream: Stream) -> None:
    facts = fold(stream.reports)
    gone = {fact.key for fact in facts if fact.state is not State.LIVE}
    left = [fact for fact in facts if fact.key not in gone]
    said = kernel(facts, stream.world.rulebook)
    same(
        {key: verdict for key, verdict in said.items() if key not in gone},
        kernel(left, stream.world.rulebook) if left else {},
    )


def test_the_highest_revision_counts_and_the_first_content_of_one_stands() -> None:
    ride = Fact(1, 1, 1, 0, 0, 0, 0, (5, None))
    longer, shorter = replace(ride, inputs=(9, None)), replace(ride, inputs=(2, None))
    gone = replace(ride, state=State.WITHDRAWN)
    assert fold([Report(0, ride), Report(1, longer), Report(1, shorter)]) == [longer]
    assert fold([Report(1, longer), Report(0, ride)]) == [longer]
    assert fold([Report(0, ride), Report(1, gone)]) == [gone]
    assert fold([Report(2, shorter), Report(0, ride), Report(1, gone)]) == [shorter]


def test_a_hold_covers_every_revision_until_it_is_released() -> None:
    ride = Fact(1, 1, 1, 0, 0, 0, 0, (5, None))
    reports = [Report(0, ride), Report(1, replace(ride, inputs=(9, None)))]
    (held,) = fold(reports, held=frozenset({1}))
    assert held.state is State.HELD
    assert fold(reports) == [replace(ride, inputs=(9, None))]


def test_nothing_settles_to_nothing(judge: Judge) -> None:
    rules = book({"ride": version(conflict=TRIP), "bill": version(conflict=BILL)})
    assert judge([], rules, (), ()) == {}
