"""A partner's day beside its own weeks before: what a partner that makes acts up looks like.

The acts come as a frame, one row an act: ``partner_id``, ``day``, ``account_id``, ``hour``,
``amount``. Thresholds are this project's choice; a day with few acts says nothing.
"""

from __future__ import annotations

from typing import Final

import polars as pl

#: Fewer acts than this a day are too few to say anything.
LEAST_ACTS: Final = 200

#: A day has at most so many hundredths of the middle day before it.
MOST_GROWTH: Final = 400

#: One account has at most so many thousandths of a partner's day.
MOST_CONCENTRATION: Final = 150

#: One hour has at most so many thousandths of a partner's day, for acts that last under a day.
MOST_SAME_HOUR: Final = 700

#: So many thousandths of three-digit figures at most end in 0, where a tenth is to be expected.
MOST_ROUND: Final = 600

FINDINGS: Final = pl.Schema({"partner_id": pl.Int64, "rule": pl.String, "value": pl.Int64})


def partner_findings(acts: pl.DataFrame, day: int) -> pl.DataFrame:
    """What is odd about partners' acts of a local day; the first of a partner's rules is enough."""
    own = acts.filter(pl.col("day") == day)
    daily = acts.group_by("partner_id", "day").len()
    before = (
        daily.filter(pl.col("day") < day)
        .group_by("partner_id")
        .agg(middle=pl.col("len").median().cast(pl.Int64), days=pl.len())
    )
    today = own.group_by("partner_id").agg(acts=pl.len()).filter(pl.col("acts") >= LEAST_ACTS)
    growth = today.join(before, on="partner_id").filter(
        (pl.col("days") >= 7) & (pl.col("middle") > 0)
    )
    found = [
        _found(growth, "growth", pl.col("acts") * 100 // pl.col("middle"), MOST_GROWTH),
        _found(_share(own, "account_id", today), "concentration", pl.col("share"),
               MOST_CONCENTRATION),
        _found(_share(own, "hour", today), "same_hour",
               pl.col("share"), MOST_SAME_HOUR),
        _found(_round(own, today), "round_numbers", pl.col("share"), MOST_ROUND),
    ]  # fmt: skip
    return pl.concat(found).unique("partner_id", keep="first", maintain_order=True)


def _found(frame: pl.DataFrame, rule: str, value: pl.Expr, most: int) -> pl.DataFrame:
    return (
        frame.select(
            pl.col("partner_id").cast(pl.Int64),
            rule=pl.lit(rule),
            value=value.cast(pl.Int64),
        )
        .filter(pl.col("value") > most)
        .select(list(FINDINGS))
    )


def _share(acts: pl.DataFrame, by: str, today: pl.DataFrame) -> pl.DataFrame:
    """The greatest share of one value of a column, in thousandths of a partner's day."""
    most = acts.group_by("partner_id", by).len().group_by("partner_id").agg(pl.col("len").max())
    return today.join(most, on="partner_id").with_columns(
        share=pl.col("len") * 1000 // pl.col("acts")
    )


def _round(acts: pl.DataFrame, today: pl.DataFrame) -> pl.DataFrame:
    figures = acts.filter(pl.col("amount") >= 100)
    counted = figures.group_by("partner_id").agg(
        figures=pl.len(), tens=(pl.col("amount") % 10 == 0).sum()
    )
    enough = counted.filter(pl.col("figures") >= LEAST_ACTS)
    return today.join(enough, on="partner_id").with_columns(
        share=pl.col("tens").cast(pl.Int64) * 1000 // pl.col("figures")
    )
