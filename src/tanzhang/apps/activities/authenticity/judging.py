"""Judging at the door: which accepted acts wait for a person, and what is kept of their signals.

What is decided here depends on arrival (how many acts an account had today, who else uses the
device) and is therefore written down, never worked out again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl
import psycopg

from tanzhang.apps.activities.authenticity.models import SLOTS, Source
from tanzhang.apps.activities.authenticity.sections import Section, judged_scenes, sections
from tanzhang.apps.activities.authenticity.signals import SIGNAL_PREFIX, kept
from tanzhang.apps.activities.authenticity.state import standing_of, watched
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.engine.authenticity import Consequence, judge
from tanzhang.engine.authenticity.judging import Judged, Measured
from tanzhang.engine.localtime import day_starts_us
from tanzhang.engine.rules import Programme

#: The code that a partner is told of an act that was put aside; not by which rule.
CODE: Final = "held_for_review"

_HOUR_US: Final = 3_600_000_000
_SECOND_US: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Opinion:
    """What judging says of some accepted items: each row's new state, and what is to be kept.

    ``rows`` has ``row``, ``put_aside`` and ``most_grade``; ``signals`` is a row of ``act_signal``
    each, without its scene and partner; ``findings`` one of ``quarantine`` each.
    """

    rows: pl.DataFrame
    signals: pl.DataFrame
    findings: pl.DataFrame


def examine(
    cursor: psycopg.Cursor[Any],
    items: pl.DataFrame,
    *,
    programme: Programme,
    partner_id: int,
    rules: RulesInForce,
    secret: bytes,
) -> Opinion | None:
    """Judge accepted items of judged scenes; None where there are none."""
    scenes = judged_scenes(rules, programme.id)
    if not scenes or items.is_empty():
        return None
    ours = items.filter(pl.col("scene").is_in(list(scenes)))
    if ours.is_empty():
        return None
    opinions = []
    for section in sections(rules, set(scenes.values())):
        acts = ours.filter(
            (pl.col("pack_id") == section.pack_id)
            & pl.col("day").is_between(section.first, section.end - 1)
        ).sort("started_us", "key_hi", "key_lo")
        if len(acts):
            opinions.append(
                _of_section(cursor, acts, section, programme, partner_id, rules, secret)
            )
    if not opinions:
        return None
    return Opinion(*(pl.concat(parts) for parts in zip(*opinions, strict=True)))


def _of_section(
    cursor: psycopg.Cursor[Any],
    acts: pl.DataFrame,
    section: Section,
    programme: Programme,
    partner_id: int,
    rules: RulesInForce,
    secret: bytes,
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    own = section.entry.rules
    inputs = rules.input_names(section.pack)
    signals = acts.select(
        kept(acts[SIGNAL_PREFIX + name], name, secret).alias(name)
        if SIGNAL_PREFIX + name in acts.columns
        else pl.lit(None, pl.Int64).alias(name)
        for name in own.signals
    )
    if signals.is_empty():
        signals = acts.select(*(pl.lit(None, pl.Int64).alias(name) for name in own.signals))
    amount = acts[f"q{inputs.index(own.amount) + 1}"]
    known = acts.select(
        *("row", "key_hi", "key_lo", "subject_id", "account_id", "revision", "month", "day"),
        *("started_us", "ended_us", "withdrawn", "pack_id", "scene_id", "joined_day"),
        amount=pl.when(~pl.col("withdrawn")).then(amount),
        **{
            name: signals[name] if name in signals.columns else pl.lit(None, pl.Int64)
            for name in ("device", "photo")
        },
    )
    measured = {name: acts[f"q{place + 1}"] for place, name in enumerate(inputs)}
    measured |= {name: signals[name] for name in own.signals}
    measured |= _times(acts, programme) | standing_of(cursor, known, own)
    judged = judge(own, {n: _column(c) for n, c in measured.items()}, len(acts))
    watch = watched(cursor, known, partner_id)
    live = ~acts["withdrawn"].to_numpy()
    found = judged.consequence >= Consequence.HOLD
    aside = live & (found | (watch["watch"].is_not_null().to_numpy()))
    rows = known.select("row").with_columns(
        put_aside=pl.Series(aside),
        most_grade=pl.Series(np.where(live, judged.grade, 2**15 - 1), dtype=pl.Int64),
    )
    return (
        rows,
        _signal_rows(known, signals, own.slots, judged, section, live),
        _finding_rows(known, watch, judged, section, aside, found),
    )


def _column(series: pl.Series) -> Measured:
    given = series.is_not_null().to_numpy()
    return Measured(series.fill_null(0).cast(pl.Int64).to_numpy(), given)


def _times(acts: pl.DataFrame, programme: Programme) -> dict[str, pl.Series]:
    begins = day_starts_us(acts["day"].to_numpy().astype(np.int64), programme.time_zone)
    return {
        "duration_s": (acts["ended_us"] - acts["started_us"]) // _SECOND_US,
        "hour": (acts["started_us"] - pl.Series(begins)) // _HOUR_US,
        "account_age_days": (acts["day"] - acts["joined_day"]).cast(pl.Int64),
    }


def _signal_rows(
    known: pl.DataFrame,
    signals: pl.DataFrame,
    slots: Sequence[str],
    judged: Judged,
    section: Section,
    live: Any,
) -> pl.DataFrame:
    """What is kept of each act."""
    nothing = pl.lit(None, pl.Int64)
    names = [*slots, *[""] * (len(SLOTS) - len(slots))]
    return known.with_columns(
        pack_version_id=pl.lit(section.version_id, pl.Int64),
        score=pl.Series(np.where(live, judged.score, 0)),
        findings=pl.Series(np.where(live, judged.findings, 0)),
        decider=pl.Series(np.where(live, judged.decider, -1)),
        told=pl.Series(judged.value),
        tier=pl.Series(judged.tier),
        consequence=pl.Series(np.where(live, judged.consequence, 0)),
        age_days=pl.col("day") - pl.col("joined_day"),
        **{
            slot: signals[name] if name else nothing
            for slot, name in zip(SLOTS, names, strict=True)
        },
    ).drop("row", "joined_day", "photo")


def _finding_rows(
    known: pl.DataFrame,
    watch: pl.DataFrame,
    judged: Judged,
    section: Section,
    aside: Any,
    found: Any,
) -> pl.DataFrame:
    """A row for each act that is put aside: the rule that decided, or the watch it is under."""
    names = pl.Series([*(entry.name for entry in section.entry.checks), "score"])
    decides = [check.then >= Consequence.HOLD for check in section.entry.rules.checks]
    alone = np.array([*decides, False])[judged.decider]
    rule = names.gather(np.where(alone, judged.decider, len(names) - 1))
    by_rule = pl.Series(found)
    value = pl.Series(np.where(alone, judged.value, judged.score))
    return known.select(
        *("key_hi", "key_lo", "subject_id", "account_id", "month"),
        pl.col("pack_id").cast(pl.Int64),
        value=pl.when(by_rule).then(value).otherwise(watch["value"]),
        score=pl.Series(judged.score),
        pack_version_id=pl.lit(section.version_id, pl.Int64),
        consequence=pl.Series(np.maximum(judged.consequence, int(Consequence.HOLD))),
        source=pl.when(by_rule)
        .then(pl.lit(Source.DOOR.value))
        .otherwise(pl.lit(Source.WATCH.value)),
        rule=pl.when(by_rule).then(rule).otherwise(watch["rule"]),
    ).filter(pl.Series(aside))
