"""Scenes are connected or planned, and what may be connected."""

from __future__ import annotations

from pathlib import Path

import pytest

from tanzhang.engine.packs.tree import Text

from .folders import Edit, found, loaded, write_folder

SECOND = "    valid_from: 2021-01-01\n    scenes:\n"
PLANNED = "      soon: {title: {zh: 将来, en: soon}, state: planned}\n"


def test_a_planned_scene_needs_neither_pack_nor_partner_and_counts_nothing(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, programme=[(SECOND, SECOND + PLANNED)])
    programme = loaded(folder).programmes["city"]
    scene = programme.scenes["2"]["soon"]
    assert (scene.title, scene.pack, scene.partners) == (Text("将来", "soon"), "", ())
    assert not scene.connected
    assert programme.scenes["2"]["bike"].connected
    assert programme.rules.versions[1].scenes == {"bike": "ride"}


@pytest.mark.parametrize(
    ("planned", "code"),
    [
        (PLANNED.replace("planned", "connected"), "packs.key_missing"),
        (PLANNED.replace("planned", "perhaps"), "packs.value_not_listed"),
        (PLANNED.replace("planned}", "planned, pack: walk}"), "packs.pack_unknown"),
    ],
)
def test_a_scene_with_a_fault_is_found(tmp_path: Path, planned: str, code: str) -> None:
    folder = write_folder(tmp_path, programme=[(SECOND, SECOND + planned)])
    assert code in [fault[0] for fault in found(folder)]


#: The programme's scenes, all of them planned.
BOTH_PLANNED = [
    (start + "      bike: {", start + "      bike: {state: planned, ")
    for start in ("    valid_to: 2021-01-01\n    scenes:\n", SECOND)
]


@pytest.mark.parametrize(
    ("edit", "codes"),
    [
        (("status: published", "status: draft"), {"packs.scene_pack_unpublished"}),
        (("status: published", "status: reviewed"), {"packs.scene_pack_unpublished"}),
        (
            ("review:\n  by: {zh: 某人, en: somebody else}\n  on: 2026-01-01\n", ""),
            {"packs.review_missing", "packs.scene_pack_unreviewed"},
        ),
        (
            ("valid_from: 2020-01-01", "valid_from: 2019-01-01\nvalid_to: 2020-01-01"),
            {"packs.scene_pack_not_in_force"},
        ),
    ],
)
def test_only_a_published_reviewed_methodology_in_force_may_be_connected(
    tmp_path: Path, edit: Edit, codes: set[str]
) -> None:
    assert {
        fault[0] for fault in found(write_folder(tmp_path / "one", edit, programme=()))
    } == codes
    planned = write_folder(tmp_path / "two", edit, programme=BOTH_PLANNED)
    codes = {code for code in codes if not code.startswith("packs.scene")}
    assert {fault[0] for fault in found(planned)} == codes


def test_a_methodology_that_begins_later_may_be_connected(tmp_path: Path) -> None:
    later = ("valid_from: 2020-01-01", "valid_from: 2020-12-31")
    assert found(write_folder(tmp_path, later, programme=())) == []
