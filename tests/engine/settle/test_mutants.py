"""The suites can fail: each wrong settlement is caught by a hand-written case or a small world."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from inspect import signature
from typing import TypeVar

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy

from tanzhang.engine.acts import Acts
from tanzhang.engine.rules import Flags, Rulebook
from tanzhang.engine.settle.registers import Registers

from . import (
    book as posting_book,
    oracle,
    test_closure,
    test_conflict_cases,
    test_eligibility_cases,
    test_fast_path,
    test_limit_cases,
    test_link_cases,
    test_points_cases,
    test_quantity_cases,
    test_time_cases,
)
from .mutants import MUTANTS, Mutant
from .plain import Verdicts
from .test_closure import changes, closure_settles_as_the_whole, nothing_outside_changes
from .test_fast_path import deliveries, ordinary_deliveries, post_and_compare
from .worlds import World, worlds

Told = TypeVar("Told")
Corpus = Sequence[tuple[World, Verdicts]]


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    """The same small worlds every time, with their right settlement."""
    drawn: list[tuple[World, Verdicts]] = []

    @given(worlds())
    @settings(
        max_examples=400,
        phases=[Phase.generate],
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    def draw(world: World) -> None:
        drawn.append((world, oracle.settle(world.facts, world.rulebook, links=world.links)))

    draw()
    return drawn


CASES = tuple(
    case
    for module in (
        test_conflict_cases,
        test_eligibility_cases,
        test_limit_cases,
        test_link_cases,
        test_points_cases,
        test_quantity_cases,
        test_time_cases,
    )
    for name, case in vars(module).items()
    if name.startswith("test_") and list(signature(case).parameters) == ["judge"]
)


def fails(case: Callable[..., None], *told: object) -> bool:
    """Whether a hand-written case says no."""
    try:
        case(*told)
    except AssertionError:
        return True
    return False


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_broken_rule_is_caught(
    mutant: Mutant, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mutant.module, mutant.function, mutant.broken)
    assert any(
        oracle.settle(world.facts, world.rulebook, links=world.links) != right
        for world, right in corpus
    ) or any(fails(case, oracle.settle) for case in CASES)


def settles_wrongly(strategy: SearchStrategy[Told], check: Callable[[Told], None]) -> bool:
    """Whether some drawn example fails the check."""

    @given(strategy)
    @settings(
        max_examples=600,
        phases=[Phase.generate],
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    def run(told: Told) -> None:
        check(told)

    try:
        run()
    except AssertionError:
        return True
    return False


ORDERS = (
    test_fast_path.test_an_act_from_between_needs_history,
    test_fast_path.test_a_monthly_limit_that_binds_sends_yesterdays_file_to_history,
    test_fast_path.test_a_correction_gives_back_the_room_that_the_first_revision_used,
)


def everything_is_in_order(acts: Acts, *others: object) -> Flags:
    return np.ones(len(acts), np.bool_)


def nothing_binds(acts: Acts, *others: object) -> Flags:
    return np.zeros(len(acts), np.bool_)


def no_sum_is_touched(*others: object) -> Registers:
    return Registers.none()


@pytest.mark.parametrize(
    ("function", "broken"),
    [
        ("in_order", everything_is_in_order),
        ("binding", nothing_binds),
        ("touched_by", no_sum_is_touched),
    ],
)
def test_a_broken_fast_path_is_caught(
    function: str, broken: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting_book, function, broken)
    assert any(map(fails, ORDERS)) or settles_wrongly(
        deliveries() | ordinary_deliveries(), post_and_compare
    )


def only_what_changed(acts: Acts, rulebook: Rulebook, flags: Flags) -> Flags:
    return flags


@pytest.mark.parametrize("function", ["closure", "needed"])
def test_some_change_shows_a_closure_that_is_too_small(
    function: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(test_closure, function, only_what_changed)
    check = {"closure": nothing_outside_changes, "needed": closure_settles_as_the_whole}[function]
    literal = test_closure.test_a_late_act_of_a_month_is_settled_with_the_earlier_ones
    assert fails(literal) or settles_wrongly(changes(), check)
