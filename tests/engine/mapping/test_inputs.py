"""Inputs, scenes, grades and revisions: what a row measured and what kind of act it is."""

from __future__ import annotations

import pytest

from .samples import codes, mapped, mapping

DISTANCE = """
[inputs.distance_m]
great_circle.from = ["lat1", "lon1"]
great_circle.to = ["lat2", "lon2"]
detour = 1.3
"""
PLACES = {"lat1": "40.7162469", "lon1": "-74.0334588", "lat2": "40.7192517", "lon2": "-74.034234"}


@pytest.mark.parametrize(
    ("name", "unit", "text", "expected"),
    [
        ("distance_m", "km", "1.2345", 1234),
        ("distance_m", "m", "0.5", 0),
        ("energy_wh", "kWh", "7.25", 7250),
        ("amount_fen", "yuan", "19.99", 1999),
        ("amount_fen", "fen", "1999", 1999),
        ("mass_g", "kg", "2.0005", 2000),
        ("time_s", "min", "1.5", 90),
    ],
)
def test_a_number_arrives_in_the_unit_that_its_name_ends_in(
    name: str, unit: str, text: str, expected: int
) -> None:
    rules = mapping(f'[inputs.{name}]\ncolumn = "v"\nunit = "{unit}"\n')
    assert mapped(rules, {"v": text}).report[f"in_{name}"].to_list() == [expected]


def test_a_count_has_no_unit_and_an_empty_cell_is_reported_as_nothing() -> None:
    rules = mapping('[inputs.rides]\ncolumn = "v"\n')
    result = mapped(rules, {"v": "2"}, {"v": None}, {"v": "  "})
    assert result.report["in_rides"].to_list() == [2, None, None]


def test_a_required_value_must_be_there() -> None:
    rules = mapping('[inputs.rides]\ncolumn = "v"\nrequired = true\n')
    assert codes(mapped(rules, {"v": "2"}, {"v": None})) == {2: "missing_value"}


def test_wrong_numbers_are_named() -> None:
    rules = mapping('[inputs.rides]\ncolumn = "v"\n')
    rows = [{"v": text} for text in ("NaN", "-1", "1e30", "1")]
    found = {1: "not_a_number", 2: "negative_number", 3: "number_too_large"}
    assert codes(mapped(rules, *rows)) == found


def test_a_negative_number_passes_where_the_mapping_allows_it() -> None:
    rules = mapping('[inputs.energy_wh]\ncolumn = "v"\nunit = "Wh"\nnegative = true\n')
    assert mapped(rules, {"v": "-5"}).report["in_energy_wh"].to_list() == [-5]


def test_a_distance_is_the_great_circle_times_the_detour_in_whole_metres() -> None:
    assert mapped(mapping(DISTANCE), PLACES).report["in_distance_m"].to_list() == [443]


def test_a_place_that_is_none_is_named_and_an_absent_one_gives_no_distance() -> None:
    changes = [{"lat1": "91"}, {"lon2": "180.5"}, {"lat2": "NaN"}, {"lon1": "1e2"}, {"lat1": None}]
    result = mapped(mapping(DISTANCE), *[PLACES | change for change in changes])
    assert codes(result) == dict.fromkeys((1, 2, 3, 4), "bad_coordinate")
    assert result.report["in_distance_m"].to_list() == [None]


def test_categories_become_their_numbers() -> None:
    rules = mapping('[inputs.mode]\ncolumn = "v"\nvalues = { metro = 0, bus = 1 }\n')
    result = mapped(rules, {"v": "bus"}, {"v": "tram"}, {"v": None})
    assert codes(result) == {2: "unknown_value"}
    assert result.report["in_mode"].to_list() == [1, None]


def test_a_constant_input_is_the_same_for_every_row() -> None:
    assert mapped(mapping("[inputs.rides]\nconstant = 1\n"), {}, {}).report[
        "in_rides"
    ].to_list() == [1, 1]


def test_a_scene_is_looked_up_and_an_unlisted_one_is_named() -> None:
    rules = mapping(scene='column = "kind"\nvalues = { e = "shared-ebike" }')
    result = mapped(rules, {"kind": "e"}, {"kind": "x"}, {"kind": None})
    assert result.report["scene"].to_list() == ["shared-ebike"]
    assert codes(result) == {2: "unknown_scene", 3: "unknown_scene"}


def test_other_stands_for_every_value_that_is_not_listed() -> None:
    rules = mapping(scene='column = "kind"\nvalues = { e = "shared-ebike" }\nother = "shared-bike"')
    scenes = mapped(rules, {"kind": "e"}, {"kind": "x"}, {"kind": None}).report["scene"]
    assert scenes.to_list() == ["shared-ebike", "shared-bike", "shared-bike"]


def test_a_grade_is_looked_up_too() -> None:
    rules = mapping(grade='column = "proof"\nvalues = { dock = 3, "self" = 1 }')
    result = mapped(rules, {"proof": "dock"}, {"proof": "self"}, {"proof": "none"})
    assert result.report["grade"].to_list() == [3, 1]
    assert codes(result) == {3: "unknown_grade"}


def test_revisions_are_counted_from_nought() -> None:
    rules = mapping('[revision]\ncolumn = "v"\n')
    texts = ["0", "2", None, "2147483647", "2147483648", "-1", "1.0", "x"]
    result = mapped(rules, *[{"v": text} for text in texts])
    assert result.report["revision"].to_list() == [0, 2, 0, 2147483647]
    assert codes(result) == dict.fromkeys((5, 6, 7, 8), "bad_revision")
