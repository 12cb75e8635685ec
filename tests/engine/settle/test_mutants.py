"""The suites can fail: every wrong settlement is told from the right one by some small world."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy

from tanzhang.engine.acts import Acts
from tanzhang.engine.rules import Flags, Rulebook
from tanzhang.engine.settle.registers import Registers

from . import book as posting_book
from . import oracle, test_closure
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
        max_examples=700,
        phases=[Phase.generate],
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    def draw(world: World) -> None:
        drawn.append((world, oracle.settle(world.facts, world.rulebook)))

    draw()
    return drawn


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_some_small_world_shows_the_broken_rule(
    mutant: Mutant, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mutant.module, mutant.function, mutant.broken)
    assert any(oracle.settle(world.facts, world.rulebook) != right for world, right in corpus)


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
def test_some_delivery_shows_a_broken_fast_path(
    function: str, broken: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting_book, function, broken)
    assert settles_wrongly(deliveries() | ordinary_deliveries(), post_and_compare)


def only_what_changed(acts: Acts, rulebook: Rulebook, flags: Flags) -> Flags:
    return flags


@pytest.mark.parametrize("function", ["closure", "needed"])
def test_some_change_shows_a_closure_that_is_too_small(
    function: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(test_closure, function, only_what_changed)
    check = {"closure": nothing_outside_changes, "needed": closure_settles_as_the_whole}[function]
    assert settles_wrongly(changes(), check)
