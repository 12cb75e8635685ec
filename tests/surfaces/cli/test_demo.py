"""The demonstration shows what it promises, and the second time it changes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from clean_database import Database
from tanzhang.apps.activities.api import digest
from tanzhang.apps.people.api import installation
from tanzhang.problems import Problem
from tanzhang.surfaces.cli import app
from tanzhang.workbench.demonstration import CITIES

pytestmark = pytest.mark.database


def demo(*words: str) -> str:
    """What ``tanzhang demo`` prints."""
    result = CliRunner().invoke(app, ["demo", *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_second_demonstration_changes_nothing_and_says_so() -> None:
    first = json.loads(demo("--json", "--no-serve", "--port", "8000"))
    second = json.loads(demo("--json"))
    assert first["fictitious"]
    assert first["changed"]
    assert first["loaded"]
    assert not second["changed"]
    assert second["loaded"] == []
    assert second["accepted"] == 0
    assert second["duplicate"] == second["rows"] == first["rows"]
    for name in ("digest", "accounts", "ride", "reduction_mg", "outcomes"):
        assert second[name] == first[name]


def test_grams_and_points_of_all_accounts_add_up_and_stand_apart() -> None:
    told = json.loads(demo("--json"))
    assert len(told["accounts"]) == CITIES["small"].citizens
    assert sum(one["reduction_mg"] for one in told["accounts"]) == told["reduction_mg"]
    assert sum(one["acts"] for one in told["accounts"]) == sum(told["outcomes"].values())
    assert told["outcomes"]["duplicate"] >= 1
    assert told["outcomes"]["withdrawn"] >= 1
    ride = told["ride"]
    assert ride["explanation"]["reduction_mg"] == ride["reduction_mg"] > 0


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", ["fictitious", "One ride, explained", "One act that two partners reported"]),
        ("zh", ["均为虚构", "解释一次出行", "一次由两家合作方报告的行为"]),
    ],
)
def test_a_person_reads_accounts_one_ride_and_one_act_told_by_two(
    lang: str, said: list[str]
) -> None:
    printed = demo("--no-serve", "--lang", lang)
    assert [words for words in said if words not in printed] == []


@pytest.mark.parametrize("words", [["demo", "--json"], ["demo", "--size", "none"], ["up"]])
def test_where_people_may_be_real_nothing_of_it_moves_in(
    database: Database, words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TANZHANG_HOME", str(tmp_path))
    demo("--json")
    before = digest()
    database.turn("live")
    with pytest.raises(Problem) as refused:
        CliRunner().invoke(app, words, catch_exceptions=False)
    assert refused.value.code == "people.installation_live"
    assert digest() == before


def test_an_empty_live_installation_becomes_a_demonstration(database: Database) -> None:
    database.turn("live")
    demo("--size", "none", "--json")
    assert installation().kind == "demonstration"


def test_without_a_city_only_packs_and_the_programme_are_loaded() -> None:
    told = json.loads(demo("--size", "none", "--json"))
    assert "citic@1" in told["loaded"]
    assert "accounts" not in told
