"""The home of an account: its total, its weeks, and where each gram stands."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from apps_world import instant, report, ride

from tanzhang.apps.activities.api import Home, accept, drain, home
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.people.api import AccountEntry, account, handles

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]

#: A Saturday; its week began on Monday 27 May, the first of eight weeks on 8 April.
TODAY = date(2024, 6, 1)
RECEIVED_US = instant("2024-06-01 04:00")


def tell(*rows: dict[str, Any], settled: bool = True) -> None:
    accept(report(*rows), partner="bikes", programme="lake", received_us=RECEIVED_US, enrol=True)
    if settled:
        drain()


def of(person: str = "ada") -> AccountEntry:
    found = account(handles("lake", "bikes", [person])[0])
    assert found is not None
    return found


def seen(today: date = TODAY, lang: str = "en") -> Home:
    return home(of(), rulebook_in_force(), lang, today)


def at(text: str) -> dict[str, int]:
    return {"started_us": instant(text)}


def test_total_month_and_today_are_three_sums() -> None:
    tell(
        ride("old", **at("2024-01-02 08:00")),
        ride("may", **at("2024-05-31 08:00")),
        ride("june", **at("2024-05-31 16:30")),  # half past midnight in Shanghai
        ride("now", **at("2024-06-01 03:00")),
        ride("another's", person="bo"),
    )
    found = seen()
    assert found.total_mg == 4 * 112_010
    assert (found.month_mg, found.today_mg) == (2 * 112_010, 2 * 112_010)
    assert found.points == 4 * 112
    assert seen(date(2024, 6, 2)).today_mg == 0


def test_an_act_of_the_coming_day_is_seen_before_a_month_ends_and_is_the_next_ones() -> None:
    tell(ride("june", **at("2024-05-31 16:30")))  # a partner's clock may be up to a day ahead
    found = seen(date(2024, 5, 31))
    assert [record.reduction_mg for record in found.latest] == [112_010]
    assert (found.total_mg, found.month_mg, found.today_mg) == (112_010, 0, 0)


def test_the_weeks_run_from_monday_and_leave_out_what_is_older() -> None:
    tell(
        ride("before", **at("2024-04-07 15:30")),  # Sunday, half an hour to midnight
        ride("first", **at("2024-04-07 16:00")),
        ride("sunday", **at("2024-05-26 08:00")),
        ride("monday", **at("2024-05-27 08:00")),
    )
    weeks = [(week.monday, week.reduction_mg) for week in seen().weeks]
    assert weeks[0] == (date(2024, 4, 8), 112_010)
    assert weeks[-2:] == [(date(2024, 5, 20), 112_010), (date(2024, 5, 27), 112_010)]
    assert sum(amount for _, amount in weeks) == 3 * 112_010


def test_scenes_partners_and_states_add_up_to_what_was_credited() -> None:
    tell(
        ride("r1"),
        ride("r2", started_us=instant("2024-05-01 08:05"), grade=1),
        ride("w1", scene="walk", in_distance_m=None, in_steps=20_000),
        ride("fast", **at("2024-05-02 08:00"), in_distance_m=40_000),
    )
    found = seen()
    assert [(s.code, s.title, s.acts, s.reduction_mg) for s in found.scenes] == [
        ("walk", "Walking", 1, 200_000),
        ("bike", "Riding", 1, 112_010),
    ]
    assert [(p.code, p.reduction_mg) for p in found.partners] == [("bikes", 312_010)]
    states = {state.status: (state.acts, state.reduction_mg) for state in found.states}
    assert states == {"credited": (2, 312_010), "duplicate": (1, 0), "rejected": (1, 0)}
    assert sum(week.reduction_mg for week in found.weeks) == 312_010


def test_what_a_limit_and_a_duplicate_took_is_told() -> None:
    tell(ride("r1"), ride("r2", started_us=instant("2024-05-01 08:05"), grade=1))
    tell(ride("w1", scene="walk", in_distance_m=None, in_steps=25_000))
    taken = {state.status: state.taken_mg for state in seen().states}
    assert taken == {"credited": 300_000, "duplicate": 112_010}


def test_the_latest_acts_come_first_and_are_five_at_most() -> None:
    tell(*(ride(f"r{day}", **at(f"2024-05-0{day} 08:00")) for day in range(1, 8)))
    latest = seen().latest
    assert [record.day.day for record in latest] == [7, 6, 5, 4, 3]
    assert (latest[0].scene_title, latest[0].partner_title) == ("Riding", "Bikes")
    assert seen(lang="zh").latest[0].scene_title == "骑行"


def test_an_act_that_waits_is_shown_and_counts_for_nothing_yet() -> None:
    tell(ride("r1"), ride("other", person="bo"), settled=False)
    found = seen()
    assert (found.total_mg, found.latest, found.states) == (0, [], [])
    (waiting,) = found.waiting.acts
    assert (waiting.scene, waiting.partner_title) == ("bike", "Bikes")
    assert found.waiting.is_whole
    drain()
    after = seen()
    assert after.waiting.acts == []
    assert after.latest[0].event == waiting.event


def test_a_new_account_is_empty_and_whole() -> None:
    tell(ride("bad", scene="nowhere"), ride("r1"), settled=False)
    found = seen()
    assert len(found.weeks) == 8
    assert (found.total_mg, found.points, found.scenes) == (0, 0, [])
