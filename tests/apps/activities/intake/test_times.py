"""Instants are exact to the microsecond, and what is no instant is none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import polars as pl
import pytest
from hypothesis import given, settings, strategies as st

from tanzhang.apps.activities.intake.times import instants_us

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
OFFSETS = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(lambda m: timezone(timedelta(minutes=m)))


def one(text: str | None) -> int | None:
    found: int | None = instants_us(pl.Series([text, None], dtype=pl.String))[0]
    return found


@settings(deadline=None)
@given(
    st.datetimes(datetime(1000, 1, 3), datetime(9999, 12, 29), timezones=OFFSETS),
    st.sampled_from(["T", "t"]),
)
def test_an_instant_is_the_one_that_python_reads(moment: datetime, between: str) -> None:
    expected = (moment - EPOCH) // timedelta(microseconds=1)
    assert one(moment.isoformat(between)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-01T08:00:00+08:00", 0),
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01t00:00:00.5z", 500_000),
        ("1970-01-01T00:00:00.000001-00:00", 1),
        ("1969-12-31T23:59:59.999999Z", -1),
    ],
)
def test_all_spellings_of_an_instant_are_read(text: str, expected: int) -> None:
    assert one(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2024-05-01T08:00:00",
        "2024-05-01 08:00:00Z",
        "2024-05-01T08:00Z",
        "2024-05-01",
        "2024-02-30T08:00:00Z",
        "2023-02-29T08:00:00Z",
        "2024-13-01T08:00:00Z",
        "2024-05-01T24:00:00Z",
        "2024-12-31T23:59:60Z",
        "2024-05-01T08:00:00+0800",
        "2024-05-01T08:00:00+24:00",
        "2024-05-01T08:00:00.1234567Z",
        "2024-05-01T08:00:00.Z",
        "+02024-05-01T08:00:00Z",
        "2024-05-01T08:00:00Z\n",
        "٢٠٢٤-05-01T08:00:00Z",
        "1714550400",
        "",
        None,
    ],
)
def test_what_is_no_instant_is_none(text: str | None) -> None:
    assert one(text) is None
