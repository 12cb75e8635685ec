"""Kinds of accounts in a programme's file, and in which unit each counts its points."""

from __future__ import annotations

from pathlib import Path

import pytest

from tanzhang.engine.packs.accounts import ACCOUNT_KINDS, PERSONS_ALONE
from tanzhang.engine.packs.tree import Text

from .folders import found, loaded, write_folder

SECTION = """accounts:
  person: {title: {zh: 个人, en: person}, points: {zh: 绿币, en: green coins}}
  household: {title: {zh: 家庭, en: household}, points_of: person}
  unit: {title: {zh: 公共机构, en: public institution}, points: {zh: 蓝币, en: blue coins}}
partners:
"""


def test_the_kinds_have_the_numbers_that_are_stored() -> None:
    assert [*enumerate(ACCOUNT_KINDS)] == [
        (0, "person"),
        (1, "household"),
        (2, "unit"),
        (3, "small_enterprise"),
        (4, "enterprise"),
        (5, "team"),
        (6, "community"),
    ]


def test_a_programme_that_says_nothing_is_for_persons(tmp_path: Path) -> None:
    programme = loaded(write_folder(tmp_path, programme=())).programmes["city"]
    assert programme.accounts == PERSONS_ALONE
    assert PERSONS_ALONE["person"].unit == 2


def test_each_kind_counts_in_its_own_points_or_in_anothers(tmp_path: Path) -> None:
    edits = [("partners:\n", SECTION)]
    accounts = loaded(write_folder(tmp_path, programme=edits)).programmes["city"].accounts
    assert {kind: (entry.points, entry.unit) for kind, entry in accounts.items()} == {
        "person": (Text("绿币", "green coins"), 2),
        "unit": (Text("蓝币", "blue coins"), 4),
        "household": (Text("绿币", "green coins"), 2),
    }
    assert accounts["unit"].title["zh"] == "公共机构"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("  unit:", "  units:", "packs.account_kind_unknown"),
        ("points_of: person", "points_of: team", "packs.account_points_unnamed"),
        ("points_of: person", "points_of: household", "packs.account_points_unnamed"),
        (", points_of: person", "", "packs.account_points_unclear"),
        ("points_of: person", "points_of: person, points: {zh: 币, en: c}",
         "packs.account_points_unclear"),
        ("points_of: person", "points_off: person", "packs.key_unknown"),
        ("{zh: 家庭, en: household}", "{zh: 家庭}", "packs.language_missing"),
    ],
)  # fmt: skip
def test_a_fault_is_found_in_its_line(tmp_path: Path, old: str, new: str, code: str) -> None:
    edits = [("partners:\n", SECTION.replace(old, new))]
    faults = found(write_folder(tmp_path, programme=edits))
    lines = (tmp_path / "programmes" / "city" / "programme.yaml").read_text().splitlines()
    section = range(lines.index("accounts:") + 1, lines.index("partners:") + 1)
    assert [fault for fault in faults if fault[0] == code and fault[2] in section], faults
