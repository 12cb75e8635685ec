"""A city that lives now, through the real door."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest

from tanzhang.apps.activities.api import credited_total, drain, statement
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.people.api import account
from tanzhang.problems import Problem
from tanzhang.workbench.city import City
from tanzhang.workbench.city.live import ActNow, act_now
from tanzhang.workbench.city.residents import enrol_residents, handles
from tanzhang.workbench.demonstration import prepare

pytestmark = pytest.mark.database

CITY = City(seed=3, citizens=40, days=1, start=date(2026, 3, 2))


@pytest.fixture
def citizen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The handle of a fictitious citizen, in an installation with a home of its own."""
    monkeypatch.setenv("TANZHANG_HOME", str(tmp_path))
    prepare()
    enrol_residents(CITY, "citic")
    return handles(CITY, "citic")[0]


def credited(*acts: ActNow) -> dict[str, int]:
    """What became of some acts."""
    drain()
    import polars as pl

    _, outcomes = credited_total(pl.Series([act.event_key for act in acts]))
    return outcomes


def test_a_citizen_who_rides_now_is_credited_at_once(citizen: str) -> None:
    now_us = time.time_ns() // 1_000
    ride = act_now(citizen, "metro")
    assert (ride.verdict, ride.code, ride.partner) == ("accepted", None, "metro-demo")
    assert abs(ride.ended_us - now_us) < 10_000_000
    assert credited(ride) == {"credited": 1}
    found = account(citizen)
    assert found
    (line,) = statement(found, rulebook_in_force()).events
    assert (line.scene, line.started_us) == ("metro", ride.started_us)


def test_two_rides_in_a_row_are_two_rides(citizen: str) -> None:
    first, second = act_now(citizen, "metro"), act_now(citizen, "shared-bike")
    assert second.started_us >= first.ended_us
    assert credited(first, second) == {"credited": 2}


@pytest.mark.parametrize("scene", ["take-away", "utility-payment", "online-meeting", "walking"])
def test_other_things_can_be_done_now_too(citizen: str, scene: str) -> None:
    assert credited(act_now(citizen, scene)) == {"credited": 1}


def test_a_stranger_is_told_that_nobody_knows_her(citizen: str) -> None:
    told = act_now("citic-nobody", "metro")
    assert (told.verdict, told.code, told.event_key is None) == (
        "rejected",
        "person_unknown",
        False,
    )


def test_a_scene_that_nobody_plays_is_refused(citizen: str) -> None:
    with pytest.raises(Problem, match=r"simulate\.scene_unplayed"):
        act_now(citizen, "household-electricity")
