"""Factors: tables by category, by evidence grade and by year, and what happens when they expire."""

from __future__ import annotations

from pathlib import Path

import pytest

from tanzhang.engine.packs import CompiledPack, columns_of, edition_of, explain
from tanzhang.engine.packs.definition import Mark
from tanzhang.engine.packs.tree import Text, day_of
from tanzhang.problems import Problem

from .folders import Edit, found, loaded, write_folder

SOURCE = "    source: {zh: 一份报告, en: a report}\n"
VALUE = "    value: 48.70\n    unit: g/km\n    kind: published\n" + SOURCE
ENERGY = ("    unit: m\n", "    unit: Wh\n")


def by_year(after: str) -> tuple[Edit, ...]:
    """The pack with the yearly grid factor, from 2021."""
    return (
        (VALUE, f"    from: grid\n    row: here\n{after}"),
        ENERGY,
        ("valid_from: 2020-01-01", "valid_from: 2021-01-01"),
    )


ON_2021 = [
    (old, f"on: 2021-06-01, {new}")
    for old, new in (
        (
            "inputs: {distance_m: 1 km}, reduction_mg: 48700",
            "inputs: {distance_m: 1 kWh}, reduction_mg: 500000",
        ),
        (
            "inputs: {distance_m: 2300}, reduction_mg: 112010",
            "inputs: {distance_m: 2300}, reduction_mg: 1150000",
        ),
        ("inputs: {distance_m: 0}", "inputs: {distance_m: 0}"),
    )
]


def editions(folder: Path) -> tuple[CompiledPack, ...]:
    """The pack's editions."""
    return loaded(folder).packs["ride"]


@pytest.mark.parametrize(
    ("rule", "after_2022"), [("keep", 400), ("lowest", 400), ("highest", 500), ("zero", 0)]
)
def test_a_yearly_factor_opens_an_edition_each_year_and_ends_by_the_stated_rule(
    tmp_path: Path, rule: str, after_2022: int
) -> None:
    folder = write_folder(tmp_path, *by_year(f"    after_valid_until: {rule}\n"), examples=ON_2021)
    own = editions(folder)
    assert [edition.version for edition in own] == ["1+2021", "1+2022", "1+2023"]
    days = {edition.rules.valid_from: edition.rules.valid_to for edition in own}
    assert list(days) == [day_of(f"{year}-01-01") for year in (2021, 2022, 2023)]
    assert [e.milligrams({"distance_m": 1}) for e in own] == [500, 400, after_2022]
    assert own[2].factors[0].as_json("en")["label"] == f"past 2022: {rule}"
    assert own[2].factors[0].dated.en.startswith("past 2022: ")
    assert own[1].factors[0].dated == Text("2022", "2022")


def test_a_pack_that_ends_needs_no_rule_for_what_comes_after(tmp_path: Path) -> None:
    edits = (*by_year("")[:2], ("valid_from: 2020-01-01", "valid_from: 2021-01-01"))
    ended = (edits[2][0], edits[2][1] + "\nvalid_to: 2022-01-01")
    folder = write_folder(tmp_path, *edits[:2], ended, examples=ON_2021)
    (only,) = editions(folder)
    assert (only.version, only.describe_validity()) == ("1", "2021-01-01 – 2021-12-31")


def test_the_lowest_value_is_taken_over_all_years(tmp_path: Path) -> None:
    folder = write_folder(
        tmp_path,
        *by_year("    after_valid_until: lowest\n"),
        examples=ON_2021,
        factors=[("2022: 0.4}", "2022: 0.6}")],
    )
    assert [e.milligrams({"distance_m": 1}) for e in editions(folder)] == [500, 600, 500]


def test_a_row_may_come_from_elsewhere_than_its_year(tmp_path: Path) -> None:
    folder = write_folder(
        tmp_path,
        *by_year("    after_valid_until: keep\n"),
        examples=ON_2021,
        factors=[
            ("2022: 0.4}", "2022: 0.4, mark: {kind: assumption, source: {zh: 听说, en: hearsay}}}")
        ],
    )
    marks = {edition.factors[0].mark for edition in editions(folder)}
    assert marks == {Mark("assumption", Text("听说", "hearsay"), "")}


def test_without_a_conservative_rule_an_expiring_factor_is_a_fault(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, *by_year(""), examples=ON_2021)
    assert ("packs.conservative_rule_missing", "pack.yaml") in [f[:2] for f in found(folder)]


def test_a_pack_that_begins_before_its_factor_is_a_fault(tmp_path: Path) -> None:
    edits = by_year("    after_valid_until: keep\n")[:2]
    folder = write_folder(tmp_path, *edits, examples=ON_2021)
    assert "packs.factor_starts_late" in [code for code, _, _ in found(folder)]


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (("from: grid", "from: water"), "packs.factor_table_unknown"),
        (("row: here", "row: there"), "packs.factor_row_unknown"),
    ],
)
def test_an_unknown_table_or_row_is_a_fault(tmp_path: Path, edit: Edit, code: str) -> None:
    changed, *rest = by_year("    after_valid_until: keep\n")
    folder = write_folder(tmp_path, (changed[0], changed[1].replace(*edit)), *rest)
    assert code in [fault[0] for fault in found(folder)]


