"""What is known of accounts and devices when their acts arrive."""

from __future__ import annotations

from typing import Any, Final

import polars as pl
import psycopg

from tanzhang.apps.database import int8_array
from tanzhang.engine.authenticity import Authenticity

#: A device counts as an account's own for so many days after it was last seen with it.
DEVICE_DAYS: Final = 90

_SECOND_US: Final = 1_000_000

_OF_DAY: Final = """
select event_key, account_id, day, (ended_us - started_us) / 1000000, coalesce(amount, 0)
from (
    select distinct on (event_key)
        event_key, account_id, day, started_us, ended_us, amount, withdrawn
    from act_signal where account_id = any(%s) and day = any(%s) and pack_id = %s
    order by event_key, revision desc
) as latest where not withdrawn
"""
_OF_DEVICES: Final = """
select distinct device, account_id from act_signal
where device = any(%s) and day > %s
"""
_WATCHES: Final = """
select account_id, partner_id, pack_id, rule, value, id from watch
where (account_id = any(%s) or partner_id = %s)
  and not exists (select from watch_end where watch_id = watch.id)
order by id
"""


def standing_of(
    cursor: psycopg.Cursor[Any], acts: pl.DataFrame, rules: Authenticity
) -> dict[str, pl.Series]:
    """The measures of accounts and devices that a section's checks read, for each act.

    ``acts`` are of one pack, in the order in which they began; a day's count includes the act.
    """
    asked = {span.measure for check in rules.checks for span in (check.span, *check.when)}
    asked |= {span.per for check in rules.checks for span in (check.span, *check.when)}
    found: dict[str, pl.Series] = {}
    if asked & {"acts_today", "seconds_today", "amount_today"}:
        found |= _today(cursor, acts)
    if "photo_known" in asked:
        found["photo_known"] = _photo_known(cursor, acts)
    if asked & {"accounts_on_device", "acts_on_device_today"}:
        found |= _on_device(cursor, acts)
    return found


def _today(cursor: psycopg.Cursor[Any], acts: pl.DataFrame) -> dict[str, pl.Series]:
    days = acts["day"].unique()
    cursor.execute(
        _OF_DAY,
        [
            int8_array(acts["account_id"].unique().to_numpy()),
            int8_array(days.to_numpy()),
            int(acts.item(0, "pack_id")),
        ],
    )
    numbers = dict.fromkeys(("account_id", "day", "s", "a"), pl.Int64)
    own = {
        int.from_bytes(hi.to_bytes(8, "big") + lo.to_bytes(8, "big"), "big")
        for hi, lo in acts.select("key_hi", "key_lo").iter_rows()
    }
    rows = [row[1:] for row in cursor.fetchall() if row[0].int not in own]
    before = (
        pl.DataFrame(rows, numbers, orient="row")
        .with_columns(pl.col("day").cast(pl.Int32))
        .group_by("account_id", "day")
        .agg(n=pl.len(), s=pl.col("s").sum(), a=pl.col("a").sum())
    )
    seconds = (pl.col("ended_us") - pl.col("started_us")) // _SECOND_US
    counted = pl.when(~pl.col("withdrawn"))
    group = ["account_id", "day"]
    running = acts.join(before, on=group, how="left", maintain_order="left").select(
        acts_today=counted.then(1).otherwise(0).cum_sum().over(group) + pl.col("n").fill_null(0),
        seconds_today=counted.then(seconds).otherwise(0).cum_sum().over(group)
        + pl.col("s").fill_null(0),
        amount_today=pl.col("amount").fill_null(0).cum_sum().over(group) + pl.col("a").fill_null(0),
    )
    return {name: running[name].cast(pl.Int64) for name in running.columns}


def _on_device(cursor: psycopg.Cursor[Any], acts: pl.DataFrame) -> dict[str, pl.Series]:
    devices = acts["device"].drop_nulls().unique()
    cursor.execute(
        _OF_DEVICES,
        [int8_array(devices.to_numpy()), int(acts["day"].to_numpy().min()) - DEVICE_DAYS],
    )
    pair = {"device": pl.Int64, "account_id": pl.Int64}
    stored = pl.DataFrame(cursor.fetchall(), pair, orient="row")
    here = acts.select("device", "account_id").drop_nulls()
    users = pl.concat([stored, here]).unique().group_by("device").agg(users=pl.len())
    counted = acts.join(users, on="device", how="left", maintain_order="left").select(
        accounts_on_device=pl.when(pl.col("device").is_not_null()).then("users").cast(pl.Int64),
        acts_on_device_today=pl.when(pl.col("device").is_not_null())
        .then(pl.int_range(pl.len()).over("device", "day") + 1)
        .cast(pl.Int64),
    )
    return {name: counted[name] for name in ("accounts_on_device", "acts_on_device_today")}


def _photo_known(cursor: psycopg.Cursor[Any], acts: pl.DataFrame) -> pl.Series:
    tokens = acts["photo"].drop_nulls().unique()
    cursor.execute(
        "select token, account_id, scene_id from photo_evidence where token = any(%s)",
        [int8_array(tokens.to_numpy())],
    )
    handed_in = {(token, account, scene) for token, account, scene in cursor.fetchall()}
    named = acts.select("photo", "account_id", "scene_id").iter_rows()
    return pl.Series([int(one in handed_in) for one in named], dtype=pl.Int64)


def watched(cursor: psycopg.Cursor[Any], acts: pl.DataFrame, partner_id: int) -> pl.DataFrame:
    """For each act the first live watch that it is under: ``watch``, ``rule``, ``value``."""
    accounts = acts["account_id"].unique()
    cursor.execute(_WATCHES, [int8_array(accounts.to_numpy()), partner_id])
    schema = {
        "account_id": pl.Int64,
        "partner": pl.Int64,
        "pack": pl.Int64,
        "rule": pl.String,
        "value": pl.Int64,
        "watch": pl.Int64,
    }
    live = pl.DataFrame(cursor.fetchall(), schema, orient="row")
    pack = int(acts.item(0, "pack_id"))
    fitting = live.filter(pl.col("pack").is_null() | (pl.col("pack") == pack))
    of_partner = fitting.filter(pl.col("partner").is_not_null()).head(1)
    of_account = fitting.filter(pl.col("account_id").is_not_null()).unique(
        "account_id", keep="first", maintain_order=True
    )
    found = acts.select("account_id").join(
        of_account, on="account_id", how="left", maintain_order="left"
    )
    if len(of_partner):
        fill = of_partner.row(0, named=True)
        found = found.with_columns(
            *(pl.col(name).fill_null(pl.lit(fill[name])) for name in ("watch", "rule", "value"))
        )
    return found.select("watch", "rule", "value")
