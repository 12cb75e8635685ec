"""“tanzhang privacy affected” and “incident”: whom it concerns, the clock, the notice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from river.reports import act, hand_in
from tanzhang.apps.activities.api import drain
from tanzhang.problems import Problem
from tanzhang.surfaces.cli import app

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]


def run(*words: object) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def told(*words: object) -> Any:
    return json.loads(run(*words, "--json"))


@pytest.fixture
def acts(river: None) -> None:
    hand_in(act("b1", "05-03 08:00"), act("b2", "05-04 08:00", person="bo"))
    drain()


@pytest.mark.usefixtures("acts")
def test_whom_a_partner_concerns_is_told_by_day_and_scene(tmp_path: Path) -> None:
    people = tmp_path / "people.txt"
    words = ("privacy", "affected", "--partner", "bikes", "--since", "2020-01-01")
    found = told(*words, "--people", people)
    assert (found["people"], found["acts"]) == (2, 2)
    assert [line["day"] for line in found["lines"]] == ["2025-05-03", "2025-05-04"]
    assert {"river-ada", "river-bo"} <= set(people.read_text().split())
    assert "2 people, 2 acts" in run(*words, "--lang", "en")


@pytest.mark.usefixtures("acts")
def test_an_incident_is_opened_told_and_closed() -> None:
    what = ("--partner", "bikes", "--since", "2020-01-01", "--by", "li")
    why = ("--cause", "一枚密钥被复制", "--kinds", "骑行记录", "--noticed", "2026-01-01")
    made = told("privacy", "incident", "open", *what, *why)
    assert (made["people"], made["report_by"]) == (2, "2026-01-01T04:00:00+00:00")
    number = made["number"]
    assert "一枚密钥被复制" in run("privacy", "incident", "notice", number, "--lang", "zh")
    assert set(told("privacy", "incident", "notice", number)) == {"number", "zh", "en"}
    assert "should have been reported" in run("privacy", "incident", "show", "--lang", "en")
    run("privacy", "incident", "step", number, "reported", "--words", "by phone", "--by", "li")
    (found,) = told("privacy", "incident", "show", number)["incidents"]
    assert (found["minutes_left"], found["closed"]) == (None, False)
    assert found["steps"][0]["move"] == "reported"


def test_without_incidents_the_list_says_so() -> None:
    assert "No incident" in run("privacy", "incident", "show", "--lang", "en")


@pytest.mark.parametrize("named", [(), ("--partner", "bikes", "--pack", "meituan-bike")])
def test_exactly_one_thing_went_wrong(named: tuple[str, ...]) -> None:
    with pytest.raises(Problem, match=r"incidents\.suspect_missing"):
        run("privacy", "affected", "--since", "2020-01-01", *named)
