"""Local days and the periods made of them.

A programme has one IANA time zone; an act belongs to the local day of its start. Polars knows the
zones (its own copy of the tz database, so that a day does not depend on the machine).
"""

from __future__ import annotations

import numpy as np
import polars as pl

from tanzhang.engine.rules import Ints, Period


def local_days(instants_us: Ints, time_zone: str) -> Ints:
    """The local day (days since 1970-01-01) of each instant (microseconds since 1970 UTC)."""
    days = (
        pl.Series(instants_us)
        .cast(pl.Datetime("us", "UTC"))
        .dt.convert_time_zone(time_zone)
        .dt.date()
        .cast(pl.Int32)
    )
    return days.to_numpy().astype(np.int64)


def day_starts_us(days: Ints, time_zone: str) -> Ints:
    """The instant at which each local day begins (its first moment, where midnight is skipped)."""
    unique, place = np.unique(days, return_inverse=True)
    starts = (
        pl.Series(unique.astype(np.int32))
        .cast(pl.Date)
        .cast(pl.Datetime("us"))
        .dt.replace_time_zone(time_zone, ambiguous="earliest", non_existent="null")
    )
    if starts.null_count():
        later = (
            pl.Series(unique.astype(np.int32)).cast(pl.Date).cast(pl.Datetime("us"))
            + pl.duration(hours=1)  # every skipped midnight so far resumed at one o'clock
        )
        filled = pl.select(later).to_series().dt.replace_time_zone(time_zone, ambiguous="earliest")
        starts = starts.fill_null(filled)
    return starts.dt.convert_time_zone("UTC").to_physical().to_numpy()[place]


def calendar_months(days: Ints) -> Ints:
    """The month that holds each day, as it is stored and read: YYYYMM."""
    months = period_number(days, Period.MONTH)
    return (1970 + months // 12) * 100 + months % 12 + 1


def period_number(days: Ints, period: Period) -> Ints:
    """The number of the local period that holds each day; 0 for a lifetime."""
    if period is Period.DAY:
        return days
    if period is Period.WEEK:  # ISO weeks start on Monday; 1970-01-01 was a Thursday
        return (days + 3) // 7
    if period is Period.LIFETIME:
        return np.zeros_like(days)
    unit = "datetime64[M]" if period is Period.MONTH else "datetime64[Y]"
    return days.astype("datetime64[D]").astype(unit).astype(np.int64)
