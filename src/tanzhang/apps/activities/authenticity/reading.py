"""The judged acts of some days, as frames in which signals have their names."""

from __future__ import annotations

from typing import Any, Final

import polars as pl
import psycopg

from tanzhang.apps.activities.authenticity.models import SLOTS
from tanzhang.apps.activities.authenticity.sections import Section

_COLUMNS: Final = (
    *("subject_id", "account_id", "started_us", "ended_us", "amount", "findings", "device"),
    *("revision", "month", "day", "score", "age_days", "partner_id", "scene_id", "consequence"),
    *("decider", "told", "tier", "pack_version_id"),
)

_OF_PACK: Final = f"""
select distinct on (event_key) uuid_send(event_key), {", ".join(_COLUMNS)}, {", ".join(SLOTS)},
    withdrawn
from act_signal where pack_id = %s and day between %s and %s
order by event_key, revision desc
"""

_SCHEMA: Final = {
    "event_key": pl.Binary,
    **dict.fromkeys((*_COLUMNS, *SLOTS), pl.Int64),
    "withdrawn": pl.Boolean,
}


def judged_acts(
    cursor: psycopg.Cursor[Any], section: Section, first_day: int, last_day: int
) -> pl.DataFrame:
    """Every judged act of a pack on these local days by its last revision.

    Signals have their names as the section lists them; ``duration_s`` and ``account_age_days`` are
    what the section's rules call so.
    """
    cursor.execute(_OF_PACK, [section.pack_id, first_day, last_day], binary=True)
    return named(pl.DataFrame(cursor.fetchall(), _SCHEMA, orient="row"), section)


def named(stored: pl.DataFrame, section: Section) -> pl.DataFrame:
    """Stored rows with the section's names for its signals."""
    own = section.entry.rules
    names = dict(zip(SLOTS, own.slots, strict=False))
    unused = [slot for slot in SLOTS if slot not in names]
    return (
        stored.drop(unused)
        .rename(names)
        .with_columns(
            duration_s=(pl.col("ended_us") - pl.col("started_us")) // 1_000_000,
            account_age_days=pl.col("age_days"),
            **{own.amount: pl.col("amount")},
        )
    )
