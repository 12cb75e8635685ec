"""Sweeps: patterns over many people's acts, looked for after the fact.

A sweep reads the judged acts of some weeks, pack by pack, and asks the section's patterns. Whoever
stands out is watched from then on, and her acts of these weeks wait for a person: points of risky
scenes are not available so soon, so that nothing has been spent that a person may yet refuse.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl
import psycopg

from tanzhang.apps.activities.authenticity.keeping import keep_findings
from tanzhang.apps.activities.authenticity.models import Source
from tanzhang.apps.activities.authenticity.reading import judged_acts
from tanzhang.apps.activities.authenticity.sections import Section, sections
from tanzhang.apps.activities.posting.unsettled import hold
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.engine.authenticity import Consequence, find_patterns

#: A sweep looks back so many days at most, whatever a pattern asks.
MOST_DAYS: Final = 60

_SETTLED_BY_PEOPLE: Final = """
select event_key from (
    select distinct on (event_key) event_key, decision from quarantine_decision
    where event_key = any(%s) order by event_key, id desc
) as last where decision <> 'propose'
"""
_ASIDE: Final = "select event_key from quarantine where event_key = any(%s)"
_WATCHED: Final = """
select account_id, rule from watch where account_id = any(%s) and pack_id = %s
"""
_WATCH: Final = """
insert into watch (account_id, value, from_day, pack_id, pack_version_id, rule)
select * from unnest(%s::bigint[], %s::bigint[], %s::integer[], %s::smallint[], %s::smallint[],
    %s::text[])
"""


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep found in one pack: accounts by rule, and how many acts now wait."""

    pack: str
    accounts: dict[str, int]
    put_aside: int


def sweep(today: int, packs: Sequence[str] | None = None) -> list[Swept]:
    """Look for patterns in the acts up to local day ``today``; what was found, pack by pack."""
    rules = rulebook_in_force()
    found = []
    for section in sections(rules, packs):
        if section.first <= today < section.end and section.entry.rules.patterns:
            with bulk_transaction() as cursor:
                found.append(_sweep_pack(cursor, section, today))
    return found


def suspects(
    cursor: psycopg.Cursor[Any], section: Section, today: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The judged acts that a sweep of ``today`` reads, and whom the patterns find among them."""
    days = min(MOST_DAYS, max(pattern.days for pattern in section.entry.rules.patterns))
    acts = judged_acts(cursor, section, today - days + 1, today)
    return acts, find_patterns(section.entry.rules, acts, today)


def _sweep_pack(cursor: psycopg.Cursor[Any], section: Section, today: int) -> Swept:
    acts, found = suspects(cursor, section, today)
    names = pl.Series([entry.name for entry in section.entry.patterns], dtype=pl.String)
    spans = pl.Series([pattern.days for pattern in section.entry.rules.patterns], dtype=pl.Int64)
    ruled = found.with_columns(
        rule=names.gather(found["pattern"]), days=spans.gather(found["pattern"])
    )
    fresh = _watch(cursor, ruled, section, today)
    first = ruled.unique("account_id", keep="first", maintain_order=True)
    theirs = acts.filter(~pl.col("withdrawn")).join(
        first.select("account_id", "rule", "value", "days"), on="account_id"
    )
    theirs = theirs.filter(pl.col("day") > today - pl.col("days"))
    put_aside = _put_aside(cursor, theirs, section)
    counts = fresh.group_by("rule").len().sort("rule")
    return Swept(section.pack, dict(counts.iter_rows()), put_aside)


def _watch(
    cursor: psycopg.Cursor[Any], ruled: pl.DataFrame, section: Section, today: int
) -> pl.DataFrame:
    """Watch accounts that this rule has not found before, even if that watch ended."""
    cursor.execute(_WATCHED, [ruled["account_id"].unique().to_list(), section.pack_id])
    known = pl.DataFrame(
        cursor.fetchall(), {"account_id": pl.Int64, "rule": pl.String}, orient="row"
    )
    fresh = ruled.join(known, on=["account_id", "rule"], how="anti", maintain_order="left")
    count = len(fresh)
    cursor.execute(
        _WATCH,
        [
            fresh["account_id"].to_list(),
            fresh["value"].to_list(),
            [today] * count,
            [section.pack_id] * count,
            [section.version_id] * count,
            fresh["rule"].to_list(),
        ],
    )
    return fresh


def _put_aside(cursor: psycopg.Cursor[Any], acts: pl.DataFrame, section: Section) -> int:
    """Hold these acts, but for those that wait already and those of which a person decided."""
    keys = [uuid.UUID(bytes=key) for key in acts["event_key"].to_list()]
    if not keys:
        return 0
    left: set[bytes] = set()
    for query in (_SETTLED_BY_PEOPLE, _ASIDE):
        cursor.execute(query, [keys])
        left |= {row[0].bytes for row in cursor.fetchall()}
    fresh = acts.filter(~pl.col("event_key").is_in(list(left)))
    if fresh.is_empty():
        return 0
    halves = pl.col("event_key").bin
    findings = fresh.with_columns(
        key_hi=halves.slice(0, 8).bin.reinterpret(dtype=pl.UInt64, endianness="big"),
        key_lo=halves.slice(8, 8).bin.reinterpret(dtype=pl.UInt64, endianness="big"),
        pack_id=pl.lit(section.pack_id, pl.Int64),
        consequence=pl.lit(int(Consequence.HOLD), pl.Int64),
        source=pl.lit(Source.PATTERN.value),
    )
    keep_findings(cursor, findings)
    hold(cursor, fresh.select("event_key", "subject_id", "month").iter_rows())
    return len(fresh)
