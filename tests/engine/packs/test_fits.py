"""What a pack lets through fits the 64-bit integers of settlement."""

from __future__ import annotations

from pathlib import Path

import pytest

from tanzhang.engine.packs import fits
from tanzhang.engine.settle import carry, eligibility

from .folders import Edit, found, write_folder

DURATION = "    duration: {at_most: 24 h}\n"
SPEED = "  too_fast:\n    speed: {{of: distance_m, at_most: {0}}}\n"


def codes(folder: Path, *edits: Edit) -> list[str]:
    """The codes of a folder's faults."""
    return [code for code, _, _ in found(write_folder(folder, *edits))]


def with_speed(fastest: str, duration: str = DURATION) -> Edit:
    """A speed bound below the duration bound."""
    return DURATION, duration + SPEED.format(fastest)


def test_the_sums_are_those_of_settlement() -> None:
    assert (fits.US_PER_HOUR, fits.DAY_SUM) == (eligibility.US_PER_HOUR, carry.ONE_ACT)


def test_a_speed_needs_a_longest_duration_above_it(tmp_path: Path) -> None:
    name = "  lasts_over_a_day:\n"
    alone = name + "    duration: {at_least: 1 s}\n"
    edit = (name + DURATION, alone + SPEED.format("50 km/h") + "  long:\n" + DURATION)
    assert codes(tmp_path, edit) == ["packs.speed_needs_duration"]


@pytest.mark.parametrize(
    ("furthest_m", "expected"),
    [
        ("2562047788", []),  # times 3.6e9 is below 2**63
        ("2562047789", ["packs.speed_too_wide"]),
    ],
)
def test_a_distance_too_far_for_a_speed_is_a_fault(
    tmp_path: Path, furthest_m: str, expected: list[str]
) -> None:
    maximum = ("maximum: 100000", f"maximum: {furthest_m}")
    assert codes(tmp_path, with_speed("50 km/h"), maximum) == expected


@pytest.mark.parametrize(
    ("fastest", "expected"),
    [
        ("106751.991 km/h", []),  # over a day in microseconds this is below 2**63
        ("106751.992 km/h", ["packs.speed_too_wide"]),
    ],
)
def test_a_speed_too_great_for_its_duration_is_a_fault(
    tmp_path: Path, fastest: str, expected: list[str]
) -> None:
    assert codes(tmp_path, with_speed(fastest)) == expected


def look_back(minimum: str, maximum: str) -> tuple[Edit, ...]:
    """The ride credited by the sum of the day before, and the range of what is summed."""
    window = (
        "windows:\n  before:\n    title: {zh: 前日, en: day before}\n    of: distance_m\n"
        "    days: 1\n    take: sum\n    gaps: zero\n\nfactors:\n"
    )
    return (
        ("factors:\n", window),
        ("distance_m * per_km", "(distance_m + before - before) * per_km"),
        ("    minimum: 0\n", f"    minimum: {minimum}\n"),
        ("maximum: 100000", f"maximum: {maximum}"),
    )


@pytest.mark.parametrize(
    ("minimum", "maximum", "expected"),
    [
        ("0", "28147497671", []),  # ten thousand of them are below 2**48
        ("0", "28147497672", ["packs.window_too_wide"]),
        ("-1", "100000", ["packs.window_too_wide"]),
    ],
)
def test_a_day_that_does_not_fit_its_register_is_a_fault(
    tmp_path: Path, minimum: str, maximum: str, expected: list[str]
) -> None:
    assert codes(tmp_path, *look_back(minimum, maximum)) == expected