def test_a_single_factor_expires_too(tmp_path: Path) -> None:
    expiring = VALUE + "    valid_until: 2021-06-30\n    after_valid_until: zero\n"
    on = [
        ("inputs: {distance_m: 1 km}", "on: 2020-01-01, inputs: {distance_m: 1 km}"),
        ("inputs: {distance_m: 2300}", "on: 2021-06-30, inputs: {distance_m: 2300}"),
        ("inputs: {distance_m: 0}", "on: 2021-07-01, inputs: {distance_m: 9 km}"),
    ]
    folder = write_folder(tmp_path, (VALUE, expiring), examples=on)
    before, after = editions(folder)
    assert [before.version, after.version] == ["1+2020", "1+2021-07-01"]
    assert before.factors[0].dated == Text("", "")
    assert after.factors[0].dated == Text(
        "2021-06-30 之后：按零计", "past 2021-06-30: counts as zero"
    )


def test_an_example_of_several_editions_must_name_its_day(tmp_path: Path) -> None:
    expiring = VALUE + "    valid_until: 2021-06-30\n    after_valid_until: zero\n"
    folder = write_folder(tmp_path, (VALUE, expiring))
    assert [code for code, _, _ in found(folder)] == ["packs.example_without_day"] * 3


def test_a_day_outside_the_validity_has_no_edition(tmp_path: Path) -> None:
    own = editions(write_folder(tmp_path))
    assert edition_of(own, day_of("2020-01-01")) is own[0]
    with pytest.raises(Problem, match=r"packs\.day_outside_validity"):
        edition_of(own, day_of("2019-12-31"))


MODES = (
    "  mode:\n    title: {zh: 方式, en: mode}\n"
    "    values: {fast: {zh: 快, en: fast}, slow: {zh: 慢, en: slow}}\n"
)
BY_MODE = (
    "    by: mode\n    values: {slow: 10, fast: 20}\n    unit: g/km\n    kind: published\n"
    "    source: {zh: 一份报告, en: a report}\n"
)


def categorical(
    values: str = "{slow: 10, fast: 20}", formula: str = "per_km[mode]"
) -> tuple[Edit, ...]:
    """The pack with a factor for each mode."""
    return (
        ("  distance_m:\n    title", MODES + "  distance_m:\n    title"),
        (VALUE, BY_MODE.replace("{slow: 10, fast: 20}", values)),
        ("distance_m * per_km", f"distance_m * {formula}"),
    )


WITH_MODE = [
    (
        "{distance_m: 1 km}, reduction_mg: 48700",
        "{distance_m: 1 km, mode: slow}, reduction_mg: 10000",
    ),
    (
        "{distance_m: 2300}, reduction_mg: 112010",
        "{distance_m: 2300, mode: fast}, reduction_mg: 46000",
    ),
    ("{distance_m: 0}", "{distance_m: 0, mode: fast}"),
]


def test_rows_follow_the_order_of_the_inputs_values_and_not_of_the_table(tmp_path: Path) -> None:
    (pack,) = editions(write_folder(tmp_path, *categorical(), examples=WITH_MODE))
    assert pack.rules.inputs[0].values == ("fast", "slow")
    assert [pack.milligrams({"mode": m, "distance_m": 1000}) for m in (0, 1)] == [20000, 10000]
    explained = explain(pack, columns_of(pack, {"mode": "slow", "distance_m": "1km"}), "en")
    assert [(line.row, line.value) for line in explained.factors] == [("slow", "10")]


@pytest.mark.parametrize(
    ("edits", "code"),
    [
        (categorical("{slow: 10}"), "packs.factor_rows_differ"),
        (categorical("{slow: 10, fast: 20, late: 1}"), "packs.factor_rows_differ"),
        (categorical(formula="per_km"), "packs.formula_table_without_key"),
        (categorical()[1:], "packs.factor_by_unknown"),
    ],
)
def test_a_table_must_fit_its_input(tmp_path: Path, edits: tuple[Edit, ...], code: str) -> None:
    folder = write_folder(tmp_path, *edits, examples=WITH_MODE)
    assert code in [fault[0] for fault in found(folder)]


def graded(values: str) -> tuple[Edit, ...]:
    """The pack with a share for weak evidence: half below grade 2."""
    share = (
        "  share:\n    title: {zh: 比例, en: share}\n    unit: '1'\n    by: evidence_grade\n"
        f"    values: {values}\n    kind: assumption\n"
        "    source: {zh: 自定, en: ours}\n"
    )
    return (
        ("  per_km:\n", share + "  per_km:\n"),
        ("distance_m * per_km", "distance_m * per_km * share[evidence_grade]"),
    )


WITH_GRADE = [
    (
        "{distance_m: 1 km}, reduction_mg: 48700",
        "{distance_m: 1 km, evidence_grade: 1}, reduction_mg: 24350",
    ),
    ("{distance_m: 2300}", "{distance_m: 2300, evidence_grade: 2}"),
    ("{distance_m: 0}", "{distance_m: 0, evidence_grade: 9}"),
]


def test_weak_evidence_earns_its_share_before_the_rounding(tmp_path: Path) -> None:
    (pack,) = editions(write_folder(tmp_path, *graded("{0: 0.5, 2: 1}"), examples=WITH_GRADE))
    mg = [pack.milligrams({"distance_m": 5, "evidence_grade": grade}) for grade in (0, 1, 2, 3)]
    assert mg == [122, 122, 244, 244]  # 243.5 · ½ = 121.75, never half of 244
    with pytest.raises(Problem, match=r"packs\.input_missing"):
        columns_of(pack, {"distance_m": "5"})


@pytest.mark.parametrize("values", ["{1: 0.5, 2: 1}", "{0: 0.5, high: 1}", "{0: 0.5, 1.5: 1}"])
def test_grades_are_whole_and_begin_with_zero(tmp_path: Path, values: str) -> None:
    folder = write_folder(tmp_path, *graded(values), examples=WITH_GRADE)
    assert {"packs.grades_malformed", "packs.number_malformed"} & {f[0] for f in found(folder)}
