"""Instants as RFC 3339 writes them, to whole microseconds since 1970."""

from __future__ import annotations

from typing import Final

import polars as pl

#: Date, time, up to six decimals and an offset; a leap second has no place among microseconds.
_SHAPE: Final = (
    r"^\d{4}-\d\d-\d\d[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?"
    r"([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$"
)


def instants_us(texts: pl.Series) -> pl.Series:
    """The instants in UTC; null where the text is null or no such instant (30 February)."""
    text = pl.col("text")
    upper = pl.when(text.str.contains(_SHAPE)).then(
        text.str.to_uppercase().str.replace("Z", "+00:00", literal=True)
    )
    read = upper.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%:z", time_unit="us", strict=False)
    return pl.DataFrame({"text": texts}).select(read.cast(pl.Int64)).to_series()
