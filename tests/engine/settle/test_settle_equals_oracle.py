"""The kernel and the oracle say the same of every world."""

from __future__ import annotations

from hypothesis import given, note, settings

from . import oracle
from .plain import Verdicts, kernel
from .worlds import World, worlds


def differences(said: Verdicts, wanted: Verdicts) -> str:
    """The events on which two answers differ, one a line."""
    return "\n".join(
        f"event {key}: said {said[key]!r}\n      wanted {wanted[key]!r}"
        for key in sorted(wanted)
        if said[key] != wanted[key]
    )


@given(worlds())
@settings(max_examples=300, deadline=None)
def test_the_kernel_says_what_the_oracle_says(world: World) -> None:
    wanted = oracle.settle(world.facts, world.rulebook)
    said = kernel(world.facts, world.rulebook)
    note(differences(said, wanted))
    assert said == wanted
