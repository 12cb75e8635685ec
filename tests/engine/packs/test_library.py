"""A library finds packs by name, version and day, and knows the bytes that made them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tanzhang.engine.packs import default_folder, explain, load_packs
from tanzhang.engine.packs.tree import day_of, read_tree, write_day
from tanzhang.engine.rules import FOR_EVER, Bound, ConflictClass, Kind, Limit, Period, Scope
from tanzhang.problems import Problem

from .folders import EXAMPLES, add_version, loaded, write, write_folder


def two_versions(folder: Path) -> Path:
    """Version 1 until 2022, then version 2."""
    write_folder(folder, ("valid_from: 2020-01-01", "valid_from: 2020-01-01\nvalid_to: 2022-01-01"))
    add_version(folder, ('version: "1"', 'version: "2"'), ("2020-01-01", "2022-01-01"))
    return folder


def test_a_pack_is_found_by_id_version_and_day(tmp_path: Path) -> None:
    library = loaded(two_versions(tmp_path))
    assert library.find("ride").version == "2"
    assert library.find("ride@1").version == "1"
    assert library.find_on("ride", "2021-12-31").version == "1"
    assert library.find_on("ride@2", "2022-01-01").version == "2"
    edition = library.on("ride", day_of("2021-12-31"))
    assert edition is not None
    assert edition.version == "1"
    assert library.on("ride", day_of("2019-12-31")) is None


@pytest.mark.parametrize(
    ("name", "day", "code"),
    [
        ("walk", "2021-01-01", "packs.pack_unknown"),
        ("ride@3", "2021-01-01", "packs.version_unknown"),
        ("ride@2", "2021-12-31", "packs.day_outside_validity"),
        ("ride", "2019-12-31", "packs.day_outside_validity"),
        ("ride", "yesterday", "packs.date_malformed"),
    ],
)
def test_what_is_not_there_is_named(tmp_path: Path, name: str, day: str, code: str) -> None:
    with pytest.raises(Problem) as caught:
        loaded(two_versions(tmp_path)).find_on(name, day)
    assert caught.value.code == code


def test_a_compiled_pack_says_everything_that_settlement_reads(tmp_path: Path) -> None:
    (pack,) = loaded(write_folder(tmp_path)).packs["ride"]
    rules = pack.rules
    assert (rules.pack, rules.version) == ("ride", "1")
    assert (write_day(rules.valid_from), rules.valid_to) == ("2020-01-01", FOR_EVER)
    assert rules.conflict_class == ConflictClass("trip", overlap=True)
    assert rules.limits == (Limit("ride", "daily", Kind.AMOUNT, Scope.ITEM, Period.DAY, 200_000),)
    assert rules.bounds == (Bound("lasts_over_a_day", "duration", "", None, 86400),)
    mg, zero = rules.quantify(
        {"distance_m": np.array([2300, 5], np.int64), "evidence_grade": np.zeros(2, np.int64)}
    )
    assert (mg.tolist(), zero.tolist()) == ([112010, 244], [False, False])
    assert pack.describe_validity() == "2020-01-01 –"


def test_bounds_are_in_canonical_units(tmp_path: Path) -> None:
    bounds = (
        "    duration: {at_most: 24 h}\n"
        "  too_fast:\n    speed: {of: distance_m, at_most: 50.5 km/h}\n"
        "  too_short:\n    input: {of: distance_m, at_least: 0.1 km, at_most: 9 km}\n"
    )
    folder = write_folder(tmp_path, ("    duration: {at_most: 24 h}\n", bounds))
    (pack,) = loaded(folder).packs["ride"]
    assert pack.rules.bounds[1:] == (
        Bound("too_fast", "speed", "distance_m", None, 50_500),
        Bound("too_short", "input", "distance_m", 100, 9_000),
    )


def test_the_digest_changes_with_any_byte_that_made_the_pack(tmp_path: Path) -> None:
    folder = write_folder(tmp_path)
    first = loaded(folder).packs["ride"][0].digest
    assert loaded(folder).packs["ride"][0].digest == first
    write(folder / "methodologies" / "ride" / "examples.yaml", EXAMPLES + "# a remark\n")
    second = loaded(folder).packs["ride"][0].digest
    assert second != first
    grid = folder / "factors" / "grid.yaml"
    write(grid, grid.read_text(encoding="utf-8").replace("0.4", "0.3"))
    assert loaded(folder).packs["ride"][0].digest not in (first, second)


def test_an_explanation_gives_the_amount_and_where_its_factor_comes_from(tmp_path: Path) -> None:
    (pack,) = loaded(write_folder(tmp_path)).packs["ride"]
    answer = explain(pack, {"distance_m": 5, "evidence_grade": 0}, "en").as_json()
    assert (answer["sentence"], answer["reduction_mg"]) == ("5 m avoid 0.244 g.", 244)
    assert answer["steps"] == [
        "distance = 5 m",
        "reduction = distance × per km = 5 m × 48.70 g/km = 0.2435 g",
        "rounded half to even to the milligram = 244 mg",
    ]
    (factor,) = answer["factors"]
    assert {key: factor[key] for key in ("value", "unit", "source", "kind")} == {
        "value": "48.70",
        "unit": "g/km",
        "source": "a report",
        "kind": "published",
    }
    assert answer["limits"] == ["at most 200 g a day"]
    chinese = explain(pack, {"distance_m": 5, "evidence_grade": 0}, "zh")
    assert chinese.sentence == "骑行 5 米，减少 0.244 克。"
    assert chinese.as_json()["factors"][0]["source"] == "一份报告"
    assert chinese.limits == ("每日至多 200 克",)


@pytest.mark.parametrize(
    ("factor", "step"),
    [
        ("0.001", "in milligrams = 5 mg"),
        ("0.00099", "rounded half to even to the milligram = 5 mg"),
    ],
)
def test_rounding_is_told_where_there_is_any(tmp_path: Path, factor: str, step: str) -> None:
    per_metre = ("value: 48.70\n    unit: g/km", f"value: {factor}\n    unit: g/m")
    examples = [
        ("reduction_mg: 48700", f"reduction_mg: {round(1000 * float(factor) * 1000)}"),
        ("reduction_mg: 112010", f"reduction_mg: {round(2300 * float(factor) * 1000)}"),
    ]
    (pack,) = loaded(write_folder(tmp_path, per_metre, examples=examples)).packs["ride"]
    answer = explain(pack, {"distance_m": 5, "evidence_grade": 0}, "en")
    assert answer.as_json()["steps"][-1] == step


def test_what_comes_out_below_zero_is_told_to_count_as_zero(tmp_path: Path) -> None:
    folder = write_folder(
        tmp_path,
        ("distance_m * per_km", "distance_m * per_km - cost"),
        (
            "  per_km:\n",
            "  cost: {title: {zh: 一, en: one}, value: 1, unit: g, kind: assumption,"
            " source: {zh: 自定, en: ours}}\n  per_km:\n",
        ),
        examples=[("48700", "47700"), ("112010", "111010")],
    )
    (pack,) = loaded(folder).packs["ride"]
    columns = {"distance_m": 5, "evidence_grade": 0}
    told = [explain(pack, columns, lang).as_json()["steps"][-1] for lang in ("en", "zh")]
    assert told == ["below zero counts as zero = 0 mg", "低于零按零计 = 0 毫克"]


def test_a_zero_divisor_cannot_be_explained(tmp_path: Path) -> None:
    people = "  people: {title: {zh: 人, en: people}, unit: count, minimum: 0, maximum: 9}\n"
    folder = write_folder(
        tmp_path,
        ("  distance_m:\n    title", people + "  distance_m:\n    title"),
        ("unit: g/km", "unit: g/km"),
        ("distance_m * per_km", "distance_m * per_km * one / people"),
        (
            "  per_km:\n",
            "  one: {title: {zh: 一, en: one}, value: 1, unit: count, kind: assumption,"
            " source: {zh: 自定, en: ours}}\n  per_km:\n",
        ),
        examples=[
            (f"distance_m: {v}}}", f"distance_m: {v}, people: 1}}") for v in ("1 km", "2300", "0")
        ],
    )
    (pack,) = loaded(folder).packs["ride"]
    columns = {"distance_m": 5, "people": 0, "evidence_grade": 0}
    assert pack.milligrams(columns) is None
    with pytest.raises(Problem, match=r"packs\.zero_divisor"):
        explain(pack, columns, "zh")


def test_the_environment_names_the_packs_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TANZHANG_PACKS", str(write_folder(tmp_path)))
    assert list(load_packs().packs) == ["ride"]
    monkeypatch.setenv("TANZHANG_PACKS", str(tmp_path / "nowhere"))
    with pytest.raises(Problem, match=r"packs\.folder_missing"):
        default_folder()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff\xfe", "packs.file_not_utf8"),
        (b"", "packs.file_empty"),
        (b"a: [", "packs.yaml_syntax"),
        (b"a: &x 1\nb: *x\n", "packs.yaml_alias"),
        (b"? [1]\n: 2\n", "packs.yaml_key"),
        (b"a: 1\n" * 300_000, "packs.file_too_large"),
        (b"a: \x01\n", "packs.yaml_syntax"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    file = tmp_path / "x.yaml"
    file.write_bytes(content)
    with pytest.raises(Problem) as caught:
        read_tree(file)
    assert caught.value.code == code


def test_a_folded_chinese_text_gains_no_spaces(tmp_path: Path) -> None:
    summary = "summary:\n  zh: >-\n    第一行，\n    第二行 abc\n    def\n  en: two lines\n"
    folder = write_folder(tmp_path, ("region: CN\n", "region: CN\n" + summary))
    (pack,) = loaded(folder).packs["ride"]
    assert pack.definition.summary is not None
    assert pack.definition.summary.zh == "第一行，第二行 abc def"
