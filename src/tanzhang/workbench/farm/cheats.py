"""What all ways of cheating share: who cheats, and how a false act is written down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final

import polars as pl

from tanzhang.workbench.farm.people import Cheat
from tanzhang.workbench.farm.rows import ROW, SECOND_US

Row = dict[str, Any]

PARTNERS: Final = {
    "walking": "farm-steps",
    "cycling": "farm-rides",
    "metro": "farm-metro",
    "take-away": "farm-orders",
}


@dataclass(frozen=True, slots=True)
class Today:
    """The day on which something is done."""

    number: int  #: from the drill's first
    midnight: int
    rng: Random


#: What one cheat of a variant does on one day.
Habit = Callable[[Cheat, Today], list[Row]]


def act(cheat: Cheat, today: Today, scene: str, start_s: int, lasts_s: int, **columns: Any) -> Row:
    """One act of a cheat; all of it is false unless ``false_share`` (in thousandths) says less."""
    began = today.midnight + start_s * SECOND_US
    return {
        "day": today.number,
        "attack": cheat.attack,
        "variant": cheat.variant,
        "truth": None,
        "false_share": 1000,
        "partner": PARTNERS[scene],
        "person": cheat.name,
        "scene": scene,
        "started_us": began,
        "ended_us": began + lasts_s * SECOND_US,
        "grade": 3,
        **columns,
    }


def gather(found: Sequence[Row]) -> pl.DataFrame:
    """Many acts as one frame."""
    return pl.DataFrame([{name: row.get(name) for name in ROW} for row in found], ROW)


def between(rng: Random, low: float, high: float) -> int:
    """A whole number from an even spread."""
    return round(rng.uniform(low, high))


def pick(rng: Random, chances: dict[Any, int]) -> Any:
    """One of several by their weights."""
    return rng.choices([*chances], [*chances.values()])[0]
