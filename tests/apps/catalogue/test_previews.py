"""What an activation would change is told before it is decided."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from catalogue.lake_files import WALK, Edit
from tanzhang.apps.catalogue.api import (
    Preview,
    RulesChange,
    approve_activation,
    load_catalogue,
    preview,
    preview_of_proposal,
    propose_activation,
    rulebook_in_force,
)
from tanzhang.engine.packs import PackLibrary, default_folder, load_packs
from tanzhang.engine.packs.tree import day_of
from tanzhang.engine.rules import FOR_EVER
from tanzhang.problems import Problem

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]

MARCH = day_of("2026-03-01")


def sentences(found: Preview, lang: str = "en") -> list[str]:
    (version,) = found.versions
    return [change.text(lang) for change in version.changes]


def test_a_newer_version_is_compared_with_the_one_in_force(second_walk: PackLibrary) -> None:
    load_catalogue(second_walk, ["lake"])
    found = preview(["hankou-walk@2"], MARCH)
    (version,) = found.versions
    assert (version.name, version.against) == ("hankou-walk@2", "hankou-walk@1")
    assert sentences(found) == [
        "It follows version 1 from 2026-03-01 on.",
        "The limit “daily” changes from at most 200 g a day to at most 100 g a day.",
    ]
    assert found.change == RulesChange(frozenset({"hankou-walk"}), frozenset(), MARCH, FOR_EVER)
    assert rulebook_in_force().rulebook.packs["hankou-walk"][0].version == "1"


def test_a_proposal_is_previewed_as_it_will_be_approved(second_walk: PackLibrary) -> None:
    load_catalogue(second_walk, ["lake"])
    number = propose_activation(["hankou-walk@2"], from_day=MARCH, by="Ling")
    ahead = preview_of_proposal(number)
    assert ahead == preview(["hankou-walk@2"], MARCH)
    assert approve_activation(number, by="Bo") == ahead.change
    with pytest.raises(Problem) as refused:
        preview_of_proposal(number + 1)
    assert refused.value.code == "catalogue.proposal_unknown"


def test_a_programmes_newer_version_is_told_with_its_scenes(second_lake: PackLibrary) -> None:
    load_catalogue(second_lake, ["lake"])
    told = sentences(preview(["lake@2"]), "zh")
    assert told[0] == "自 2026-01-01 起接续版本 1。"
    assert "场景“步行”退回规划中：其行为不再受理。" in told
    assert "取消场景“缴费”，其行为不再受理。" in told
    assert sentences(preview(["lake@2"], MARCH))[0] == "It follows version 1 from 2026-03-01 on."


def test_activating_again_is_told_as_an_earlier_day_and_another_end(
    second_walk: PackLibrary, edited: Edit
) -> None:
    load_catalogue(second_walk, ["lake"])
    approve_activation(propose_activation(["hankou-walk@2"], from_day=MARCH, by="Ling"), by="Bo")
    assert sentences(preview(["hankou-walk@2"], MARCH - 10)) == [
        "It counts from 2026-02-19 on, before from 2026-03-01 on."
    ]
    second = WALK.replace("pack.yaml", "second/pack.yaml")
    dated = "valid_from: 2026-01-01\nvalid_to: 2030-01-01"
    load_catalogue(edited(second, "valid_from: 2026-01-01", dated), ["lake"])
    found = preview(["hankou-walk@2"], MARCH)
    assert sentences(found) == ["The end (exclusive) changes from none to 2030-01-01."]
    assert found.change.from_day == day_of("2030-01-01")


def test_a_version_with_editions_is_previewed_once_with_what_each_brings(folder: Path) -> None:
    home = Path("methodologies") / "shenzhen-electricity"
    shutil.copytree(default_folder() / home, folder / home)
    shutil.copytree(default_folder() / "factors", folder / "factors", dirs_exist_ok=True)
    load_catalogue(load_packs(folder), ["lake"])
    (version,) = preview(["shenzhen-electricity@1"], day_of("2023-06-01")).versions
    told = [change.text("en") for change in version.changes]
    assert (version.name, version.against) == ("shenzhen-electricity@1", "")
    assert [sentence for sentence in told if "grid factor" in sentence and "0.44" in sentence] == [
        "The factor “grid factor of Guangdong” is added: 0.4419 kg/kWh (from a secondary source).",
        "From 2024-01-01 on: The factor “grid factor of Guangdong” changes from 0.4419 kg/kWh "
        "to 0.4403 kg/kWh (from a secondary source).",
    ]
