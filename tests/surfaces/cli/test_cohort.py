"""``tanzhang joining`` and ``tanzhang cohort``: lists, stages and features at the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from tanzhang.apps.catalogue.api import load_catalogue
from tanzhang.engine.packs import PackLibrary, load_packs
from tanzhang.problems import Problem
from tanzhang.surfaces.cli import app

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("citic")]


@pytest.fixture(scope="module")
def library() -> PackLibrary:
    return load_packs()


@pytest.fixture
def citic(database: object, library: PackLibrary) -> None:
    load_catalogue(library, ["citic"])


def run(*words: str, lang: str = "en") -> Result:
    spoken = {"LANG": {"en": "en_GB.UTF-8", "zh": "zh_CN.UTF-8"}[lang], "LC_ALL": ""}
    return CliRunner().invoke(app, [*words], catch_exceptions=False, env=spoken)


def answer(*words: str, code: int = 0) -> dict[str, Any]:
    result = run(*words, "--json")
    assert result.exit_code == code, result.output
    told: dict[str, Any] = json.loads(result.stdout)
    return told


def refusal(*words: str) -> str:
    with pytest.raises(Problem) as refused:
        run(*words)
    return refused.value.code


def test_a_list_is_loaded_line_by_line(tmp_path: Path) -> None:
    file = tmp_path / "testers.txt"
    file.write_text("\ufeffsample-1\n\nsample-2\nsample-1\n" + "x" * 300, encoding="utf-8")
    told = answer("joining", "list", "load", "citic", "beta-testers", str(file), code=1)
    assert (told["added"], told["wrong"]) == (2, 1)
    assert [(row["line"], row["result"]) for row in told["rows"]] == [
        (1, "added"),
        (3, "added"),
        (4, "known"),
        (5, "joining.reference_too_long"),
    ]
    assert answer("joining", "show", "citic")["lists"] == {"beta-testers": 2}
    again = run("joining", "list", "load", "citic", "beta-testers", str(file))
    assert "line 5" in again.output


def test_a_list_or_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    load = ("joining", "list", "load", "citic")
    assert refusal(*load, "nobody", str(tmp_path / "a")) == "joining.list_missing"
    assert refusal(*load, "beta-testers", str(tmp_path / "a")) == "joining.file_unreadable"


def test_the_rules_are_shown_in_words() -> None:
    told = answer("joining", "show", "citic")
    assert (told["who"], told["doors"], told["kinds"]) == ("cardholder", ["host"], ["person"])
    text = run("joining", "show", "citic", lang="zh").output
    assert "中信银行信用卡持卡人" in text


def test_a_cohort_is_opened_and_a_feature_shown_by_two_persons() -> None:
    note = ("--by", "Ling", "--note", "as planned")
    moved = answer("cohort", "move", "citic", "beta", "open", *note)
    assert (moved["in_force"], moved["decision"]) == (True, "alone")
    wanted = answer("cohort", "open", "citic", "carrying", "--to", "beta", *note)
    assert (wanted["in_force"], wanted["decision"]) == (False, None)
    assert answer("cohort", "show", "citic")["features"][0]["audience"] == ["everyone"]
    number = str(wanted["change"])
    assert refusal("cohort", "approve", number, "--by", "Ling") == "joining.same_person"
    assert answer("cohort", "approve", number, "--by", "Mei")["in_force"]
    told = answer("cohort", "show", "citic")
    assert told["features"][0]["audience"] == ["beta"]
    assert told["cohorts"] == [{"name": "beta", "stage": "open", "people": 0, "places": None}]
    listed = answer("cohort", "changes", "citic")["changes"]
    assert [change["decision"] for change in listed] == ["approved", "alone"]
    assert "beta" in run("cohort", "changes", "citic", lang="zh").output
    assert "beta" in run("cohort", "show", "citic").output


def test_a_change_is_refused_or_withdrawn() -> None:
    words = ("cohort", "move", "citic", "beta", "everyone", "--by", "Ling", "--note", "done")
    first = answer(*words)
    assert answer("cohort", "refuse", str(first["change"]), "--by", "Mei")["decision"] == "refused"
    second = str(answer(*words)["change"])
    assert answer("cohort", "withdraw", second, "--by", "Ling")["decision"] == "withdrawn"


def test_a_surveys_counts_are_told_only_when_there_are_enough() -> None:
    told = answer("cohort", "survey", "citic", "first-month")
    assert told["questions"]["habit"] == {"replies": None, "answers": {"yes": None, "same": None}}
    assert "fewer than 10" in run("cohort", "survey", "citic", "first-month").output
    assert refusal("cohort", "survey", "citic", "last") == "joining.survey_unknown"
