"""Inputs as people write them become columns; window inputs are reduced by their gap rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from tanzhang.engine.packs import CompiledPack, columns_of
from tanzhang.engine.rules import LookBack
from tanzhang.problems import Problem

from .folders import Edit, found, loaded, write_folder


def windowed(take: str, gaps: str, days: int = 3) -> tuple[Edit, ...]:
    """The pack with a look-back over its distance."""
    window = (
        "windows:\n  before:\n    title: {zh: 之前, en: before}\n    of: distance_m\n"
        f"    days: {days}\n    take: {take}\n    gaps: {gaps}\n\nfactors:"
    )
    return (("factors:", window), ("distance_m * per_km", "max(0, before - distance_m) * per_km"))


ZEROES = [
    (
        "{distance_m: 1 km}, reduction_mg: 48700",
        "{distance_m: 1 km, before: [0, 0, 0]}, reduction_mg: 0",
    ),
    (
        "{distance_m: 2300}, reduction_mg: 112010",
        "{distance_m: 2300, before: [0, 0, 0]}, reduction_mg: 0",
    ),
    ("{distance_m: 0}", "{distance_m: 0, before: [0, 0, 0]}"),
]


def pack_with(folder: Path, *edits: Edit) -> CompiledPack:
    """The one edition of the pack."""
    (pack,) = loaded(write_folder(folder, *edits, examples=ZEROES)).packs["ride"]
    return pack


@pytest.mark.parametrize(
    ("take", "gaps", "days", "value"),
    [
        ("mean", "zero", "30,-,60", 90),
        ("mean", "skip", "30,-,60", 270),  # in sixths: 45 = 270 / 6
        ("mean", "reject", "30,0,60", 90),
        ("sum", "skip", "30,-,60", 90),
        ("sum", "zero", "-,-,-", 0),
        ("last", "zero", "-,50,60", 0),
        ("last", "zero", "70,50", 70),
    ],
)
def test_a_window_is_reduced_by_its_rules(
    tmp_path: Path, take: str, gaps: str, days: str, value: int
) -> None:
    pack = pack_with(tmp_path, *windowed(take, gaps))
    assert columns_of(pack, {"distance_m": "1", "before": days})["before"] == value


@pytest.mark.parametrize(("gaps", "days"), [("reject", "30,-,60"), ("skip", "-,-,-"), ("skip", "")])
def test_a_window_with_gaps_that_its_rule_forbids_is_refused(
    tmp_path: Path, gaps: str, days: str
) -> None:
    pack = pack_with(tmp_path, *windowed("mean", gaps))
    with pytest.raises(Problem, match=r"packs\.window_gap"):
        columns_of(pack, {"distance_m": "1", "before": days})


@pytest.mark.parametrize(
    ("take", "gaps", "days", "scale"),
    [
        ("mean", "zero", 7, 7),
        ("mean", "reject", 7, 7),
        ("mean", "skip", 10, 2520),
        ("sum", "zero", 7, 1),
    ],
)
def test_settlement_is_told_the_scale_of_a_mean(
    tmp_path: Path, take: str, gaps: str, days: int, scale: int
) -> None:
    pack = _maybe(tmp_path, *windowed(take, gaps, days))
    assert pack.rules.look_backs == (LookBack("before", "distance_m", days, take, gaps, scale),)


def _maybe(folder: Path, *edits: Edit) -> CompiledPack:
    full = ", ".join("0" * 10)
    examples = [(old, new.replace("0, 0, 0", full)) for old, new in ZEROES]
    (pack,) = loaded(write_folder(folder, *edits, examples=examples)).packs["ride"]
    return pack


@pytest.mark.parametrize(
    ("edits", "code"),
    [
        (windowed("mean", "skip", 11), "packs.window_days"),
        (windowed("mean", "zero", 0), "packs.window_days"),
        (windowed("sum", "zero", 367), "packs.window_days"),
        (windowed("last", "skip"), "packs.window_last"),
        (
            (*windowed("mean", "zero")[:1], ("of: distance_m", "of: time_s")),
            "packs.window_input_unknown",
        ),
    ],
)
def test_a_window_that_cannot_be_is_a_fault(
    tmp_path: Path, edits: tuple[Edit, ...], code: str
) -> None:
    first, *rest = edits
    if code == "packs.window_input_unknown":
        first, rest = (first[0], first[1].replace(*rest[0])), []
    assert code in [fault[0] for fault in found(write_folder(tmp_path, first, *rest))]


@pytest.mark.parametrize(
    ("days", "take", "is_too_wide"),
    [(28, "sum", False), (29, "sum", True), (29, "mean", False)],
)
def test_a_sum_of_days_has_room_for_ten_thousand_acts_on_each(
    tmp_path: Path, days: int, take: str, is_too_wide: bool
) -> None:
    """10,000 acts a day of 100 km at 320,000 kg/km: 29 days of them pass 2**63 mg."""
    heavy = ("value: 48.70", "value: 320000000")
    faults = found(write_folder(tmp_path, *windowed(take, "zero", days), heavy))
    assert ("packs.formula_too_wide" in [fault[0] for fault in faults]) is is_too_wide


def test_inputs_may_be_written_in_other_units_of_their_kind(tmp_path: Path) -> None:
    (pack,) = loaded(write_folder(tmp_path)).packs["ride"]
    assert columns_of(pack, {"distance_m": "2.3km"})["distance_m"] == 2300


def test_where_the_formula_reads_no_grade_it_is_nought(tmp_path: Path) -> None:
    (pack,) = loaded(write_folder(tmp_path)).packs["ride"]
    assert columns_of(pack, {"distance_m": "1"})["evidence_grade"] == 0


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "packs.input_missing"),
        ({"distance_m": "1", "speed": "2"}, "packs.input_unknown"),
        ({"distance_m": "-1"}, "packs.input_out_of_range"),
        ({"distance_m": "100001"}, "packs.input_out_of_range"),
        ({"distance_m": "1.5"}, "packs.number_not_whole"),
        ({"distance_m": "NaN"}, "packs.number_malformed"),
        ({"distance_m": "5 kWh"}, "packs.unit_mismatch"),
        ({"distance_m": ("1", "2")}, "packs.value_not_text"),
    ],
)
def test_inputs_that_do_not_fit_are_refused(
    tmp_path: Path, given: dict[str, str], code: str
) -> None:
    (pack,) = loaded(write_folder(tmp_path)).packs["ride"]
    with pytest.raises(Problem) as caught:
        columns_of(pack, given)
    assert caught.value.code == code


def test_an_optional_input_takes_its_default(tmp_path: Path) -> None:
    optional = (
        "    maximum: 100000\n",
        "    maximum: 100000\n    optional: true\n    default: 2 km\n",
    )
    (pack,) = loaded(write_folder(tmp_path, optional)).packs["ride"]
    assert columns_of(pack, {})["distance_m"] == 2000
    assert (pack.rules.inputs[0].required, pack.rules.inputs[0].default) == (False, 2000)


def test_an_optional_kind_takes_its_default(tmp_path: Path) -> None:
    kinds = (
        "inputs:\n",
        "inputs:\n  kind:\n    title: {zh: 车型, en: kind}\n    optional: true\n"
        "    default: fast\n    values: {slow: {zh: 慢, en: slow}, fast: {zh: 快, en: fast}}\n",
    )
    named = ("{distance_m} avoid {reduction}.", "{distance_m} by a {kind} bike: {reduction}.")
    (pack,) = loaded(write_folder(tmp_path, kinds, named)).packs["ride"]
    assert columns_of(pack, {"distance_m": "1"})["kind"] == 1
    assert [entry.required for entry in pack.rules.inputs] == [False, True]
