"""From what became of every act to a few figures for each class of attack and each way in it.

*Claimed*: milligrams that false acts would have earned if each had been believed: the formula of
the act's pack within the pack's own daily limit of the account. Where several acts tell one thing,
the one worth most is true; of the others only the next best is claimed, however many there are.

*Taken*: milligrams of false acts that could be spent at some time: points become available so many
days after the act as the books say, unless it was put aside or withdrawn by then. What happened
later does not lessen it. *Left* is what the books hold of it in the end, when everything that was
withdrawn or put aside by then is taken back.

*Honest held*: the share of honest people who acted in the scenes of the class and had an act put
aside or refused there, at any time and for however long.
"""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from tanzhang.engine.packs import load_packs
from tanzhang.workbench.farm.casting import CLASSES, SCENES
from tanzhang.workbench.farm.people import MEASURED_DAYS
from tanzhang.workbench.farm.rows import INPUTS

_PACKS: Final = {
    "walking": ("hankou-walk", ("steps",)),
    "cycling": ("meituan-bike", ("distance_m",)),
    "metro": ("shenzhen-transit", ("mode", "distance_m")),
    "take-away": ("beijing-takeaway", ("orders",)),
}


def measure(acts: pl.DataFrame) -> dict[str, Any]:
    """The figures of a drill: ``classes`` by name, and ``honest`` over everything."""
    valued = _with_values(acts)
    classes = {name: _class(valued, name) for name in CLASSES}
    return {"classes": classes, "honest": _honest(valued, list(_PACKS))}


def _with_values(acts: pl.DataFrame) -> pl.DataFrame:
    """Add ``face_mg``: what the act is worth if it is believed; ``taken_mg`` and ``left_mg``."""
    library = load_packs()
    parts = []
    for scene, (pack, inputs) in _PACKS.items():
        rules = library.find(pack).rules
        own = acts.filter(pl.col("scene") == scene).sort("started_us", "event_key")
        if own.is_empty():
            continue
        columns = {name: own[f"in_{name}"].fill_null(0).to_numpy() for name in inputs}
        gross = pl.Series("gross", rules.quantify(columns)[0])
        room = min((limit.value for limit in rules.limits), default=2**62)
        before = (pl.col("gross").cum_sum() - pl.col("gross")).over("person", "day")
        parts.append(
            own.with_columns(gross)
            .with_columns(face_mg=pl.min_horizontal("gross", (room - before).clip(0, None)))
            .drop("gross")
        )
    stopped = pl.min_horizontal("aside_day", "back_day")
    available = pl.col("day") + pl.col("waits").fill_null(0)
    left = pl.col("credited_mg").fill_null(0)
    late = pl.min_horizontal("face_mg", pl.col("given_mg").fill_null(0))
    taken = pl.when(stopped.is_null()).then(left).when(stopped > available).then(late).otherwise(0)
    return pl.concat(parts).with_columns(taken_mg=taken, left_mg=left)


def _class(acts: pl.DataFrame, name: str) -> dict[str, Any]:
    false = acts.filter((pl.col("attack") == name) & (pl.col("day") < MEASURED_DAYS))
    ways = sorted(false["variant"].unique().to_list())
    variants = {way: _value(false.filter(pl.col("variant") == way)) for way in ways}
    return {
        **_value(false),
        "honest_held": _honest(acts, list(SCENES[name]))["people_held"],
        "accounts": false["person"].n_unique(),
        "acts": len(false),
        "variants": variants,
    }


def _value(acts: pl.DataFrame) -> dict[str, Any]:
    """What false acts claim, what of it could be spent at some time, and what is left of that."""
    alone = acts.filter(pl.col("truth").is_null())
    told = (
        acts.filter(pl.col("truth").is_not_null())
        .group_by("truth")
        .agg(
            claimed=pl.col("face_mg").sort(descending=True).slice(1, 1).sum(),
            taken=(pl.col("taken_mg").sum() - pl.col("face_mg").max()).clip(0, None),
            left=(pl.col("left_mg").sum() - pl.col("face_mg").max()).clip(0, None),
        )
    )

    def total(name: str, column: str) -> int:
        part = alone.select((pl.col(column) * pl.col("false_share") // 1000).sum()).item()
        return int(part) + int(told[name].sum())

    claimed = max(total("claimed", "face_mg"), 1)
    taken, left = total("taken", "taken_mg"), total("left", "left_mg")
    return {
        "value_taken": round(taken / claimed, 5),
        "value_left": round(left / claimed, 5),
        "claimed_g": claimed // 1000,
        "taken_g": taken // 1000,
    }


def _honest(acts: pl.DataFrame, scenes: list[str]) -> dict[str, Any]:
    own = acts.filter(pl.col("attack").is_null() & pl.col("scene").is_in(scenes))
    aside = own.filter(pl.col("aside_day").is_not_null())
    people, held = own["person"].n_unique(), aside["person"].n_unique()
    rules = aside.group_by("scene", "aside_rule").agg(n=pl.col("person").n_unique())
    return {
        "people": people,
        "held": held,
        "people_held": round(held / max(people, 1), 5),
        "acts_held": round(len(aside) / max(len(own), 1), 6),
        "by_rule": {
            f"{scene}.{rule}": n for scene, rule, n in rules.sort("scene", "aside_rule").iter_rows()
        },
    }


assert set(INPUTS) >= {name for _, inputs in _PACKS.values() for name in inputs}
