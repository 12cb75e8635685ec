"""Whether an act may be taken at all: by its owner's consent, and by what the law asks of a source.

All of it is asked anew for each report, in the transaction that accepts it. A withdrawal takes
nothing from anybody and passes; of what it repeats nothing is kept that nobody agrees to any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import polars as pl
import psycopg

from tanzhang.apps.activities.minimal import fields_of_scene, sensitive_slots
from tanzhang.apps.activities.scenes import SLOTS
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.apps.people import api as people
from tanzhang.faults import fault_point

_FOR_EVER: Final = 2**63 - 1
_NOTHING: Final = pl.lit(None, pl.Int64)


@dataclass(frozen=True, slots=True)
class Permitted:
    """Items with ``consent`` and the code of what forbids them, without what nobody agreed to.

    ``dropped`` names the sensitive inputs that were left out of some act, as JSON pointers.
    """

    items: pl.DataFrame
    dropped: tuple[str, ...]


def unassessed_scenes(
    cursor: psycopg.Cursor[Any],
    items: pl.DataFrame,
    rules: RulesInForce,
    partner_id: int,
    received_us: int,
) -> list[str]:
    """The scenes of a report whose fields no impact assessment in force covers."""
    purposes = (people.COLLECT, people.SENSITIVE)
    covered = {
        purpose: people.coverage(cursor, partner_id, purpose, received_us) for purpose in purposes
    }
    if covered[people.COLLECT].fields is None:
        return []
    named = {number: code for code, number in rules.pack_ids.items()}
    pairs = items.select("scene", "pack_id").drop_nulls().unique().sort("scene", "pack_id")
    return [
        scene
        for scene, pack_id in pairs.iter_rows()
        if not all(
            covered[purpose].covers(fields)
            for purpose, fields in fields_of_scene(rules, scene, named[pack_id]).items()
        )
    ]


def add_consent(
    items: pl.DataFrame,
    cursor: psycopg.Cursor[Any],
    partner_id: int,
    judged_us: int,
    rules: RulesInForce,
) -> Permitted:
    """Add ``consent``: live over the act and when it is judged; a code where it is not.

    ``judged_us`` is the later of its arrival and the end of its wait at the source's lock: what was
    in flight while somebody withdrew finds the withdrawal.

    Windows are half-open; an instant lies in one if it begins in it. The codes are ``no_consent``,
    ``no_guardian_consent`` for a child under 14, and ``no_sensitive_consent`` where the methodology
    needs data for which nobody agreed by itself.
    """
    slots = sensitive_slots(rules, items["pack_id"].drop_nulls().unique().to_list())
    wanted = [people.COLLECT, people.GUARDIAN, *([people.SENSITIVE] if len(slots) else [])]
    accounts = items["account_id"].drop_nulls().unique()
    windows = people.consent_windows(cursor, partner_id, accounts, wanted)
    fault_point("door.consent_asked")
    acts = items.select("row", "account_id", "started_us", "ended_us", "pack_id")
    judged_at = pl.lit(judged_us, pl.Int64)
    lacking = _lacking(acts.join(slots, on="pack_id"), windows, judged_at)
    judged = items.with_columns(
        consent=_rows(items, _covered(acts, windows, people.COLLECT, judged_at)),
        unguarded=_rows(items, _unguarded(acts, windows, judged_at)),
        unagreed=_rows(items, lacking.filter("required")),
    )
    is_withdrawn = pl.col("withdrawn").fill_null(False)
    refused = (
        pl.when(is_withdrawn)
        .then(None)
        .when(~pl.col("consent"))
        .then(pl.lit("no_consent"))
        .when("unguarded")
        .then(pl.lit("no_guardian_consent"))
        .when("unagreed")
        .then(pl.lit("no_sensitive_consent"))
    )
    bare = is_withdrawn & ~pl.col("consent")
    cleared = judged.with_columns(
        code=pl.coalesce("code", refused),
        item_key=pl.when(~bare).then("item_key"),
        **{name: pl.when(bare).then(_NOTHING).otherwise(name) for name in SLOTS},
    ).drop("unguarded", "unagreed")
    return _without(cleared, lacking)


def _covered(
    acts: pl.DataFrame, windows: pl.DataFrame, purpose: str, judged_at: pl.Expr, *by: str
) -> pl.DataFrame:
    """The rows (and ``by``) of acts over which, and when they are judged, consent was live."""
    start, end = pl.col("started_us"), pl.max_horizontal("started_us", "ended_us")
    until = pl.col("to_us").fill_null(_FOR_EVER)
    spans = (pl.col("from_us") <= start) & (start < until) & (end <= until)
    now = (pl.col("from_us") <= judged_at) & (judged_at < until)
    return (
        acts.join(windows.filter(purpose=purpose), on=["account_id", *by], how="inner")
        .group_by("row", *by)
        .agg(live=spans.any() & now.any())
        .filter("live")
    )


def _unguarded(acts: pl.DataFrame, windows: pl.DataFrame, judged_at: pl.Expr) -> pl.DataFrame:
    """The rows of children's acts to which no guardian agreed.

    What arrives when she is of age was hers to decide; the guardian agreed to the very end.
    """
    children = windows.filter(pl.col("fourteen_us").is_not_null())
    if children.is_empty():
        return acts.clear()
    born = children.select("account_id", "fourteen_us").unique()
    young = acts.join(born, on="account_id").filter(pl.col("started_us") < pl.col("fourteen_us"))
    then = pl.min_horizontal(judged_at, pl.col("fourteen_us") - 1)
    guarded = _covered(young, windows.drop("fourteen_us"), people.GUARDIAN, then)
    return young.join(guarded, on="row", how="anti")


def _lacking(needed: pl.DataFrame, windows: pl.DataFrame, judged_at: pl.Expr) -> pl.DataFrame:
    """The sensitive inputs of acts to whose kind nobody agreed."""
    if needed.is_empty():
        return needed
    by_kind = windows.drop("fourteen_us").explode("kinds").rename({"kinds": "kind"})
    agreed = _covered(needed, by_kind, people.SENSITIVE, judged_at, "kind")
    return needed.join(agreed, on=["row", "kind"], how="anti")


def _rows(items: pl.DataFrame, among: pl.DataFrame) -> pl.Series:
    """Where a row is among others."""
    return items["row"].is_in(among["row"].unique().to_list())


def _without(items: pl.DataFrame, lacking: pl.DataFrame) -> Permitted:
    """Clear the sensitive inputs to which nobody agreed, and name those that were sent."""
    dropped: list[str] = []
    for (slot,), part in lacking.partition_by("slot", as_dict=True).items():
        named = dict(part.select("pack_id", "name").unique().iter_rows())
        is_lacking = pl.col("row").is_in(part["row"].to_list())
        sent = items.filter(is_lacking & pl.col(slot).is_not_null() & pl.col("code").is_null())
        dropped += [f"/data/inputs/{named[number]}" for number in sent["pack_id"].unique()]
        items = items.with_columns(
            pl.when(is_lacking).then(_NOTHING).otherwise(slot).alias(str(slot))
        )
    return Permitted(items, tuple(sorted(set(dropped))))
