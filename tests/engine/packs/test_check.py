"""Each thing that can be wrong with a pack is found, with its code and its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tanzhang.engine.packs import FaultyPacks, check, load_packs
from tanzhang.problems import Problem

from .folders import EXAMPLES, PACK, Edit, add_version, edited, found, write, write_folder

LINES = {line.strip(): number for number, line in enumerate(PACK.splitlines(), 1)}


def test_a_good_folder_has_no_fault(tmp_path: Path) -> None:
    assert found(write_folder(tmp_path, programme=())) == []


INPUTS = "  distance_m:\n"
FACTOR = "  per_km:\n"
ONE_LINE_INPUT = (
    "  {name}: {{title: {{zh: 乙, en: b}}, unit: {unit}, minimum: {low}, maximum: {high}}}\n"
)


def another_input(name: str = "b", unit: str = "m", low: str = "0", high: str = "9") -> str:
    """A second input, before the first."""
    return ONE_LINE_INPUT.format(name=name, unit=unit, low=low, high=high) + INPUTS


@pytest.mark.parametrize(
    ("edit", "code", "line"),
    [
        (("formula: distance_m * per_km", "formula: distance * per_km"), "packs.name_unknown", 31),
        (("formula: distance_m * per_km", "formula: distance_m"), "packs.unit_mismatch", 31),
        (("formula: distance_m * per_km", "formula: distance_m **"), "packs.formula_syntax", 31),
        (("unit: g/km", "unit: g/kWh"), "packs.unit_mismatch", 31),
        (("unit: g/km", "unit: g/mile"), "packs.unit_unknown", 24),
        (("value: 48.70", "value: 1e400"), "packs.number_malformed", 24),
        (("    value: 48.70\n", ""), "packs.key_missing", 24),
        (("    unit: m\n", "    unit: km\n"), "packs.unit_not_canonical", 17),
        (("minimum: 0", "minimum: 200000"), "packs.input_range_empty", 17),
        (("    minimum: 0\n", "    minimum: 0\n    optional: true\n"), "packs.input_default", 17),
        (("conflict_class: trip", "conflict_class: journey"), "packs.class_unknown", 33),
        (
            ("conflict_class: trip", "conflict_class: {name: trip, once: month}"),
            "packs.class_contradicted",
            33,
        ),
        (("conflict_class: trip", "conflict_class: bill"), "packs.class_needs_key", 1),
        (("{at_most: 24 h}", "{at_most: 25 h}"), "packs.class_needs_duration", 1),
        (("{at_most: 24 h}", "{at_least: 1 s}"), "packs.class_needs_duration", 1),
        (("{at_most: 24 h}", "{}"), "packs.bound_without_value", 43),
        (("duration: {at_most: 24 h}", "duration: {at_most: 24 km}"), "packs.unit_mismatch", 43),
        (("    amount: 200 g\n", ""), "packs.limit_without_value", 36),
        (("amount: 200 g", "amount: 200 m"), "packs.unit_mismatch", 36),
        (("amount: 200 g", "amount: 0.0005 g"), "packs.number_not_whole", 36),
        (("per: day", "per: fortnight"), "packs.value_not_listed", 38),
        (("per: day", "per: day\n    each: item_key"), "packs.limit_needs_key", 36),
        (("title: {zh: 骑行, en: ride}", "title: {en: ride}"), "packs.language_missing", 4),
        (("title: {zh: 骑行, en: ride}", "titel: {zh: 骑行, en: ride}"), "packs.key_unknown", 4),
        (("valid_from: 2020-01-01", "valid_from: 2020-13-01"), "packs.date_malformed", 10),
        (
            ("valid_from: 2020-01-01", "valid_from: 2020-01-01\nvalid_to: 2020-01-01"),
            "packs.validity_empty",
            11,
        ),
        (("status: published", "status: holy"), "packs.value_not_listed", 3),
        (("id: ride", "id: walk"), "packs.id_differs", 1),
        (("formula: distance_m", "formula: -distance_m"), "packs.formula_never_yields", 31),
        (("region: CN", "region: CN\nzero_by_design: true"), "packs.formula_yields", 32),
        (("{distance_m}，", "{distance}，"), "packs.sentence_name_unknown", 1),
        (("region: CN", "region: [CN]"), "packs.value_not_text", 9),
        (("region: CN", "region: CN\nregion: CN"), "packs.yaml_key", 10),
        (("region: CN", "region: &here CN\nsupersedes: *here"), "packs.yaml_alias", 1),
        (("region: CN", "region: 'CN"), "packs.yaml_syntax", 47),
        ((FACTOR, "  distance_m:\n"), "packs.name_repeated", 24),
        ((FACTOR, "  perKm:\n"), "packs.name_malformed", 24),
        (
            ("review:\n  by: {zh: 某人, en: somebody else}\n  on: 2026-01-01\n", ""),
            "packs.review_missing",
            1,
        ),
        (
            ("region: CN", "region: CN\nsupersedes: '0'"),
            "packs.supersedes_unknown",
            1,
        ),
    ],
)
def test_a_fault_is_found_at_its_line(tmp_path: Path, edit: Edit, code: str, line: int) -> None:
    faults = found(write_folder(tmp_path, edit))
    assert (code, "pack.yaml") in [(fault[0], fault[1]) for fault in faults], faults
    assert line in [fault[2] for fault in faults if fault[0] == code]


def test_a_missing_source_is_a_fault_of_factors_limits_and_examples(tmp_path: Path) -> None:
    folder = write_folder(
        tmp_path,
        (
            "    kind: published\n    source: {zh: 一份报告, en: a report}\n\nformula",
            "    kind: published\n\nformula",
        ),
        (
            "    kind: published\n    source: {zh: 一份报告, en: a report}\n\nbounds",
            "    kind: published\n\nbounds",
        ),
        examples=[(", source: {zh: 无, en: nothing}", "")],
    )
    places = [(file, line) for code, file, line in found(folder) if code == "packs.source_missing"]
    assert places == [("examples.yaml", 4), ("pack.yaml", 24), ("pack.yaml", 35)]


@pytest.mark.parametrize("wrong", [112009, 112011])
def test_an_example_off_by_one_milligram_is_a_fault(tmp_path: Path, wrong: int) -> None:
    folder = write_folder(tmp_path, examples=[("112010", str(wrong))])
    assert found(folder) == [("packs.example_differs", "examples.yaml", 3)]


@pytest.mark.parametrize(
    ("low", "high", "is_fault"),
    [
        ("-1000", "100000", False),
        ("-4000000000000000 km", "4000000000000000 km", False),
        ("0", "5000000000000000 km", True),
        ("-5000000000000000 km", "0", True),
    ],
)
def test_an_input_reaches_no_further_than_what_is_stored(
    tmp_path: Path, low: str, high: str, is_fault: bool
) -> None:
    faults = found(write_folder(tmp_path, (INPUTS, another_input(low=low, high=high))))
    assert (("packs.input_range_empty", "pack.yaml", 17) in faults) is is_fault


def test_a_folder_whose_name_is_no_name_is_a_fault(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, ("id: ride", "id: Ride_On"))
    (folder / "methodologies" / "ride").rename(folder / "methodologies" / "Ride_On")
    assert ("packs.name_malformed", "pack.yaml", 1) in found(folder)


def test_a_page_of_examples_without_any_is_told_by_its_missing_key(tmp_path: Path) -> None:
    folder = write_folder(tmp_path)
    write(folder / "methodologies" / "ride" / "examples.yaml", "notes: {zh: 无, en: none}\n")
    assert "packs.key_missing" in [code for code, _, _ in found(folder)]


def test_two_examples_are_too_few(tmp_path: Path) -> None:
    last = "  - {inputs: {distance_m: 0}, reduction_mg: 0, source: {zh: 无, en: nothing}}\n"
    folder = write_folder(tmp_path, examples=[(last, "")])
    assert [code for code, _, _ in found(folder)] == ["packs.examples_too_few"]


def test_an_example_outside_the_bounds_is_a_fault(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, examples=[("distance_m: 2300", "distance_m: 100001")])
    assert found(folder) == [("packs.input_out_of_range", "examples.yaml", 3)]


def test_a_pack_without_examples_is_a_fault(tmp_path: Path) -> None:
    folder = write_folder(tmp_path)
    (folder / "methodologies" / "ride" / "examples.yaml").unlink()
    assert [code for code, _, _ in found(folder)] == ["packs.file_unreadable"]


def test_five_inputs_are_too_many(tmp_path: Path) -> None:
    extra = "".join(
        ONE_LINE_INPUT.format(name=name, unit="m", low="0", high="9") for name in "abcd"
    )
    folder = write_folder(
        tmp_path,
        (INPUTS, extra + INPUTS),
        examples=[
            (f"distance_m: {value}}}", f"distance_m: {value}, a: 1, b: 1, c: 1, d: 1}}")
            for value in ("1 km", "2300", "0")
        ],
    )
    assert [code for code, _, _ in found(folder)] == ["packs.inputs_too_many"]


def test_dividing_by_an_input_that_can_only_be_zero_is_impossible(tmp_path: Path) -> None:
    folder = write_folder(
        tmp_path,
        (INPUTS, another_input(unit="count", high="0")),
        ("formula: distance_m * per_km", "formula: distance_m * per_km / b"),
    )
    assert "packs.division_by_zero" in [code for code, _, _ in found(folder)]


def test_dividing_by_an_input_inside_a_formula_is_impossible(tmp_path: Path) -> None:
    folder = write_folder(
        tmp_path,
        (INPUTS, another_input(unit="count")),
        ("formula: distance_m * per_km", "formula: max(0, distance_m * per_km / b)"),
    )
    assert ("packs.division_inside", "pack.yaml", 32) in found(folder)


def test_a_factor_that_the_formula_does_not_read_is_a_fault(tmp_path: Path) -> None:
    unread = FACTOR.replace("per_km", "per_m") + (
        "    title: {zh: 甲, en: a}\n    value: 1\n    unit: g/m\n"
        "    kind: assumption\n    source: {zh: 自定, en: ours}\n"
    )
    assert found(write_folder(tmp_path, (FACTOR, unread + FACTOR))) == [
        ("packs.name_unused", "pack.yaml", 24)
    ]


def test_the_last_step_must_be_the_reduction(tmp_path: Path) -> None:
    steps = "formula:\n  saved: {title: {zh: 甲, en: a}, is: distance_m * per_km}"
    faults = found(write_folder(tmp_path, ("formula: distance_m * per_km", steps)))
    assert faults == [("packs.formula_without_reduction", "pack.yaml", 31)]


def test_versions_in_force_on_one_day_are_a_fault(tmp_path: Path) -> None:
    folder = write_folder(tmp_path)
    add_version(folder, ('version: "1"', 'version: "2"'), ("2020-01-01", "2022-01-01"))
    assert [code for code, _, _ in found(folder)] == ["packs.validity_overlaps"]


def ended(folder: Path) -> Path:
    """A folder whose version 1 ends with 2021."""
    return write_folder(
        folder, ("valid_from: 2020-01-01", "valid_from: 2020-01-01\nvalid_to: 2022-01-01")
    )


LATER = (('version: "1"', 'version: "2"'), ("2020-01-01", "2022-01-01"))


def test_a_later_version_may_follow_and_supersede(tmp_path: Path) -> None:
    folder = ended(tmp_path)
    add_version(folder, *LATER, ("region: CN", "region: CN\nsupersedes: '1'"))
    assert found(folder) == []
    library = load_packs(folder)
    assert [edition.version for edition in library.packs["ride"]] == ["1", "2"]


def test_a_later_version_may_not_move_the_inputs(tmp_path: Path) -> None:
    folder = ended(tmp_path)
    home = add_version(folder, *LATER, (INPUTS, another_input()))
    faults = found(folder)
    assert ("packs.inputs_changed", "pack.yaml", 1) in faults
    assert (home / "pack.yaml").is_file()


KINDS = "  kind:\n    title: {zh: 车型, en: kind}\n    values:\n"
PLAIN = "      plain: {zh: 普通, en: plain}\n"
SPEEDY = "      speedy: {zh: 快速, en: speedy}\n"


@pytest.mark.parametrize(
    ("values", "is_fault"),
    [(PLAIN + SPEEDY, False), (PLAIN, False), (SPEEDY + PLAIN, True)],
)
def test_a_later_version_may_add_a_value_behind_the_others_alone(
    tmp_path: Path, values: str, is_fault: bool
) -> None:
    examples = [
        (f"distance_m: {value}}}", f"distance_m: {value}, kind: plain}}")
        for value in ("1 km", "2300", "0")
    ]
    named = ("{distance_m} avoid {reduction}.", "{distance_m} by a {kind} bike: {reduction}.")
    kinds = (INPUTS, KINDS + PLAIN + INPUTS)
    folder = write_folder(
        tmp_path,
        ("valid_from: 2020-01-01", "valid_from: 2020-01-01\nvalid_to: 2022-01-01"),
        kinds,
        named,
        examples=examples,
    )
    home = add_version(folder, *LATER, (INPUTS, KINDS + values + INPUTS), named)
    write(home / "examples.yaml", edited(EXAMPLES, examples))
    assert ("packs.inputs_changed" in [code for code, _, _ in found(folder)]) is is_fault


def test_a_later_version_may_not_change_what_a_limit_counts(tmp_path: Path) -> None:
    folder = ended(tmp_path)
    add_version(folder, *LATER, ("per: day", "per: month"))
    assert [code for code, _, _ in found(folder)] == ["packs.limit_changed"]


def test_the_same_version_twice_is_a_fault(tmp_path: Path) -> None:
    folder = ended(tmp_path)
    add_version(folder, LATER[1])
    assert "packs.version_repeated" in [code for code, _, _ in found(folder)]


def test_all_faults_of_a_run_are_reported(tmp_path: Path) -> None:
    folder = write_folder(
        tmp_path,
        ("region: CN", "regoin: CN"),
        ("    amount: 200 g\n", ""),
        ("title: {zh: 骑行, en: ride}", "title: {zh: 骑行}"),
        examples=[(", source: {zh: 无, en: nothing}", "")],
        vocabulary=[("once: month", "once: noon")],
        factors=[("2022: 0.4}", "2022: many}")],
    )
    assert {code for code, _, _ in found(folder)} == {
        "packs.key_unknown",
        "packs.key_missing",
        "packs.limit_without_value",
        "packs.language_missing",
        "packs.source_missing",
        "packs.value_not_listed",
        "packs.class_shared_without_once",
        "packs.class_without_rule",
        "packs.number_malformed",
    }
    with pytest.raises(FaultyPacks) as caught:
        load_packs(folder)
    assert len(caught.value.faults) == len(found(folder))


def test_every_slip_in_one_formula_file_is_reported_with_the_examples(tmp_path: Path) -> None:
    folder = write_folder(
        tmp_path,
        ("    source: {zh: 一份报告, en: a report}\n\nformula", "\nformula"),
        ("distance_m * per_km", "distance * per_mile"),
    )
    assert [code for code, _, _ in found(folder)] == [
        "packs.source_missing",
        "packs.name_unknown",
        "packs.name_unknown",
    ]


def test_one_pack_can_be_checked_by_itself(tmp_path: Path) -> None:
    folder = write_folder(
        tmp_path, vocabulary=[("title: {zh: 账单, en: bill}", "title: {zh: 账单}")]
    )
    home = folder / "methodologies" / "ride"
    assert check(home) == []
    write(home / "examples.yaml", "examples: []\n")
    assert [fault.code for fault in check(home)] == ["packs.examples_too_few"]
    assert [fault.code for fault in check(home / "pack.yaml")] == ["packs.examples_too_few"]


def test_a_folder_outside_is_checked_against_the_packs_in_use(tmp_path: Path) -> None:
    folder = write_folder(tmp_path)
    home = (folder / "methodologies" / "ride").rename(tmp_path / "ride")
    (folder / "vocabulary.yaml").unlink()
    assert check(home) == []


def test_a_path_that_is_no_pack_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"packs\.folder_missing"):
        check(tmp_path / "nowhere")
    with pytest.raises(Problem, match=r"packs\.folder_missing"):
        load_packs(tmp_path)
    write(tmp_path / "README.md", "a page")
    for path in (tmp_path, tmp_path / "README.md"):
        with pytest.raises(Problem, match=r"packs\.not_a_pack"):
            check(path)


def test_a_page_among_the_packs_is_no_pack(tmp_path: Path) -> None:
    folder = write_folder(tmp_path)
    write(folder / "README.md", "a page")
    with pytest.raises(Problem, match=r"packs\.not_a_pack"):
        check(folder / "README.md")


def test_a_table_can_be_checked_by_itself(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, factors=[("2022: 0.4}", "2022: many}")])
    write(folder / "methodologies" / "ride" / "examples.yaml", "examples: []\n")
    for path in (folder / "factors", folder / "factors" / "grid.yaml"):
        assert [fault.code for fault in check(path)] == ["packs.number_malformed"]
