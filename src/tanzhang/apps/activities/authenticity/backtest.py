"""A section's rules on history before they count: whom they would have put aside.

Nothing is written. Counts of a day and of a device are worked out from what is stored, so that they
may differ a little from what the door knew when an act arrived.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl
import psycopg

from tanzhang.apps.activities.authenticity.reading import judged_acts
from tanzhang.apps.activities.authenticity.sections import sections
from tanzhang.apps.catalogue.api import RulesInForce, rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.engine.authenticity import Authenticity, Consequence, find_patterns, judge
from tanzhang.engine.authenticity.judging import Measured
from tanzhang.engine.packs import CompiledPack
from tanzhang.problems import Problem


@dataclass(frozen=True, slots=True)
class Backtest:
    """What the rules would have found in judged acts of some days.

    ``hits`` counts the acts that each check found something in, and the accounts of each pattern;
    ``newly`` and ``no_longer`` compare with what was put aside at the door; ``sample`` are some of
    the new ones, for a person to look at.
    """

    acts: int
    accounts: int
    hits: dict[str, int]
    aside: int
    aside_accounts: int
    newly: int
    no_longer: int
    sample: tuple[str, ...]


def backtest(edition: CompiledPack, today: int, days: int = 30) -> Backtest:
    """Judge the stored acts of the ``days`` up to ``today`` by an edition's section.

    Raises ``authenticity.section_missing``.
    """
    entry = edition.definition.authenticity
    if entry is None:
        raise Problem("authenticity.section_missing", pack=edition.id)
    with bulk_transaction() as cursor:
        acts = _history(cursor, rulebook_in_force(), edition.id, today, days)
    own = _standing(acts.filter(~pl.col("withdrawn")), entry.rules)
    columns = {
        name: Measured(
            own[name].fill_null(0).cast(pl.Int64).to_numpy(), own[name].is_not_null().to_numpy()
        )
        for name in own.columns
        if own.schema[name].is_integer()
    }
    judged = judge(entry.rules, columns, len(own))
    found = find_patterns(
        entry.rules,
        own.with_columns(score=pl.Series(judged.score), findings=pl.Series(judged.findings)),
        today,
    )
    hits = {
        one.name: int(((judged.findings >> place) & 1).sum())
        for place, one in enumerate(entry.checks)
    }
    patterns = dict(found.group_by("pattern").len().iter_rows())
    hits |= {one.name: patterns.get(place, 0) for place, one in enumerate(entry.patterns)}
    now = pl.Series(judged.consequence >= Consequence.HOLD) | own["account_id"].is_in(
        found["account_id"].unique().to_list()
    )
    before = own["consequence"] >= int(Consequence.HOLD)
    newly = own.filter(now & ~before)
    return Backtest(
        acts=len(own),
        accounts=own["account_id"].n_unique(),
        hits={name: count for name, count in hits.items() if count},
        aside=int(now.sum()),
        aside_accounts=own.filter(now)["account_id"].n_unique(),
        newly=len(newly),
        no_longer=int((before & ~now).sum()),
        sample=tuple(key.hex() for key in newly.sort("event_key")["event_key"].head(20)),
    )


def _history(
    cursor: psycopg.Cursor[Any], rules: RulesInForce, pack: str, today: int, days: int
) -> pl.DataFrame:
    """Stored acts, read by the names of the section by which they were judged."""
    known = sections(rules, {pack})
    if not known:
        raise Problem("authenticity.section_missing", pack=pack)
    return judged_acts(cursor, known[-1], today - days + 1, today)


def _standing(acts: pl.DataFrame, rules: Authenticity) -> pl.DataFrame:
    """Add what the door counts for itself, and signals that were never asked for."""
    missing = [name for name in rules.signals if name not in acts.columns]
    group = ["account_id", "day"]
    return (
        acts.sort("started_us", "event_key")
        .with_columns(pl.lit(None, pl.Int64).alias(name) for name in missing)
        .with_columns(
            acts_today=pl.int_range(pl.len()).over(group) + 1,
            seconds_today=pl.col("duration_s").cum_sum().over(group),
            amount_today=pl.col("amount").fill_null(0).cum_sum().over(group),
            accounts_on_device=pl.when(pl.col("device").is_not_null()).then(
                pl.col("account_id").n_unique().over("device").cast(pl.Int64)
            ),
            acts_on_device_today=pl.when(pl.col("device").is_not_null()).then(
                pl.int_range(pl.len()).over("device", "day") + 1
            ),
        )
    )
