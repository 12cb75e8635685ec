"""By when a request must be answered, and whoever closes her account be erased.

Thirty days at most for every request (GB/T 35273-2020, 8.7), fifteen working days after an account
was closed (8.5). The state's calendar of holidays and shifted working days is published a year at a
time and is no open data here: working days are Mondays to Fridays. A holiday makes the lawful day
later than the one shown; a weekend that is made a working day can make it a day earlier.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

DAYS: Final = 30
WORKING_DAYS: Final = 15

#: So long before its end a clock is shown as running out.
SOON: Final = timedelta(days=7)

_SATURDAY: Final = 5

_ZONE: Final = ZoneInfo("Asia/Shanghai")


def day_of_law(at: datetime) -> date:
    """The day of an instant."""
    return at.astimezone(_ZONE).date()


def day_begins(day: date) -> datetime:
    """The first instant of a day."""
    return datetime.combine(day, time(), _ZONE)


def due_after_days(made_at: datetime, days: int = DAYS) -> date:
    """The last day of a term of so many days after the day on which it begins."""
    return day_of_law(made_at) + timedelta(days=days)


def due_after_working_days(made_at: datetime, days: int = WORKING_DAYS) -> date:
    """The same, of Mondays to Fridays."""
    day = day_of_law(made_at)
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < _SATURDAY
    return day


def is_overdue(due_on: date, now: datetime) -> bool:
    """Whether the last day has passed."""
    return day_of_law(now) > due_on


def runs_out(due_on: date, now: datetime) -> bool:
    """Whether it is near, or has passed."""
    return day_of_law(now) > due_on - SOON
