"""Loading keeps what a version means, and the database compiles without its folder."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from catalogue.lake_files import LAKE, WALK, Edit
from tanzhang.apps.catalogue.api import (
    RulesChange,
    approve_activation,
    load_catalogue,
    propose_activation,
    rulebook_in_force,
)
from tanzhang.engine.packs import PackLibrary, build_rulebook, default_folder, load_packs
from tanzhang.engine.packs.tree import day_of
from tanzhang.engine.rules import FOR_EVER
from tanzhang.problems import Problem

pytestmark = pytest.mark.database


def refusal(library: PackLibrary) -> str:
    with pytest.raises(Problem) as refused:
        load_catalogue(library, ["lake"])
    return refused.value.code


def test_nothing_is_in_force_before_anything_is_loaded() -> None:
    with pytest.raises(Problem) as refused:
        rulebook_in_force()
    assert refused.value.code == "catalogue.nothing_loaded"


def test_loading_again_changes_nothing(library: PackLibrary) -> None:
    first = load_catalogue(library, ["lake"])
    assert set(first.new) == {"hankou-payment@1", "hankou-walk@1", "lake@1", "meituan-bike@1"}
    again = load_catalogue(library, ["lake"])
    assert (again.new, again.ended) == ((), ())


def test_what_is_in_force_is_what_the_files_say(library: PackLibrary, lake: None) -> None:
    rules = rulebook_in_force()
    assert rules.rulebook == build_rulebook(library, ["lake"])
    assert rulebook_in_force() is rules


def test_stored_numbers_lead_to_the_rulebook_and_back(lake: None) -> None:
    rules = rulebook_in_force()
    packs = [*rules.rulebook.packs]
    for code, number in rules.pack_ids.items():
        assert packs[rules.pack_index[number]] == code
    assert rules.programme_index[rules.programme_ids["lake"]] == 0
    assert len(rules.version_ids) == sum(map(len, rules.rulebook.packs.values()))
    assert set(rules.version_ids.tolist()) | {0} == set(rules.digests)
    assert set(rules.limit_ids) == {("hankou-walk", "daily")}
    assert rules.input_names("meituan-bike") == ("distance_m",)
    assert rules.scene_title("lake", "bike").zh == "骑行"


def test_each_version_keeps_the_text_of_its_files(lake: None, packs_folder: Path) -> None:
    from tanzhang.apps.catalogue.models import PackVersion, ProgrammeVersion

    kept = PackVersion.objects.get(pack__code="hankou-walk").source
    assert kept[WALK] == (packs_folder / WALK).read_text(encoding="utf-8")
    assert ProgrammeVersion.objects.get().source.keys() == {LAKE}


def test_an_unknown_programme_is_refused(lake: None) -> None:
    with pytest.raises(Problem) as refused:
        rulebook_in_force().programme("sea")
    assert refused.value.code == "catalogue.programme_unknown"


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (WALK, "amount: 200 g", "amount: 201 g"),
        (WALK, "at_most: 24 h", "at_most: 23 h"),
        (WALK, "kind: published", "kind: secondary"),
        (WALK, "valid_from: 2019-01-01", "valid_from: 2018-01-01"),
        (WALK, "maximum: 200000", "maximum: 300000"),
        (LAKE, "grams_per_point: 1 g", "grams_per_point: 2 g"),
        (LAKE, "valid_from: 2024-01-01", "valid_from: 2023-01-01"),
        (LAKE, "pack: hankou-walk", "pack: meituan-bike"),
    ],
)
def test_a_version_cannot_come_to_mean_something_else(
    file: str, old: str, new: str, lake: None, edited: Edit
) -> None:
    before = rulebook_in_force().rulebook
    assert refusal(edited(file, old, new)) == "catalogue.version_changed"
    assert rulebook_in_force().rulebook == before


def test_a_title_may_be_corrected(lake: None, edited: Edit) -> None:
    changed = load_catalogue(edited(WALK, "步数", "步行数"), ["lake"])
    assert (changed.new, changed.ended) == ((), ())
    entry = rulebook_in_force().library.packs["hankou-walk"][0].input_entry("steps")
    assert entry.title.zh == "步行数"


def test_a_version_that_states_its_last_day_later_goes_on_until_that_is_activated(
    lake: None, edited: Edit
) -> None:
    old, new = "valid_from: 2019-01-01", "valid_from: 2019-01-01\nvalid_to: 2030-01-01"
    changed = load_catalogue(edited(WALK, old, new), ["lake"])
    assert changed.ended == ("hankou-walk@1",)
    (version,) = rulebook_in_force().rulebook.packs["hankou-walk"]
    assert version.valid_to == FOR_EVER
    number = propose_activation(["hankou-walk@1"], from_day=version.valid_from, by="Ling")
    reached = approve_activation(number, by="Bo")
    (version,) = rulebook_in_force().rulebook.packs["hankou-walk"]
    assert version.valid_to == day_of("2030-01-01")
    assert reached == RulesChange(
        frozenset({"hankou-walk"}), frozenset(), day_of("2030-01-01"), FOR_EVER
    )


def test_a_version_may_not_vanish(lake: None, edited: Edit) -> None:
    assert refusal(edited(WALK, 'version: "1"', 'version: "2"')) == "catalogue.version_missing"


def test_a_pack_may_not_vanish_with_its_folder(
    lake: None, packs_folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(packs_folder, tmp_path / "packs")
    shutil.rmtree((tmp_path / "packs" / WALK).parent)
    lake_file = tmp_path / "packs" / LAKE
    scene = lake_file.read_text(encoding="utf-8")
    start, end = scene.index("      walk:"), scene.index("      bill:")
    lake_file.write_text(scene[:start] + scene[end:], encoding="utf-8")
    assert refusal(load_packs(tmp_path / "packs")) == "catalogue.version_missing"


def test_a_version_may_not_become_a_draft_again(
    library: PackLibrary, packs_folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(packs_folder, tmp_path / "packs")
    extra = tmp_path / "packs" / "methodologies" / "meituan-ebike"
    shutil.copytree(default_folder() / "methodologies" / "meituan-ebike", extra)
    load_catalogue(load_packs(tmp_path / "packs"), ["lake"])
    file = extra / "pack.yaml"
    text = file.read_text(encoding="utf-8").replace("status: published", "status: draft")
    file.write_text(text, encoding="utf-8")
    assert refusal(load_packs(tmp_path / "packs")) == "catalogue.version_missing"


def test_a_programme_keeps_its_time_zone(lake: None, edited: Edit) -> None:
    library = edited(LAKE, "Asia/Shanghai", "Asia/Urumqi")
    assert refusal(library) == "catalogue.zone_changed"


def test_a_programmes_partners_are_known_with_it(lake: None) -> None:
    from tanzhang.apps.partners.api import partner, partner_codes

    assert sorted(partner_codes().values()) == ["bank", "bikes"]
    assert partner("bank").programme_id == rulebook_in_force().programme_ids["lake"]


def test_a_pack_whose_version_moves_to_a_folder_of_its_own_is_compiled_once(
    library: PackLibrary, packs_folder: Path, tmp_path: Path
) -> None:
    load_catalogue(library, ["lake"])
    folder = tmp_path / "packs"
    shutil.copytree(packs_folder, folder)
    home = (folder / WALK).parent
    shutil.move(home, folder / "aside")
    shutil.move(folder / "aside", home / "1")
    moved = load_packs(folder)
    load_catalogue(moved, ["lake"])
    assert rulebook_in_force().rulebook == build_rulebook(moved, ["lake"])
