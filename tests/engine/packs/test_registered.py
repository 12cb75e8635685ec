"""Methodologies that are known by title only: complete entries, and never a pack as well."""

from __future__ import annotations

from pathlib import Path

import pytest

from .folders import found, loaded, write, write_folder

ENTRY = """\
sources:
  newspaper: {zh: 报纸, en: a newspaper}
registered:
  waiting:
    title: {zh: 甲, en: a}
    issuer: {zh: 乙, en: b}
    document_number: T/1-2024
    kind_of_standard: group
    region: CN
    missing: {zh: 缺少数值。, en: The figures are missing.}
    source: newspaper
    stand_ins: [ride]
"""


def folder_with(folder: Path, text: str) -> Path:
    """A good packs folder and a list of titles."""
    write_folder(folder)
    write(folder / "registered.yaml", text)
    return folder


def test_an_entry_is_read_and_told_to_scripts(tmp_path: Path) -> None:
    entry = loaded(folder_with(tmp_path, ENTRY)).registered["waiting"]
    assert entry.as_json() == {
        "id": "waiting",
        "title": {"zh": "甲", "en": "a"},
        "issuer": {"zh": "乙", "en": "b"},
        "document_number": "T/1-2024",
        "issued": "",
        "kind_of_standard": "group",
        "region": "CN",
        "missing": {"zh": "缺少数值。", "en": "The figures are missing."},
        "source": {"zh": "报纸", "en": "a newspaper"},
        "stand_ins": ["ride"],
    }


def test_a_folder_needs_no_list_of_titles(tmp_path: Path) -> None:
    assert loaded(write_folder(tmp_path)).registered == {}


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("  waiting:\n", "  ride:\n", "packs.registered_is_pack", 4),
        ("  waiting:\n", "  Waiting:\n", "packs.name_malformed", 4),
        ("[ride]", "[walk]", "packs.pack_unknown", 12),
        (", en: The figures are missing.}", "}", "packs.language_missing", 10),
        ("    source: newspaper\n", "", "packs.key_missing", 4),
        ("    source: newspaper\n", "    source: rumour\n", "packs.value_not_listed", 11),
        (", en: a newspaper}", "}", "packs.language_missing", 2),
        ("sources:\n  newspaper: {zh: 报纸, en: a newspaper}\n", "", "packs.key_missing", 1),
        ("    region: CN\n", "    regoin: CN\n", "packs.key_unknown", 9),
        ("group", "rumour", "packs.value_not_listed", 8),
    ],
)
def test_a_fault_of_an_entry_is_found_at_its_line(
    tmp_path: Path, old: str, new: str, code: str, line: int
) -> None:
    assert old in ENTRY
    faults = found(folder_with(tmp_path, ENTRY.replace(old, new)))
    assert (code, "registered.yaml", line) in faults
