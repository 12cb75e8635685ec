"""Every request has a last day, of China's calendar, and a weekend is no working day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tanzhang.apps.people.requests.clock import (
    day_begins,
    day_of_law,
    due_after_days,
    due_after_working_days,
    is_overdue,
    runs_out,
)

INSTANT = timedelta(microseconds=1)


def begins(day: date) -> datetime:
    """The first instant of a day in China."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=8)


def test_a_day_begins_and_ends_in_china() -> None:
    day = date(2026, 12, 31)
    assert day_begins(day) == begins(day) == datetime(2026, 12, 30, 16, tzinfo=UTC)
    assert day_of_law(day_begins(day)) == day
    assert day_of_law(day_begins(day) - INSTANT) == day - timedelta(days=1)


def test_a_request_is_answered_within_thirty_days() -> None:
    made_at = begins(date(2026, 1, 31))
    assert due_after_days(made_at) == date(2026, 3, 2)
    assert due_after_days(made_at - INSTANT) == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("made_on", "due_on"),
    [
        (date(2026, 11, 2), date(2026, 11, 23)),  # a Monday
        (date(2026, 11, 6), date(2026, 11, 27)),  # a Friday
        (date(2026, 11, 7), date(2026, 11, 27)),  # a Saturday counts from the Monday on
        (date(2026, 11, 8), date(2026, 11, 27)),
    ],
)
def test_an_account_is_closed_within_fifteen_working_days(made_on: date, due_on: date) -> None:
    assert due_after_working_days(begins(made_on)) == due_on
    assert due_after_working_days(begins(made_on + timedelta(days=1)) - INSTANT) == due_on


def test_a_request_is_overdue_from_the_first_instant_after_its_last_day() -> None:
    due_on = date(2026, 5, 31)
    assert not is_overdue(due_on, begins(date(2026, 6, 1)) - INSTANT)
    assert is_overdue(due_on, begins(date(2026, 6, 1)))


def test_a_clock_runs_out_a_week_before_its_end() -> None:
    due_on = date(2026, 5, 31)
    assert not runs_out(due_on, begins(date(2026, 5, 25)) - INSTANT)
    assert runs_out(due_on, begins(date(2026, 5, 25)))
    assert runs_out(due_on, begins(date(2026, 6, 2)))
