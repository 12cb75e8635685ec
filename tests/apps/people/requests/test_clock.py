"""Every request has a last day, and a weekend is no working day."""

from __future__ import annotations

from datetime import date

import pytest

from tanzhang.apps.people.requests.clock import (
    due_after_days,
    due_after_working_days,
    is_overdue,
    runs_out,
)


def test_a_request_is_answered_within_thirty_days() -> None:
    assert due_after_days(date(2026, 1, 31)) == date(2026, 3, 2)


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
    assert due_after_working_days(made_on) == due_on


def test_a_request_is_overdue_the_day_after_its_last() -> None:
    due_on = date(2026, 5, 31)
    assert not is_overdue(due_on, date(2026, 5, 31))
    assert is_overdue(due_on, date(2026, 6, 1))


def test_a_clock_runs_out_a_week_before_its_end() -> None:
    due_on = date(2026, 5, 31)
    assert not runs_out(due_on, date(2026, 5, 24))
    assert runs_out(due_on, date(2026, 5, 25))
    assert runs_out(due_on, date(2026, 6, 2))
