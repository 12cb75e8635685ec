"""The suites can fail: every wrong settlement is told from the right one by some small world."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from . import oracle
from .mutants import MUTANTS, Mutant
from .plain import Verdicts
from .worlds import World, worlds

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
