"""Joining as described systems have it: eight programme files, and no line of code for them."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tanzhang.engine.packs import PackLibrary, default_folder, load_packs
from tanzhang.engine.packs.joining.section import Joining, rules_in
from tanzhang.engine.packs.joining.words import CLAIMS, DOORS, ENTRIES, FIELDS, PAGES as PAGES_SHOWN
from tanzhang.engine.packs.programmes import add_programme

PAGES = Path(__file__).parents[2] / "docs" / "reference"
BLOCK = re.compile(r"```yaml\n(.*?)```", re.DOTALL)
FILES = sorted((Path(__file__).parent / "joining").glob("*.yaml"))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> PackLibrary:
    """All of these programmes, each over the walking pack."""
    folder = tmp_path_factory.mktemp("joining") / "packs"
    whole = default_folder()
    walk = "methodologies/hankou-walk"
    shutil.copytree(whole / walk, folder / walk)
    shutil.copy(whole / "vocabulary.yaml", folder)
    for file in FILES:
        home = folder / "programmes" / file.stem
        home.mkdir(parents=True)
        shutil.copy(file, home / "programme.yaml")
    return load_packs(folder)


def joining(library: PackLibrary, name: str) -> Joining:
    return library.programmes[name].joining


def test_every_file_compiles(library: PackLibrary) -> None:
    assert len(FILES) >= 6
    assert set(library.programmes) == {file.stem for file in FILES}


@pytest.mark.parametrize(
    ("name", "doors", "rules"),
    [
        ("wuhan", ("phone", "host"), ("anybody", "cardholder")),
        ("two-cards", ("host",), ("card",)),
        ("staff", ("phone", "host"), ("on-the-roster",)),
        ("car-owners", ("host",), ("owner",)),
        ("freight", ("host",), ("driver", "on-platform")),
        ("public-units", ("phone",), ("anybody",)),
        ("beta", ("host",), ("cardholder",)),
        ("first-come", ("phone",), ()),
    ],
)
def test_each_says_by_which_door_and_rule(
    library: PackLibrary, name: str, doors: tuple[str, ...], rules: tuple[str, ...]
) -> None:
    found = joining(library, name)
    assert (found.doors, rules_in(found.who)) == (doors, rules)


def test_the_kind_of_account_is_chosen_where_units_take_part(library: PackLibrary) -> None:
    assert joining(library, "public-units").form.kinds == ("person", "unit")
    assert library.programmes["public-units"].accounts["unit"].points.zh == "蓝币"


def test_the_demonstration_is_for_cardholders_and_can_be_tried_by_invitation() -> None:
    found = load_packs().programmes["citic"].joining
    assert rules_in(found.who) == ("cardholder",)
    assert found.rules["cardholder"].partners == ("bank",)
    assert found.cohorts["beta"].people_list == "beta-testers"


@pytest.mark.parametrize("page", ["programme-format.md", "programme-format.zh-CN.md"])
def test_the_section_of_the_reference_page_compiles(tmp_path: Path, page: str) -> None:
    text = (PAGES / page).read_text(encoding="utf-8")
    (section,) = (block for block in BLOCK.findall(text) if block.startswith("joining:"))
    whole = next(block for block in BLOCK.findall(text) if block.startswith("id: lake"))
    file = tmp_path / "lake.yaml"
    file.write_text(whole.replace("versions:\n", section + "versions:\n", 1), encoding="utf-8")
    found = add_programme(load_packs().packs, file).joining
    assert rules_in(found.who) == ("cardholder", "staff", "anybody")
    assert [*found.features] == ["riding", "carrying"]


@pytest.mark.parametrize("page", ["programme-format.md", "programme-format.zh-CN.md"])
def test_the_reference_page_names_every_word_of_a_section(page: str) -> None:
    text = (PAGES / page).read_text(encoding="utf-8")
    for word in (*DOORS, *CLAIMS, *FIELDS, *PAGES_SHOWN, *ENTRIES):
        assert f"`{word}`" in text, word
