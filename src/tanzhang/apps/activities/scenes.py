"""From a scene to its pack, and from named inputs to the slots of a stored act."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import polars as pl

from tanzhang.apps.activities.report import INPUT_PREFIX
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.engine.localtime import calendar_months, local_days
from tanzhang.engine.rules import INPUT_SLOTS, Programme

SLOTS = tuple(f"q{place + 1}" for place in range(INPUT_SLOTS))


def add_local_time(items: pl.DataFrame, programme: Programme) -> pl.DataFrame:
    """Add ``day`` and ``month`` (YYYYMM) of each act's start in the programme's zone."""
    days = local_days(items["started_us"].to_numpy(), programme.time_zone)
    return items.with_columns(
        day=pl.Series(days, dtype=pl.Int32),
        month=pl.Series(calendar_months(days), dtype=pl.Int32),
    )


def add_scenes(
    items: pl.DataFrame,
    programme: Programme,
    partner: str,
    rules: RulesInForce,
    agreed: Collection[str] = (),
) -> pl.DataFrame:
    """Add ``scene_id`` and ``pack_id`` by the programme's version of the act's day.

    Null where the scene is unknown; ``planned`` is true where the programme announces it and does
    not accept acts yet; ``may_report`` is false where it is not this partner's to report, neither
    by the programme's file nor by its agreement, which names the scenes ``agreed``.
    Before the programme's first version and after its last, the nearest one reads the scene, so
    that settlement can say that the act lies outside the programme.
    """
    known = rules.programme_file(programme.id).scenes
    starts = [version.valid_from for version in programme.versions]
    places = np.searchsorted(starts, items["day"].to_numpy(), side="right") - 1
    table = pl.DataFrame(
        [
            (
                place,
                scene,
                rules.scene_ids[programme.id, scene],
                rules.pack_ids[pack],
                scene in agreed or partner in known[version.version][scene].partners,
                False,
            )
            for place, version in enumerate(programme.versions)
            for scene, pack in version.scenes.items()
        ]
        + [
            (place, scene, None, None, False, True)
            for place, version in enumerate(programme.versions)
            for scene in rules.planned_scenes(programme.id, version.version)
        ],
        {
            "version": pl.Int64,
            "scene": pl.String,
            "scene_id": pl.Int16,
            "pack_id": pl.Int16,
            "may_report": pl.Boolean,
            "planned": pl.Boolean,
        },
        orient="row",
    )
    placed = items.with_columns(version=pl.Series(np.maximum(places, 0), dtype=pl.Int64))
    return placed.join(table, on=["version", "scene"], how="left", maintain_order="left").drop(
        "version"
    )


def add_slots(items: pl.DataFrame, inputs: Sequence[str], rules: RulesInForce) -> pl.DataFrame:
    """Add ``q1`` … from the ``in_`` columns in the order that each act's pack declares its inputs.

    ``unknown_input`` says that an act came with an input that its pack does not have.
    """
    codes = {number: code for code, number in rules.pack_ids.items()}
    slots: list[list[pl.Expr]] = [[] for _ in SLOTS]
    unknown: list[pl.Expr] = []
    for pack_id in items["pack_id"].drop_nulls().unique().sort().to_list():
        is_pack = pl.col("pack_id") == pack_id
        declared = [INPUT_PREFIX + name for name in rules.input_names(codes[pack_id])]
        for slot, name in zip(slots, declared, strict=False):
            if name in inputs:
                slot.append(pl.when(is_pack).then(pl.col(name)))
        strange = [pl.col(name).is_not_null() for name in inputs if name not in declared]
        if strange:
            unknown.append(is_pack & pl.any_horizontal(strange))
    nothing = pl.lit(None, pl.Int64)
    return items.with_columns(
        **{name: pl.coalesce(*slot, nothing) for name, slot in zip(SLOTS, slots, strict=True)},
        unknown_input=pl.any_horizontal(pl.lit(False), *unknown).fill_null(False),
    )
