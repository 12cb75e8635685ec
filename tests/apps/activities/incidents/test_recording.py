"""An incident has a clock of four hours, steps, and an end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tanzhang.apps.activities.incidents.affected import IncidentQuery
from tanzhang.apps.activities.incidents.models import IncidentMove, Suspect
from tanzhang.apps.activities.incidents.notice import incident_notice
from tanzhang.apps.activities.incidents.recording import (
    Circumstances,
    all_incidents,
    incident,
    note_incident_step,
    open_incident,
)
from tanzhang.problems import Problem

pytestmark = pytest.mark.database

NOTICED = datetime(2026, 5, 1, 0, 0, tzinfo=UTC)
QUERY = IncidentQuery(Suspect.KEY, "0807B471DA4AD906", NOTICED - timedelta(days=2), NOTICED)
TOLD = Circumstances("骑行记录", "一枚密钥被复制", "可能出现不实的骑行记录", "密钥已停用")


def opened() -> int:
    return open_incident(QUERY, TOLD, people=3, noticed_at=NOTICED, by="li")


def test_four_hours_run_from_when_it_was_noticed() -> None:
    found = incident(opened())
    assert found.report_by == NOTICED + timedelta(hours=4)
    assert found.left(NOTICED + timedelta(hours=1)) == timedelta(hours=3)
    assert found.left(NOTICED + timedelta(hours=5)) == timedelta(hours=-1)


def test_reporting_stops_the_clock_and_closing_ends_it() -> None:
    number = opened()
    note_incident_step(number, IncidentMove.REPORTED, "by phone", by="li")
    found = incident(number)
    assert found.left(NOTICED) is None
    assert found.reported_at == found.steps[0].at
    note_incident_step(number, IncidentMove.CLOSED, "done", by="li")
    assert incident(number).is_closed
    with pytest.raises(Problem, match=r"incidents\.closed"):
        note_incident_step(number, IncidentMove.NOTED, "more", by="li")
    assert [each.id for each in all_incidents()] == [number]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_people_are_told_all_that_the_law_asks_for(lang: str) -> None:
    text = incident_notice(incident(opened()), "王女士 400-000", lang)
    for part in (*(getattr(TOLD, name) for name in TOLD.__slots__), "王女士 400-000", "2026-05-01"):
        assert part in text


def test_whoever_does_it_and_what_happened_have_to_be_said() -> None:
    with pytest.raises(Problem, match=r"incidents\.words_missing"):
        open_incident(QUERY, TOLD, people=0, noticed_at=NOTICED, by=" ")
    number = opened()
    with pytest.raises(Problem, match=r"incidents\.words_missing"):
        note_incident_step(number, IncidentMove.NOTED, " ", by="li")


def test_an_incident_that_nobody_opened_is_unknown() -> None:
    with pytest.raises(Problem, match=r"incidents\.number_unknown"):
        incident(4_711)
