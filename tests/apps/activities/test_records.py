"""Records: every act once, the latest first, page by page, however they are filtered."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from apps_world import instant, report, ride

from tanzhang.apps.activities.api import Filter, RecordPage, accept, drain, records
from tanzhang.apps.activities.records import PAGE
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.people.api import account, handles

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]

TODAY = date(2025, 6, 1)
RECEIVED_US = instant("2025-06-01 04:00")


def tell(*rows: dict[str, Any]) -> None:
    accept(report(*rows), partner="bikes", programme="lake", received_us=RECEIVED_US, enrol=True)
    drain()


def page(person: str = "ada", **chosen: Any) -> RecordPage:
    found = account(handles("lake", "bikes", [person])[0])
    assert found is not None
    return records(found, rulebook_in_force(), "en", TODAY, Filter(**chosen))


def starts(found: RecordPage) -> list[int]:
    return [record.started_us for day in found.days for record in day.records]


def all_pages(**chosen: Any) -> list[int]:
    """The starts on every page, one after the other."""
    found = page(**chosen)
    gathered = starts(found)
    while found.older:
        found = page(**chosen, before=found.older)
        gathered += starts(found)
    return gathered


#: Spread over sixteen months, three a month, two of them at one instant.
SPREAD = [
    instant(f"{2024 + month // 12}-{month % 12 + 1:02d}-{day} 08:00")
    for month in range(1, 17)
    for day in (10, 20, 20)
]


@pytest.fixture
def spread(lake: None) -> None:
    tell(
        *(
            ride(f"r{place}", started_us=us, ended_us=us + 600_000_000)
            for place, us in enumerate(SPREAD)
        )
    )


@pytest.mark.usefixtures("spread")
def test_turning_pages_meets_every_act_once_in_order() -> None:
    assert len(starts(page())) == PAGE < len(SPREAD)
    assert all_pages() == sorted(SPREAD, reverse=True)


@pytest.mark.usefixtures("spread")
def test_a_new_act_shifts_no_page() -> None:
    older = page().older
    before = starts(page(before=older))
    tell(ride("new", started_us=instant("2025-06-01 02:00")))
    assert starts(page(before=older)) == before


@pytest.mark.usefixtures("spread")
def test_a_month_shows_the_acts_of_its_local_days() -> None:
    tell(ride("edge", started_us=instant("2024-03-31 16:00")))  # 1 April in Shanghai
    assert [record.day for day in page(month=202404).days for record in day.records] == [
        date(2024, 4, 20), date(2024, 4, 20), date(2024, 4, 10), date(2024, 4, 1),
    ]  # fmt: skip
    assert page(month=209901).days == []


@pytest.mark.usefixtures("spread")
def test_a_scene_shows_its_acts_alone_however_old() -> None:
    tell(ride("w", scene="walk", in_distance_m=None, in_steps=9_000, started_us=SPREAD[0] - 1))
    assert all_pages(scene="walk") == [SPREAD[0] - 1]
    assert len(all_pages(scene="bike")) == len(SPREAD)


@pytest.mark.usefixtures("spread")
@pytest.mark.parametrize("nonsense", [{"before": "x"}, {"before": "1-zz"}, {"scene": "nowhere"}])
def test_a_filter_that_means_nothing_is_as_good_as_none(nonsense: dict[str, str]) -> None:
    assert starts(page(**nonsense)) == starts(page())


def test_days_hold_their_acts_together() -> None:
    tell(
        *(
            ride(f"r{hour}", started_us=instant(f"2024-05-0{1 + hour // 2} 0{hour}:00"))
            for hour in range(4)
        )
    )
    found = page()
    assert [(day.day.day, len(day.records)) for day in found.days] == [(2, 2), (1, 2)]
    assert found.older == ""


def test_nobody_elses_act_is_in_a_statement() -> None:
    tell(ride("r1"), ride("r2", person="bo", started_us=instant("2024-05-03 08:00")))
    assert len(starts(page())) == 1
    assert starts(page("bo")) == [instant("2024-05-03 08:00")]


def test_waiting_acts_stand_on_the_first_page_and_obey_the_filter() -> None:
    tell(ride("r1"))
    accept(
        report(ride("r2", started_us=instant("2024-05-02 08:00"))),
        partner="bikes", programme="lake", received_us=RECEIVED_US,
    )  # fmt: skip
    assert [act.scene for act in page().waiting.acts] == ["bike"]
    assert page(scene="walk").waiting.acts == []
    assert page(month=202404).waiting.acts == []
    assert page(before=f"{RECEIVED_US}-{'f' * 32}").waiting.acts == []
