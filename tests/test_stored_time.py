"""A stored day or instant and Python's own are the same one, to the microsecond."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, strategies as st

from tanzhang.stored_time import DAY_US, date_of, day_number, microseconds, moment_of


@given(day=st.dates())
def test_a_day_comes_back(day: date) -> None:
    assert date_of(day_number(day)) == day


@given(moment=st.datetimes(timezones=st.just(UTC)))
def test_an_instant_comes_back_to_the_microsecond(moment: datetime) -> None:
    assert moment_of(microseconds(moment)) == moment


@given(moment=st.datetimes(min_value=datetime(1, 1, 2), timezones=st.just(UTC)))
def test_a_day_of_utc_begins_at_its_number_of_days(moment: datetime) -> None:
    assert microseconds(moment) // DAY_US == day_number(moment.date())


def test_the_first_day_is_zero_and_what_came_before_is_negative() -> None:
    assert (day_number(date(1970, 1, 1)), day_number(date(1969, 12, 31))) == (0, -1)
    assert microseconds(datetime(1969, 12, 31, 23, 59, 59, 999_999, UTC)) == -1


def test_an_instant_is_the_same_in_every_zone() -> None:
    shanghai = timezone(timedelta(hours=8))
    assert microseconds(datetime(1970, 1, 1, 8, 0, 0, 1, shanghai)) == 1


def test_an_instant_without_a_zone_is_none() -> None:
    with pytest.raises(TypeError):
        microseconds(datetime(2026, 3, 2))
