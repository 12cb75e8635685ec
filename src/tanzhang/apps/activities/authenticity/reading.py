"""The judged acts of some days, as frames in which signals have their names."""

from __future__ import annotations

from typing import Any, Final

import polars as pl
import psycopg
from psycopg import sql

from tanzhang.apps.activities.authenticity.models import SLOTS
from tanzhang.apps.activities.authenticity.sections import Section
from tanzhang.apps.copying import copy_out
from tanzhang.apps.database import uuid_bytes

_COLUMNS: Final = (
    *("subject_id", "account_id", "started_us", "ended_us", "amount", "findings", "device"),
    *("revision", "month", "day", "score", "age_days", "partner_id", "scene_id", "consequence"),
    *("decider", "told", "tier", "pack_version_id"),
)

#: Written for null on the way out of the database: no hash and no measure is so low.
_NOTHING: Final = -(2**63)
_MAY_LACK: Final = ("amount", "device", *SLOTS)

_OF_PACK: Final = sql.SQL(
    "select distinct on (event_key) event_key, withdrawn, {columns}, {lacking} from act_signal"
    " where pack_id = {pack} and day between {first} and {last}"
    " order by event_key, revision desc"
)


def judged_acts(
    cursor: psycopg.Cursor[Any], section: Section, first_day: int, last_day: int
) -> pl.DataFrame:
    """Every judged act of a pack on these local days by its last revision.

    Signals have their names as the section lists them; ``duration_s`` and ``account_age_days`` are
    what the section's rules call so.
    """
    present = [name for name in _COLUMNS if name not in _MAY_LACK]
    query = _OF_PACK.format(
        columns=sql.SQL(", ").join(
            sql.SQL("{}::bigint").format(sql.Identifier(n)) for n in present
        ),
        lacking=sql.SQL(", ").join(
            sql.SQL("coalesce({}, {})").format(sql.Identifier(n), sql.Literal(_NOTHING))
            for n in _MAY_LACK
        ),
        pack=sql.Literal(section.pack_id),
        first=sql.Literal(first_day),
        last=sql.Literal(last_day),
    )
    types = {"event_key": "uuid", "withdrawn": "bool"} | dict.fromkeys(
        (*present, *_MAY_LACK), "int8"
    )
    arrays = copy_out(cursor, query, types)
    keys = uuid_bytes(*arrays.pop("event_key").T).tolist()
    stored = pl.DataFrame({"event_key": pl.Series(keys, dtype=pl.Binary), **arrays})
    return named(
        stored.with_columns(
            pl.when(pl.col(name) != _NOTHING).then(pl.col(name)).alias(name) for name in _MAY_LACK
        ),
        section,
    )


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
