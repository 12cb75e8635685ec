"""What changes between two editions of a pack, in sentences; nothing that matters is lost."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from tanzhang.engine.packs import CompiledPack
from tanzhang.engine.packs.definition import PackDefinition
from tanzhang.engine.packs.pack_changes import edition_changes, pack_changes
from tanzhang.engine.packs.tree import day_of

from .folders import Edit, edited, loaded, write, write_folder

FIRST = day_of("2027-01-01")


def edition(folder: Path, *edits: Edit) -> CompiledPack:
    return loaded(write_folder(folder, *edits)).packs["ride"][-1]


def told(tmp_path: Path, *edits: Edit, lang: str = "en") -> list[str]:
    """The sentences between the good pack and the edited one, after the first."""
    old, new = edition(tmp_path / "old"), edition(tmp_path / "new", *edits)
    head, *rest = pack_changes(old, new, FIRST)
    assert head.text("en") == "It follows version 1 from 2027-01-01 on."
    return [found.text(lang) for found in rest]


BIKE_MINUTES = (
    "per_km:\n    title: {zh: 每公里, en: per km}",
    "per_mile:\n    title: {zh: 每英里, en: per mile}",
)


@pytest.mark.parametrize(
    ("edit", "en", "zh"),
    [
        (
            ("limits:\n  daily:\n    amount: 200 g", "limits:\n  daily:\n    amount: 150 g"),
            "The limit “daily” changes from at most 200 g a day to at most 150 g a day.",
            "限额“daily”由每日至多 200 克改为每日至多 150 克。",
        ),
        (
            ("    duration: {at_most: 24 h}", "    duration: {at_most: 3 h}"),
            "The bound “lasts_over_a_day” changes from duration at most 24 h to "
            "duration at most 3 h.",
            "合理范围“lasts_over_a_day”由时长至多 24 小时改为时长至多 3 小时。",
        ),
        (
            ("    maximum: 100000", "    maximum: 50000"),
            "The input “distance” may now be 0 m to 50 km, before 0 m to 100 km.",
            "输入项“里程”的取值由 0 米 至 100 公里 改为 0 米 至 50 公里。",
        ),
        (
            (
                "    kind: published\n    source: {zh: 一份报告, en: a report}\n\nformula",
                "    kind: secondary\n    source: {zh: 一篇论文, en: a paper}\n\nformula",
            ),
            "The factor “per km” keeps its value; its source changes from published to from a "
            "secondary source: a paper.",
            "因子“每公里”数值不变；来源由公布改为二手来源：一篇论文。",
        ),
        (
            ("formula: distance_m * per_km", "formula: per_km * distance_m"),
            "The formula of “reduction” changes from “distance × per km” to “per km × distance”.",
            "“减排量”的公式由“里程 × 每公里”改为“每公里 × 里程”。",
        ),
        (
            ("valid_from: 2020-01-01", "valid_from: 2020-01-01\nvalid_to: 2030-01-01"),
            "The end (exclusive) changes from none to 2030-01-01.",
            "止日（不含）由 无 改为 2030-01-01。",
        ),
        (
            ("conflict_class: trip\n", ""),
            "When two acts are one is decided by the class none, before by trip.",
            "判断两次行为是否为同一次的冲突类由 trip 改为 无。",
        ),
    ],
)
def test_a_change_is_a_sentence(tmp_path: Path, edit: Edit, en: str, zh: str) -> None:
    assert told(tmp_path, edit) == [en]
    assert told(tmp_path, edit, lang="zh") == [zh]


def test_a_factor_is_told_with_both_numbers_and_its_mark(tmp_path: Path) -> None:
    old = edition(tmp_path / "old")
    folder = write_folder(tmp_path / "new", ("value: 48.70", "value: 50"))
    write(folder / "methodologies" / "ride" / "examples.yaml", edited(EXAMPLES_AT_50, []))
    new = loaded(folder).packs["ride"][0]
    _, *found = pack_changes(old, new, FIRST)
    assert [one.text("en") for one in found] == [
        "The factor “per km” changes from 48.70 g/km to 50 g/km (published)."
    ]
    assert [one.text("zh") for one in found] == [
        "因子“每公里”由 48.70 克/公里 改为 50 克/公里（公布）。"
    ]


EXAMPLES_AT_50 = """\
examples:
  - {inputs: {distance_m: 1 km}, reduction_mg: 50000, source: {zh: 该报告, en: the report}}
  - {inputs: {distance_m: 2 km}, reduction_mg: 100000, source: {zh: 该报告, en: the report}}
  - {inputs: {distance_m: 0}, reduction_mg: 0, source: {zh: 无, en: nothing}}
