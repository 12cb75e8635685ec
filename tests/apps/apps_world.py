"""The little world of these tests: a programme at a lake, its partners, and what they report."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import polars as pl

from tanzhang.apps.activities.report import REPORT

VOCABULARY_PACKS = ("hankou-payment", "hankou-walk", "meituan-bike")

PROGRAMME = """
id: lake
title: {zh: 湖畔, en: The lake}
operator: {zh: 测试, en: the tests}
notes: {zh: 仅供测试。, en: Only for tests.}
time_zone: Asia/Shanghai
partners:
  bikes: {title: {zh: 单车, en: bikes}}
  bank: {title: {zh: 银行, en: bank}}
versions:
  - version: "1"
    valid_from: 2024-01-01
    scenes:
      bike:
        title: {zh: 骑行, en: riding}
        pack: meituan-bike
        partners: [bikes, bank]
      walk:
        title: {zh: 步行, en: walking}
        pack: hankou-walk
        partners: [bikes]
      bill:
        title: {zh: 缴费, en: paying bills}
        pack: hankou-payment
        partners: [bank]
    points:
      grams_per_point: 1 g
      kind: assumption
      source: {zh: 测试, en: test}
"""

MINUTE_US = 60_000_000


def instant(text: str) -> int:
    """``2024-05-01 08:00`` in UTC, as microseconds since 1970."""
    moment = datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    return int(moment.timestamp()) * 1_000_000


RECEIVED_US = instant("2024-06-01 00:00")


def ride(external_id: str | None = "r1", **changes: Any) -> dict[str, Any]:
    """One bike ride of 2,300 m by ada, ten minutes long."""
    row = {
        "external_id": external_id,
        "revision": 0,
        "withdrawn": False,
        "held": False,
        "person": "ada",
        "scene": "bike",
        "started_us": instant("2024-05-01 08:00"),
        "grade": 2,
        "item_key": None,
        "in_distance_m": 2300,
    } | changes
    started = row["started_us"]
    return {"ended_us": None if started is None else started + 10 * MINUTE_US} | row


def report(*rows: dict[str, Any]) -> pl.DataFrame:
    """The rows as a report, numbered from 0; a column of an input stands where a row has it."""
    inputs = sorted({name for row in rows for name in row if name.startswith("in_")})
    schema = {**REPORT, **dict.fromkeys(inputs, pl.Int64)}
    numbered = [{"row": place, **row} for place, row in enumerate(rows)]
    return pl.DataFrame(numbered, schema)
