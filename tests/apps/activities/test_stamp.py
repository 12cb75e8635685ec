"""The stamp differs whenever the pages would, and only then."""

from __future__ import annotations

from datetime import date

import pytest
from apps_world import instant, report, ride

from tanzhang.apps.activities.api import accept, drain, stamp
from tanzhang.apps.people.api import AccountEntry, account, handles

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]

TODAY = date(2024, 6, 1)


def tell(*rows: dict[str, object], revision: int = 0) -> None:
    accept(
        report(*({**row, "revision": revision} for row in rows)),
        partner="bikes", programme="lake", received_us=instant("2024-06-01 04:00"), enrol=True,
    )  # fmt: skip


def ada() -> AccountEntry:
    found = account(handles("lake", "bikes", ["ada"])[0])
    assert found is not None
    return found


def test_it_changes_when_an_act_arrives_when_it_settles_and_when_it_is_corrected() -> None:
    seen = []
    tell(ride("r1"))
    seen.append(stamp(ada(), TODAY))
    drain()
    seen.append(stamp(ada(), TODAY))
    tell(ride("r1", in_distance_m=1000), revision=1)
    drain()
    seen.append(stamp(ada(), TODAY))
    assert len(set(seen)) == 3
    assert stamp(ada(), TODAY) == seen[-1]


def test_an_act_that_is_rejected_is_news_too() -> None:
    tell(ride("r1"))
    drain()
    before = stamp(ada(), TODAY)
    tell(ride("fast", started_us=instant("2024-05-20 08:00"), in_distance_m=90_000))
    drain()
    assert stamp(ada(), TODAY) != before


def test_an_act_of_the_coming_day_is_news_when_a_month_ends() -> None:
    tell(ride("r1"))
    drain()
    before = stamp(ada(), date(2024, 5, 31))
    tell(ride("fast", started_us=instant("2024-05-31 17:00"), in_distance_m=90_000))
    drain()
    assert stamp(ada(), date(2024, 5, 31)) != before


def test_it_does_not_change_for_somebody_elses_acts() -> None:
    tell(ride("r1"))
    drain()
    before = stamp(ada(), TODAY)
    tell(*(ride(f"b{number}", person=f"bo{number}") for number in range(100)))
    assert stamp(ada(), TODAY) == before
    drain()
    assert stamp(ada(), TODAY) == before


def test_a_new_day_is_news() -> None:
    tell(ride("r1"))
    drain()
    assert stamp(ada(), TODAY) != stamp(ada(), date(2024, 6, 2))
