"""The kernel and the oracle say the same of every world."""

from __future__ import annotations

from hypothesis import given, settings

from . import oracle
from .plain import kernel
from .properties import same
from .worlds import World, worlds


@given(worlds())
@settings(max_examples=300, deadline=None)
def test_the_kernel_says_what_the_oracle_says(world: World) -> None:
    said = kernel(world.facts, world.rulebook, links=world.links)
    same(said, oracle.settle(world.facts, world.rulebook, links=world.links))
