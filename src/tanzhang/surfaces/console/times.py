"""Stored instants and days as Python's."""

from __future__ import annotations

from datetime import UTC, date, datetime

from tanzhang.engine.rules import FOR_EVER
from tanzhang.stored_time import date_of


def instant(instant_us: int) -> datetime:
    """Microseconds since 1970 UTC as a moment, to the second."""
    return datetime.fromtimestamp(instant_us // 1_000_000, UTC)


def day(number: int) -> date | None:
    """Days since 1970-01-01 as a date; None for "no last day"."""
    return None if number >= FOR_EVER else date_of(number)
