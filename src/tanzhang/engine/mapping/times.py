"""Local times of a file to instants in microseconds UTC.

When clocks are put back an hour occurs twice, when they are put forward one never occurs. A mapping
states what such a time means; there is no silent choice. The tz database is Polars' own, so that an
instant does not depend on the machine.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import polars as pl

from tanzhang.engine.mapping.faults import Fault, Parsed, flags
from tanzhang.engine.mapping.numbers import whole_numbers
from tanzhang.engine.mapping.spec import FileFormat, Moment

_UNIX = {"unix_s": Fraction(10**6), "unix_ms": Fraction(1_000), "unix_us": Fraction(1)}
_ISO = (
    r"^([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2})(:[0-9]{2})?(\.[0-9]{1,9})?"
    r" ?(?:(Z)|([+-])([0-9]{2}):?([0-9]{2}))?$"
)
_MINUTE_US = 60 * 10**6

#: Years beyond these are refused before any calendar looks at them.
_EARLIEST_US = -2_208_988_800_000_000  # 1900-01-01
_LATEST_US = 7_258_118_400_000_000  # 2200-01-01


def instants(texts: pl.Series, moment: Moment, file: FileFormat) -> Parsed:
    """Each text (trimmed, null where empty) as an instant, Int64 µs since 1970 UTC.

    Digits beyond the microsecond are cut.
    Faults: ``missing_time``, ``bad_time``, ``time_out_of_range``; ``repeated_hour`` and
    ``skipped_hour`` where the file's rules reject or hold them (a held row still has an instant).
    """
    column = " + ".join(moment.columns)
    clock_faults: tuple[Fault, ...] = ()
    if moment.format in _UNIX:
        parsed = whole_numbers(texts, _UNIX[moment.format], column=column, negative=True)
        bad = np.logical_or.reduce([fault.mask for fault in parsed.faults])
        answer = parsed.values
    else:
        local, offset_us = _local(texts, moment.format)
        bad = flags(texts.is_not_null() & local.is_null())
        local = local.set(_outside(local.to_physical(), _EARLIEST_US, _LATEST_US), None)
        strange = flags(texts.is_not_null() & local.is_null()) & ~bad
        answer, clock_faults = _in_zone(local, offset_us, file, column)
        beyond = Fault(strange, "time_out_of_range", column)
        clock_faults = (beyond, *clock_faults)
    outside = _outside(answer, file.not_before_us, file.not_after_us)
    return Parsed(
        answer.set(outside, None),
        (
            Fault(flags(texts.is_null()), "missing_time", column),
            Fault(bad, "bad_time", column),
            *clock_faults,
            Fault(flags(outside), "time_out_of_range", column),
        ),
    )


def _outside(values: pl.Series, first: int, end: int) -> pl.Series:
    return ((values < first) | (values >= end)).fill_null(False)


def _local(texts: pl.Series, pattern: str) -> tuple[pl.Series, pl.Series]:
    """Wall-clock times, and the offset in µs where the text itself states one (else null)."""
    if pattern != "iso":
        local = texts.str.to_datetime(pattern, time_unit="us", strict=False)
        return local, pl.Series([None], dtype=pl.Int64).new_from_index(0, len(texts))
    part = pl.col("text").str.extract_groups(_ISO).struct
    clock = part.field("2") + part.field("3").fill_null(":00") + part.field("4").fill_null(".0")
    sign = pl.when(part.field("6") == "-").then(-1).otherwise(1)
    minutes = part.field("7").cast(pl.Int64) * 60 + part.field("8").cast(pl.Int64)
    offset = pl.when(part.field("5") == "Z").then(0).otherwise(sign * minutes * _MINUTE_US)
    frame = texts.to_frame("text").select(
        (part.field("1") + " " + clock)
        .str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us", strict=False)
        .alias("local"),
        offset.cast(pl.Int64).alias("offset"),
    )
    return frame["local"], frame["offset"]


def _in_zone(
    local: pl.Series, offset_us: pl.Series, file: FileFormat, column: str
) -> tuple[pl.Series, tuple[Fault, ...]]:
    zone = file.time_zone
    earlier = local.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    later = local.dt.replace_time_zone(zone, ambiguous="latest", non_existent="null")
    silent = offset_us.is_null()
    repeated = flags(silent & (earlier != later))
    skipped = flags(silent & local.is_not_null() & earlier.is_null())
    chosen = later if file.ambiguous == "later" else earlier
    # A skipped time keeps the offset that was in force before: a day earlier, plus a day.
    day = pl.duration(days=1)
    shifted = (
        pl.select((local - day).dt.replace_time_zone(zone, ambiguous="latest", non_existent="null"))
        .select(pl.first() + day)
        .to_series()
    )
    us = chosen.fill_null(shifted).dt.convert_time_zone("UTC").to_physical()
    stated = (local.to_physical() - offset_us).alias("stated")
    faults = []
    if file.ambiguous in ("reject", "hold"):
        faults.append(Fault(repeated, "repeated_hour", column, hold=file.ambiguous == "hold"))
    if file.missing in ("reject", "hold"):
        faults.append(Fault(skipped, "skipped_hour", column, hold=file.missing == "hold"))
    return stated.fill_null(us), tuple(faults)
