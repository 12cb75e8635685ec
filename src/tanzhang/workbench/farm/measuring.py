"""From what became of every act to two figures for each class of attack.

*Value taken*: milligrams of false acts that were credited and became available, divided by what the
same acts would have earned if each had been believed: its pack's formula within its pack's own
daily limit of the account. An act became available if nobody had put it aside when its waiting days
were over. Where several acts tell one thing, the best of them is true and the others are false.

*Honest held*: the share of honest people who acted in the scenes of the class and had an act put
aside or refused there, at any time and for however long.
"""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from tanzhang.engine.packs import load_packs
from tanzhang.workbench.farm.casting import CLASSES, SCENES
from tanzhang.workbench.farm.people import DAYS, WAITING_DAYS
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
    """Add ``face_mg``: what the act is worth if it is believed; ``got_mg``: what it brought."""
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
            own.with_columns(gross).with_columns(
                face_mg=pl.min_horizontal("gross", (room - before).clip(0, None))
            )
        )
    late = pl.col("aside_day") > pl.col("day") + WAITING_DAYS
    credited = pl.col("credited_mg").fill_null(0)
    got = pl.when(late).then(pl.col("face_mg")).otherwise(credited)
    return pl.concat(parts).with_columns(got_mg=got)


def _class(acts: pl.DataFrame, name: str) -> dict[str, Any]:
    false = acts.filter((pl.col("attack") == name) & (pl.col("day") + WAITING_DAYS < DAYS))
    by_variant = {}
    for variant in sorted(false["variant"].unique().to_list()):
        claimed, taken = _value(false.filter(pl.col("variant") == variant))
        by_variant[variant] = round(taken / max(claimed, 1), 5)
    claimed, taken = _value(false)
    return {
        "value_taken": round(taken / max(claimed, 1), 5),
        "honest_held": _honest(acts, list(SCENES[name]))["people_held"],
        "accounts": false["person"].n_unique(),
        "acts": len(false),
        "claimed_g": claimed // 1000,
        "taken_g": taken // 1000,
        "variants": by_variant,
    }


def _value(acts: pl.DataFrame) -> tuple[int, int]:
    """What false acts claim and what they brought, in milligrams."""
    alone = acts.filter(pl.col("truth").is_null())
    share = pl.col("false_share")
    claimed = int(alone.select((pl.col("face_mg") * share // 1000).sum()).item())
    taken = int(alone.select((pl.col("got_mg") * share // 1000).sum()).item())
    told = (
        acts.filter(pl.col("truth").is_not_null())
        .group_by("truth")
        .agg(
            claimed=pl.col("gross").sum() - pl.col("gross").max(),
            taken=(pl.col("got_mg").sum() - pl.col("face_mg").max()).clip(0, None),
        )
    )
    return claimed + int(told["claimed"].sum()), taken + int(told["taken"].sum())


def _honest(acts: pl.DataFrame, scenes: list[str]) -> dict[str, Any]:
    own = acts.filter(pl.col("attack").is_null() & pl.col("scene").is_in(scenes))
    aside = own.filter(pl.col("aside_day").is_not_null())
    people = max(own["person"].n_unique(), 1)
    rules = aside.group_by("scene", "aside_rule").agg(n=pl.col("person").n_unique())
    return {
        "people": people,
        "people_held": round(aside["person"].n_unique() / people, 5),
        "acts_held": round(len(aside) / max(len(own), 1), 6),
        "by_rule": {
            f"{scene}.{rule}": n for scene, rule, n in rules.sort("scene", "aside_rule").iter_rows()
        },
    }


assert set(INPUTS) >= {name for _, inputs in _PACKS.values() for name in inputs}
