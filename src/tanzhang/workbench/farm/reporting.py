"""What partners report of a drill, evening by evening: the acts, the late ones, the withdrawals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any, Final

import numpy as np
import polars as pl

from tanzhang.stored_time import day_number
from tanzhang.workbench.farm.casting import HABITS, make_cheats
from tanzhang.workbench.farm.cheats import Today, gather
from tanzhang.workbench.farm.honest import Honest, day_of_honest, make_honest
from tanzhang.workbench.farm.people import DAYS, QUIET_DAYS, Cheat
from tanzhang.workbench.farm.rows import ROW, midnight_us

START: Final = date(2026, 8, 3)
FIRST: Final = day_number(START)

#: Of a thousand reports, how many come a day later than the others.
_LATE: Final = 30

_SENDING: Final = {
    "due": pl.Int64,
    "external_id": pl.String,
    "revision": pl.Int32,
    "withdrawn": pl.Boolean,
}


@dataclass(frozen=True, slots=True)
class Cast:
    """Who takes part in a drill."""

    seed: int
    who: Honest
    names: list[str]
    cheats: list[Cheat]


def make_cast(seed: int, honest: int, *, alone: bool = False) -> Cast:
    """The people of a drill; ``alone`` leaves the honest ones at home and the cheats unchanged."""
    who = make_honest(seed, 0 if alone else honest)
    names = [f"{seed}-honest-{number}" for number in range(len(who))]
    return Cast(seed, who, names, make_cheats(seed, honest))


def evenings(cast: Cast) -> Iterator[tuple[int, pl.DataFrame]]:
    """Each day of the drill from its first, and the reports that come in on its evening.

    A report has the columns of ``rows.ROW`` and those of sending; ``withdrawn`` ones take back.
    """
    waiting = pl.DataFrame(schema={**ROW, **_SENDING})
    for day in range(DAYS + QUIET_DAYS):
        if day < DAYS:
            waiting = pl.concat([waiting, _sent(cast, _acts(cast, day), day)])
        yield day, waiting.filter(pl.col("due") == day)
        waiting = waiting.filter(pl.col("due") > day)


def _acts(cast: Cast, day: int) -> pl.DataFrame:
    midnight = midnight_us(FIRST, day)
    weekend = (START + timedelta(days=day)).weekday() >= 5
    cheating = gather(list(_cheating(cast, day, midnight)))
    if not len(cast.who):
        return cheating
    honest = day_of_honest(cast.seed, cast.who, cast.names, day, midnight, weekend)
    return pl.concat([honest, cheating])


def _cheating(cast: Cast, day: int, midnight: int) -> Iterator[dict[str, Any]]:
    for cheat in cast.cheats:
        if day >= cheat.from_day:
            rng = Random(f"{cast.seed}-{cheat.name}-{day}")  # noqa: S311 - repeatable chance
            yield from HABITS[cheat.attack](cheat, Today(day, midnight, rng))


def _sent(cast: Cast, acts: pl.DataFrame, day: int) -> pl.DataFrame:
    """The day's reports, each due on the evening of some day, and the withdrawals to come."""
    rng = np.random.default_rng([cast.seed, day, 7])
    late = (rng.integers(0, 1000, len(acts)) < _LATE).astype(np.int64)
    stamp = f"{START + timedelta(days=day):%Y%m%d}"
    first = (
        acts.join(_offline(cast, day), on="person", how="left", maintain_order="left")
        .with_columns(
            due=pl.max_horizontal(day + pl.Series(late), "due"),
            external_id=pl.format("{}-{}", pl.lit(stamp), pl.int_range(pl.len())),
            revision=pl.lit(0, pl.Int32),
            withdrawn=pl.lit(False),
        )
        .select([*ROW, *_SENDING])
    )
    back = first.filter(pl.col("withdrawn_after").is_not_null()).with_columns(
        due=pl.max_horizontal(pl.col("due") + 1, day + pl.col("withdrawn_after")),
        revision=pl.lit(1, pl.Int32),
        withdrawn=pl.lit(True),
    )
    return pl.concat([first, back])


def _offline(cast: Cast, day: int) -> pl.DataFrame:
    """Whose phone has no network today, and when its reports will come."""
    who = cast.who
    off = np.flatnonzero((who.offline_from <= day) & (day < who.offline_to))
    return pl.DataFrame(
        {"person": [cast.names[i] for i in off], "due": who.offline_to[off]},
        {"person": pl.String, "due": pl.Int64},
    )
