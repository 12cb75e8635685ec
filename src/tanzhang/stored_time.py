"""Instants and days as they are stored: whole numbers since 1970-01-01, and Python's own.

An instant is microseconds UTC, a day is a number of days of some place's calendar. Both are exact:
nothing here passes through a float, which ``datetime.timestamp`` does.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final

DAY_US: Final = 86_400_000_000

_FIRST_DAY: Final = date(1970, 1, 1)
_FIRST_INSTANT: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def day_number(day: date) -> int:
    """A date as days since 1970-01-01; before that it is negative."""
    return (day - _FIRST_DAY).days


def date_of(day: int) -> date:
    """The date that a day's number means. Raises ``OverflowError`` beyond the year 9999."""
    return _FIRST_DAY + timedelta(days=day)


def microseconds(moment: datetime) -> int:
    """An instant as microseconds since 1970 UTC. ``moment`` knows its zone."""
    return (moment - _FIRST_INSTANT) // _MICROSECOND


def moment_of(instant_us: int) -> datetime:
    """The instant of so many microseconds, in UTC. Raises ``OverflowError`` beyond 9999."""
    return _FIRST_INSTANT + instant_us * _MICROSECOND
