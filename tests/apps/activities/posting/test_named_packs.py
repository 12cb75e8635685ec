"""Slots of one pack and of another: what means the same, and what the other does not know."""

from __future__ import annotations

import numpy as np

from tanzhang.apps.activities.posting.named_packs import _places
from tanzhang.engine.rules import Input

DISTANCE = Input("distance_m", "m", 0, 100_000)
STEPS = Input("steps", "step", 0, 200_000)
EVERY = np.iinfo(np.int64).max
NONE = np.iinfo(np.int64).min


def mode(*values: str) -> Input:
    return Input("mode", "", 0, len(values) - 1, values=values)


def test_inputs_are_told_by_name_and_unit_wherever_they_stand() -> None:
    in_km = Input("distance_m", "km", 0, 100)
    places, ends = _places((DISTANCE, STEPS), (STEPS, in_km))
    assert (places.tolist(), ends.tolist()) == ([-1, 0], [NONE, EVERY])


def test_categories_are_known_as_far_as_both_name_the_same() -> None:
    """A category that only a later version has makes no stored act of before unreadable."""
    for other, known in (
        (("metro", "bus", "tram"), 2),
        (("metro", "tram"), 1),
        (("tram", "bus"), 0),
    ):
        places, ends = _places((mode("metro", "bus"),), (mode(*other),))
        assert (places.tolist(), ends.tolist()) == ([0], [known])


def test_a_pack_without_inputs_is_read_by_any() -> None:
    places, ends = _places((), (DISTANCE,))
    assert (len(places), len(ends)) == (0, 0)
