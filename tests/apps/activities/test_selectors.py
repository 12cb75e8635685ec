"""What given events are credited with, wherever corrections have moved them."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from apps_world import RECEIVED_US, instant, report, ride

from tanzhang.apps.activities.api import accept, credited_total, drain

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]

MG = 2300 * 487 // 10  # 2,300 m at 48.70 g/km


def hand_in(*rows: dict[str, Any]) -> pl.Series:
    """The keys of the events that these rows tell of."""
    accepted = accept(
        report(*rows), partner="bikes", programme="lake", received_us=RECEIVED_US, enrol=True
    )
    return accepted.verdicts["event_key"]


def later(number: int) -> int:
    """Nine o'clock on a day of its own in May."""
    return instant(f"2024-05-{number:02d} 09:00")


def test_an_event_counts_once_settled_and_not_before() -> None:
    keys = hand_in(ride("r1"), ride("r2", started_us=later(2)))
    assert credited_total(keys) == (0, {})
    drain()
    assert credited_total(keys) == (2 * MG, {"credited": 2})
    assert credited_total(keys.head(1)) == (MG, {"credited": 1})
    assert credited_total(keys.clear()) == (0, {})


def test_losers_holds_and_withdrawals_are_counted_by_their_status() -> None:
    keys = hand_in(
        ride("r1"),
        ride("r2", grade=1),
        ride("r3", started_us=later(3), held=True),
        ride("r4", started_us=later(4)),
    )
    drain()
    hand_in(ride("r4", started_us=later(4), revision=1, withdrawn=True))
    drain()
    found = {"credited": 1, "duplicate": 1, "held": 1, "withdrawn": 1}
    assert credited_total(keys) == (MG, found)


def test_a_correction_counts_by_its_new_content() -> None:
    keys = hand_in(ride("r1"))
    drain()
    hand_in(ride("r1", revision=1, in_distance_m=1000))
    drain()
    assert credited_total(keys) == (48_700, {"credited": 1})


def test_an_event_that_moved_to_another_month_and_back_counts_once() -> None:
    keys = hand_in(ride("r1"))
    for revision, month in enumerate(("04", "05", "04", "05"), start=1):
        drain()
        hand_in(ride("r1", revision=revision, started_us=instant(f"2024-{month}-02 09:00")))
        drain()
        assert credited_total(keys) == (MG, {"credited": 1})
