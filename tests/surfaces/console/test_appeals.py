"""An appeal is decided at the console, by whoever had no part in the first decision."""

from __future__ import annotations

import uuid

import pytest

from surfaces.console.desk import Answer, Desk, sit_down
from tanzhang.apps.activities.api import (
    AppealAbout,
    appeal,
    drain,
    find_event,
    statement,
)
from tanzhang.apps.activities.appeals import reading
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.people.api import AccountEntry, account
from tanzhang.surfaces.console.models import Action

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("acts")]


def ada() -> AccountEntry:
    found = account("river-ada")
    assert found is not None
    return found


def key(name: str = "bikes:r1") -> uuid.UUID:
    found = find_event(name)
    assert found is not None
    return found


def disputed(name: str = "bikes:r1") -> int:
    return appeal(ada(), key(name), AppealAbout.ACT, "这次不是我骑的")


def decides(desk: Desk, number: int, remedy: str, words: str = "looked into it") -> Answer:
    return desk.sends(f"appeals/{number}/decide/", {"remedy": remedy, "words": words})


def test_the_page_shows_her_words_beside_the_acts_story() -> None:
    number = disputed("bank:r2")
    desk = sit_down("wang", "operator")
    assert f'href="/console/appeals/{number}/"' in desk.reads("appeals/").source
    assert "这次不是我骑的" not in desk.reads("appeals/").source
    page = desk.reads(f"appeals/{number}/")
    for text in ("这次不是我骑的", "of two acts at one time one counts", "Ask the partner"):
        assert text in page.text


def test_a_decision_is_done_and_written_down() -> None:
    number = disputed()
    assert decides(sit_down("wang", "operator"), number, "set_aside").location
    drain()
    events = statement(ada(), rulebook_in_force()).events
    assert {line.status for line in events if line.event == key().hex} == {"held"}
    assert Action.objects.get(verb="decided").note == "set_aside"
    page = sit_down("wang-too", "reader").reads(f"appeals/{number}/")
    assert "wang decided appeal" in page.text
    assert "Decide</h2>" not in page.source


def test_whoever_held_an_act_does_not_decide_about_it() -> None:
    wang = sit_down("wang", "operator")
    wang.sends(f"acts/{key().hex}/hold/", {"note": "odd"})
    drain()
    number = disputed()
    page = wang.reads(f"appeals/{number}/")
    assert "First decided by wang" in page.text
    assert "Decide</h2>" not in page.source
    assert decides(wang, number, "release").status == 409
    assert decides(sit_down("li", "operator"), number, "release").location


def test_two_persons_where_much_is_at_stake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "TWO_PERSONS_FROM_MG", 1)
    number, wang, li = disputed(), sit_down("wang", "operator"), sit_down("li", "operator")
    assert decides(wang, number, "none").location
    assert "Agree to the proposal" not in wang.reads(f"appeals/{number}/").text
    assert wang.sends(f"appeals/{number}/agree/").status == 409
    assert "Agree to the proposal" in li.reads(f"appeals/{number}/").text
    assert li.sends(f"appeals/{number}/disagree/", {"words": "not yet"}).location
    assert decides(li, number, "none").location
    assert wang.sends(f"appeals/{number}/agree/").location
    assert {action.verb for action in Action.objects.filter(kind="appeal")} == {
        *("proposed", "disagreed", "agreed"),
    }


def test_who_may_not_hold_acts_decides_nothing() -> None:
    number, reader = disputed(), sit_down("somebody", "reader")
    assert decides(reader, number, "none").status == 403
    for step in ("agree", "disagree", "ask"):
        assert reader.sends(f"appeals/{number}/{step}/", {"words": "x"}).status == 403


@pytest.mark.parametrize("remedy", ["", "restate", "elsewhere", "<b>"])
def test_what_does_not_fit_is_refused(remedy: str) -> None:
    assert decides(sit_down("wang", "operator"), disputed(), remedy).status == 409


def test_the_partner_is_asked() -> None:
    number, wang = disputed(), sit_down("wang", "operator")
    assert wang.sends(f"appeals/{number}/ask/", {"words": "Was it her?"}).location
    assert "the partner was asked" in wang.reads("appeals/").text


def test_an_appeal_that_nobody_wrote_is_not_there() -> None:
    assert sit_down("wang", "operator").reads("appeals/4711/").status == 404


def test_the_start_page_counts_who_waits() -> None:
    disputed()
    assert "Appeals: 1" in sit_down("wang", "operator").reads("").text
