"""Scenes that some people see before others: acts of anybody else are not taken yet.

What stands is asked anew in each batch's transaction, so that a scene is open to everybody at the
next batch after that was decided. An act that came too early may be sent again then.
"""

from __future__ import annotations

from typing import Any

import polars as pl
import psycopg

from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.apps.people.api import admitted, closed_scenes
from tanzhang.engine.rules import Programme


def add_features(
    items: pl.DataFrame, cursor: psycopg.Cursor[Any], programme: Programme, rules: RulesInForce
) -> pl.DataFrame:
    """Refuse (``scene_not_open``) rows of accounts that do not see their scene yet.

    A withdrawal is taken from everybody: it takes nothing from anybody.
    """
    joining = rules.programme_file(programme.id).joining
    closed = closed_scenes(cursor, rules.programme_ids[programme.id], joining)
    is_sound = pl.col("code").is_null() & ~pl.col("withdrawn").fill_null(False)
    for scene, cohorts in closed.items():
        concerned = items.filter(is_sound & (pl.col("scene") == scene))["account_id"].unique()
        if concerned.is_empty():
            continue
        number = rules.programme_ids[programme.id]
        inside = admitted(cursor, number, cohorts, concerned.to_numpy()).tolist()
        outside = is_sound & (pl.col("scene") == scene) & ~pl.col("account_id").is_in(inside)
        fault = pl.when(outside).then(pl.lit("scene_not_open"))
        items = items.with_columns(code=pl.coalesce("code", fault))
    return items
