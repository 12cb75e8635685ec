"""Honest citizens of a drill, and everything they do on a day."""

from __future__ import annotations

import polars as pl

from tanzhang.workbench.city.draws import stream
from tanzhang.workbench.farm.honest.day import Day
from tanzhang.workbench.farm.honest.metro import metro
from tanzhang.workbench.farm.honest.orders import orders
from tanzhang.workbench.farm.honest.rides import rides
from tanzhang.workbench.farm.honest.walks import walks
from tanzhang.workbench.farm.honest.who import Honest, make_honest

__all__ = ["Honest", "day_of_honest", "make_honest"]

_SCENES = {"walks": walks, "rides": rides, "metro": metro, "orders": orders}


def day_of_honest(
    seed: int, who: Honest, names: list[str], day: int, midnight: int, weekend: bool
) -> pl.DataFrame:
    """Everything that honest citizens do on one day."""
    today = Day(who, names, day, midnight, weekend)
    return pl.concat(
        [acts(stream(seed, f"honest {name}", day), today) for name, acts in _SCENES.items()]
    )
