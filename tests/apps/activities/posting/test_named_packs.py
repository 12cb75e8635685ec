"""Which slots of an act another pack reads, and which values of them it knows."""

from __future__ import annotations

import numpy as np

from tanzhang.apps.activities.posting.named_packs import _places as places
from tanzhang.engine.rules import Input

DISTANCE = Input("distance_m", "m", 0, 100_000)
STEPS = Input("steps", "step", 0, 200_000, required=False)
MINUTES = Input("minutes", "min", 0, 1_440)

ALL = np.iinfo(np.int64).max
NONE = np.iinfo(np.int64).min


def mode(*values: str) -> Input:
    return Input("mode", "1", 0, len(values) - 1, values=values)


def read(before: tuple[Input, ...], after: tuple[Input, ...]) -> tuple[list[int], list[int]]:
    slots, ends = places(before, after)
    return slots.tolist(), ends.tolist()


def test_a_slot_is_found_by_its_name_wherever_it_stands() -> None:
    assert read((STEPS, DISTANCE), (DISTANCE, MINUTES, STEPS)) == ([2, 0], [ALL, ALL])


def test_what_the_other_pack_does_not_ask_for_has_no_place_and_no_value_that_it_knows() -> None:
    assert read((STEPS, DISTANCE), (DISTANCE,)) == ([-1, 0], [NONE, ALL])
    assert read((DISTANCE,), ()) == ([-1], [NONE])


def test_another_unit_is_another_thing() -> None:
    kilometres = Input("distance_m", "km", 0, 100)
    assert read((DISTANCE, STEPS), (kilometres, STEPS)) == ([-1, 1], [NONE, ALL])


def test_of_categories_those_are_known_that_both_name_alike_from_the_first_on() -> None:
    bus_and_metro = mode("bus", "metro", "ferry")
    assert read((bus_and_metro,), (mode("bus", "metro", "tram"),)) == ([0], [2])
    assert read((bus_and_metro,), (mode("bus", "metro", "ferry", "tram"),)) == ([0], [3])
    assert read((bus_and_metro,), (mode("metro", "bus"),)) == ([0], [0])
