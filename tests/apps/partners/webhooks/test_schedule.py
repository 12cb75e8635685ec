"""A delivery is tried for a little more than a day, then given up."""

from __future__ import annotations

from datetime import timedelta

from tanzhang.apps.partners.webhooks.schedule import LONGER_AT_MOST, PAUSES, pause_after


def test_all_pauses_together_are_a_day_and_four_minutes_before_chance() -> None:
    assert sum(PAUSES, timedelta()) == timedelta(days=1, minutes=4)


def test_with_all_of_chance_they_are_what_partners_are_told() -> None:
    longest = sum(PAUSES, timedelta()) * (1 + LONGER_AT_MOST)
    assert timedelta(hours=26, minutes=28) < longest < timedelta(hours=26, minutes=29)


def test_the_pauses_never_grow_shorter_and_come_to_an_end() -> None:
    assert list(PAUSES) == sorted(PAUSES)
    assert pause_after(len(PAUSES)) is not None
    assert pause_after(len(PAUSES) + 1) is None


def test_each_pause_is_by_chance_up_to_a_tenth_longer() -> None:
    for attempts, pause in enumerate(PAUSES, 1):
        drawn = [found for _ in range(20) if (found := pause_after(attempts)) is not None]
        assert len({*drawn}) > 1
        assert min(drawn) >= pause
        assert max(drawn) <= pause * 1.1
