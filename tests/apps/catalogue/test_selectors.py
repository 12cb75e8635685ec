"""Versions with their states, and the history of activations as people read it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from tanzhang.apps.catalogue.api import (
    VersionEntry,
    activations,
    approve_activation,
    catalogue_versions,
    load_catalogue,
    loaded_programme,
    propose_activation,
    refuse_activation,
    state_words,
    withdraw_activation,
)
from tanzhang.engine.packs import PackLibrary, default_folder, load_packs
from tanzhang.engine.packs.tree import day_of
from tanzhang.engine.rules import FOR_EVER
from tanzhang.problems import Problem

pytestmark = pytest.mark.database

MARCH = day_of("2026-03-01")


def walking(version: str) -> VersionEntry:
    (found,) = (v for v in catalogue_versions() if v.name == f"hankou-walk@{version}")
    return found


def told(lang: str = "en") -> list[str]:
    """The latest proposal in sentences, without its dates of writing."""
    entry = activations()[0]
    today = entry.proposed_at.date().isoformat()
    return [sentence.replace(today, "TODAY") for sentence in entry.sentences(lang)]


def test_an_empty_catalogue_has_no_versions() -> None:
    assert (catalogue_versions(), activations()) == ([], [])
    with pytest.raises(Problem, match=r"catalogue\.nothing_loaded"):
        loaded_programme("lake")


def test_a_version_passes_from_loaded_to_superseded(lake: None, second_walk: PackLibrary) -> None:
    load_catalogue(second_walk, ["lake"])
    assert (walking("2").state, walking("2").in_force) == ("loaded", None)
    number = propose_activation(["hankou-walk@2"], from_day=MARCH, by="Ling")
    assert (walking("2").state, walking("2").proposal_id) == ("proposed", number)
    approve_activation(number, by="Bo")
    assert (walking("2").state, walking("2").in_force) == ("activated", (MARCH, FOR_EVER))
    assert walking("1").in_force_on(MARCH - 1)
    assert not walking("1").in_force_on(MARCH)
    assert walking("2").in_force_on(MARCH)
    assert walking("1").title.zh.startswith("步行")


def test_a_version_without_a_day_left_is_superseded(lake: None, folder: Path) -> None:
    home = folder / "methodologies" / "meituan-ebike"
    shutil.copytree(default_folder() / "methodologies" / "meituan-ebike", home)
    shutil.copytree(home, home / "second")
    text = (home / "pack.yaml").read_text(encoding="utf-8")
    text = text.replace('version: "1"', 'version: "2"\nsupersedes: "1"')
    text = text.replace("valid_from: 2019-01-01", "valid_from: 2026-01-01")
    (home / "second" / "pack.yaml").write_text(text, encoding="utf-8")
    load_catalogue(load_packs(folder), ["lake"])
    for version, day in (("1", MARCH), ("2", MARCH + 90), ("2", MARCH - 30)):
        number = propose_activation([f"meituan-ebike@{version}"], from_day=day, by="Ling")
        approve_activation(number, by="Bo")
    found = {v.version: v for v in catalogue_versions() if v.code == "meituan-ebike"}
    assert (found["1"].state, found["1"].in_force) == ("superseded", None)
    assert (found["2"].state, found["2"].in_force) == ("activated", (MARCH - 30, FOR_EVER))


def test_a_loaded_programme_is_found_by_its_id(lake: None) -> None:
    assert loaded_programme("lake").id == "lake"
    with pytest.raises(Problem, match=r"catalogue\.programme_unknown"):
        loaded_programme("sea")


@pytest.mark.parametrize("state", ["loaded", "proposed", "activated", "superseded"])
def test_every_state_has_words(state: str) -> None:
    assert state_words(state, "en") != state_words(state, "zh")


def test_the_installation_is_told(lake: None) -> None:
    assert told() == [
        "On TODAY the installation itself put lake@1, hankou-payment@1, hankou-walk@1, "
        "meituan-bike@1 into force, each from its own first day."
    ]


@pytest.mark.parametrize(
    ("decide", "en", "zh"),
    [
        (approve_activation, "On TODAY Bo approved it.", "Bo 于 TODAY 批准。"),
        (refuse_activation, "On TODAY Bo refused it.", "Bo 于 TODAY 驳回。"),
        (withdraw_activation, "On TODAY Ling took it back.", "Ling 于 TODAY 撤回。"),
    ],
)
def test_a_proposal_and_its_decision_are_told(
    lake: None, second_walk: PackLibrary, decide: object, en: str, zh: str
) -> None:
    load_catalogue(second_walk, ["lake"])
    number = propose_activation(["hankou-walk@2"], from_day=MARCH, by="Ling", note="halved")
    proposed = [
        "On TODAY Ling proposed that hankou-walk@2 count from 2026-03-01 on.",
        "Ling noted: “halved”",
    ]
    assert told() == [*proposed, "The proposal waits for another person's decision."]
    assert callable(decide)
    decide(number, by="Ling" if decide is withdraw_activation else "Bo")
    assert told() == [*proposed, en]
    assert told("zh")[-1] == zh


def test_every_sentence_stands_in_both_languages() -> None:
    from importlib.resources import files

    text = files("tanzhang.apps.catalogue").joinpath("words.yaml").read_text(encoding="utf-8")
    groups: dict[str, dict[str, dict[str, str]]] = yaml.safe_load(text)
    faults = [
        name
        for group in groups.values()
        for name, said in group.items()
        if set(said) != {"zh", "en"}
    ]
    assert faults == []
