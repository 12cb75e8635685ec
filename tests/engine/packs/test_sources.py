"""A figure's source stands in both languages; a calculation reads the same in each."""

from __future__ import annotations

from pathlib import Path

import pytest

from tanzhang.engine.packs.library import check
from tanzhang.engine.packs.sources import is_calculation

from .folders import found, loaded, write_folder

WRITTEN = "    source: {zh: 一份报告, en: a report}\n\nformula"
LINE = 29


def sourced(folder: Path, written: str) -> Path:
    """A good packs folder whose factor has this source."""
    return write_folder(folder, (WRITTEN, f"    source:{written}\n\nformula"))


def test_a_source_is_read_in_both_languages(tmp_path: Path) -> None:
    (pack,) = loaded(sourced(tmp_path, "\n      zh: 甲\n      en: >-\n        a\n        b")).packs[
        "ride"
    ]
    (line,) = pack.factors
    assert (line.mark.source.zh, line.mark.source.en) == ("甲", "a b")
    assert line.as_json("zh")["source"] == "甲"
    assert line.as_json("en")["source"] == "a b"


@pytest.mark.parametrize(
    ("written", "language"),
    [
        (" 一份报告", "en"),
        (" a report", "zh"),
        (" 一份报告 a report", "en"),
        (" 9 g 一次", "en"),
        (" {zh: 一份报告}", "en"),
        (" {en: a report}", "zh"),
        (' {zh: 一份报告, en: ""}', "en"),
    ],
)
def test_a_missing_language_is_named_at_its_line(
    tmp_path: Path, written: str, language: str
) -> None:
    (fault,) = check(sourced(tmp_path, written))
    assert (fault.code, fault.line) == ("packs.language_missing", LINE)
    assert f"“source” is missing in: {language}." in fault.text("en")
    assert "Write both, as zh and en." in fault.text("en")


@pytest.mark.parametrize("written", ["", ' ""', " {}"])
def test_an_empty_source_is_a_missing_one(tmp_path: Path, written: str) -> None:
    assert found(sourced(tmp_path, written)) == [("packs.source_missing", "pack.yaml", LINE)]


def test_a_third_language_is_not_known(tmp_path: Path) -> None:
    faults = found(sourced(tmp_path, " {zh: 甲, en: a, fr: le}"))
    assert faults == [("packs.key_unknown", "pack.yaml", LINE)]


@pytest.mark.parametrize(
    "text", ["4 × 37 g = 148 g", "10 km × (106 − 54) g/pkm = 520 g", "1,650 − 850 = 800 g"]
)
def test_a_calculation_is_written_once(tmp_path: Path, text: str) -> None:
    assert is_calculation(text)
    (pack,) = loaded(sourced(tmp_path, f' "{text}"')).packs["ride"]
    assert pack.factors[0].mark.source.zh == pack.factors[0].mark.source.en == text


@pytest.mark.parametrize("text", ["4 cartons × 37 g", "4 × 37 克", "GB/T 51366-2019"])
def test_words_are_no_calculation(text: str) -> None:
    assert not is_calculation(text)
