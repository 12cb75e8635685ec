"""A delivery is tried for a little more than a day, then given up."""

from __future__ import annotations

from datetime import timedelta
from itertools import count, takewhile

from tanzhang.apps.partners.webhooks.schedule import PAUSES, pause_after


def test_all_pauses_together_are_a_day_and_four_minutes() -> None:
    pauses = list(takewhile(lambda pause: pause is not None, map(pause_after, count(1))))
    assert tuple(pauses) == PAUSES
    assert sum(PAUSES, timedelta()) == timedelta(days=1, minutes=4)


def test_the_pauses_never_grow_shorter() -> None:
    assert list(PAUSES) == sorted(PAUSES)
    assert pause_after(len(PAUSES) + 1) is None