"""


def test_what_comes_and_what_goes_is_named(tmp_path: Path) -> None:
    limit = (
        "limits:\n  daily:\n    amount: 200 g\n    per: day",
        "limits:\n  monthly:\n    count: 20\n    per: month",
    )
    assert told(tmp_path, limit) == [
        "The limit “monthly” is added: at most 20 acts a month.",
        "The limit “daily” (at most 200 g a day) is dropped.",
    ]
    factor = [
        BIKE_MINUTES,
        ("formula: distance_m * per_km", "formula: distance_m * per_mile"),
    ]
    assert told(tmp_path / "more", *factor) == [
        "The factor “per mile” is added: 48.70 g/km (published).",
        "The factor “per km” (48.70 g/km) is dropped.",
        "The formula of “reduction” changes from “distance × per km” to “distance × per mile”.",
    ]


@pytest.mark.parametrize(
    ("edit", "names"),
    [
        (("issuer: {zh: 发布者, en: issuer}", "issuer: {zh: 甲, en: issuer}"), "issuer"),
        (("{distance_m} avoid {reduction}.", "It avoids {reduction}."), "explanation"),
        (("zh: 里程, en: distance}", "zh: 里程, en: way}"), "titles of inputs and factors"),
    ],
)
def test_texts_alone_are_said_to_be_texts(tmp_path: Path, edit: Edit, names: str) -> None:
    assert told(tmp_path, edit) == [
        "Only texts change; no act comes out differently.",
        f"These texts change: {names}.",
    ]


def test_a_title_and_a_review_are_told_as_such(tmp_path: Path) -> None:
    title = ("title: {zh: 骑行, en: ride}", "title: {zh: 骑车, en: bike ride}")
    review = ("by: {zh: 某人, en: somebody else}", "by: {zh: 专家组, en: a panel}")
    assert told(tmp_path, title, review)[1:] == [
        "The title changes from “ride” to “bike ride”.",
        "The review is now by a panel.",
    ]


def test_a_first_version_is_told_whole(tmp_path: Path) -> None:
    found = [one.text("en") for one in pack_changes(None, edition(tmp_path), FIRST)]
    assert found == [
        "No version of this methodology is in force yet.",
        "It applies to acts from 2027-01-01 on; end (exclusive): none.",
        "The factor “per km” is added: 48.70 g/km (published).",
        "The step “reduction” is added: “distance × per km”.",
        "The input “distance” is added: 0 m to 100 km.",
        "The limit “daily” is added: at most 200 g a day.",
        "The bound “lasts_over_a_day” is added: duration at most 24 h.",
        "When two acts are one is decided by the class trip.",
    ]


def test_a_later_edition_of_a_version_brings_its_factors(tmp_path: Path) -> None:
    yearly = (
        "    value: 48.70\n    unit: g/km\n    kind: published\n"
        "    source: {zh: 一份报告, en: a report}\n",
        "    from: grid\n    row: here\n    after_valid_until: lowest\n",
    )
    metres = ("    unit: m\n", "    unit: Wh\n")
    folder = write_folder(tmp_path, yearly, metres, ("2020-01-01", "2021-01-01"))
    write(folder / "methodologies" / "ride" / "examples.yaml", BY_YEAR)
    first, second, *_ = loaded(folder).packs["ride"]
    assert [one.text("en") for one in edition_changes(first, second)] == [
        "From 2022-01-01 on: The factor “per km” changes from 0.5 kg/kWh to 0.4 kg/kWh (published)."
    ]


BY_YEAR = """\
examples:
  - {inputs: {distance_m: 1 kWh}, on: 2021-06-01, reduction_mg: 500000, source: {zh: 表, en: table}}
  - {inputs: {distance_m: 1 kWh}, on: 2022-06-01, reduction_mg: 400000, source: {zh: 表, en: table}}
  - {inputs: {distance_m: 0}, on: 2022-06-01, reduction_mg: 0, source: {zh: 无, en: nothing}}
"""

#: What a definition says that no sentence of a preview tells, and why not.
UNTOLD = {
    "id": "the same on both sides",
    "version": "told by the head",
    "valid_from": "told by the head",
    "status": "only what is published can be proposed",
    "supersedes": "told by the head",
    "standard": "told on the pack's page",
    "stage": "told on the pack's page",
    "region": "told on the pack's page",
    "item_key": "a title; the class decides",
    "crediting": "a text that settles nothing",
    "durable_months": "a text that settles nothing",
    "examples": "proof, not rule",
    "place": "where the file is",
}


def test_every_part_of_a_definition_is_told_or_left_out_on_purpose() -> None:
    source = Path(pack_changes.__code__.co_filename).read_text(encoding="utf-8")
    parts = {field.name for field in fields(PackDefinition)}
    told_of = {name for name in parts if f"definition.{name}" in source or f"new.{name}" in source}
    assert parts - told_of - set(UNTOLD) == {"factors"}  # read from the compiled lines
