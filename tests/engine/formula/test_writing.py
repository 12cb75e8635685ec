"""Formulas in words and in numbers."""

from __future__ import annotations

import pytest

from tanzhang.engine.formula import parse
from tanzhang.engine.formula.exact import Act
from tanzhang.engine.formula.writing import Words, Writer, WrittenFactor
from tanzhang.engine.units import parse_unit

from .samples import SYMBOLS

WORDS = Words(
    titles={"x": {"zh": "里程", "en": "distance"}, "per_km": {"zh": "每公里", "en": "per km"}},
    factors={
        "per_km": WrittenFactor(("48.70",), parse_unit("g/km")),
        "net": WrittenFactor(("46.7", "26.9", "-10"), parse_unit("g/pkm")),
        "third": WrittenFactor(("0.3",), parse_unit("1")),
    },
)
COLUMNS = {"x": 2300, "y": -5, "week": 7000, "people": 2, "mode": 1, "evidence_grade": 3}


def writer(lang: str) -> Writer:
    """Writes for one act."""
    return Writer(WORDS, Act(SYMBOLS, COLUMNS), lang)


@pytest.mark.parametrize(
    ("text", "words", "numbers"),
    [
        ("x * per_km", "distance × per km", "2.3 km × 48.70 g/km"),
        ("x * net[mode]", "distance × net[mode]", "2.3 km × 26.9 g/pkm"),
        ("(x + y) * third", "(distance + y) × third", "(2.3 km + -5 m) × 0.3"),
        ("x - (y - x)", "distance − (y − distance)", "2.3 km − (-5 m − 2.3 km)"),
        ("x / (2 * 3)", "distance ÷ (2 × 3)", "2.3 km ÷ (2 × 3)"),
        ("-x", "−distance", "−2.3 km"),
        ("max(0, y)", "max(0, y)", "max(0, -5 m)"),
        (
            "x if x > week else y",
            "if distance > week: distance; otherwise: y",
            "since 2.3 km > 1 km: 2.3 km",
        ),
        (
            "x if x < week else y",
            "if distance < week: distance; otherwise: y",
            "since 2.3 km ≥ 1 km: -5 m",
        ),
        (
            "2 * (x if x < week else y)",
            "2 × (if distance < week: distance; otherwise: y)",
            "2 × (since 2.3 km ≥ 1 km: -5 m)",
        ),
    ],
)
def test_a_formula_is_written_in_words_and_in_numbers(text: str, words: str, numbers: str) -> None:
    english = writer("en")
    assert (english.in_words(parse(text)), english.in_numbers(parse(text))) == (words, numbers)


def test_a_formula_is_written_in_chinese() -> None:
    chinese = writer("zh")
    expression = parse("max(0, x) * per_km")
    assert chinese.in_words(expression) == "最大值(0, 里程) × 每公里"
    assert chinese.in_numbers(expression) == "最大值(0, 2.3 公里) × 48.70 克/公里"
    choice = parse("x if x <= week else y")
    assert chinese.in_words(choice) == "若 里程 ≤ week，取 里程；否则取 y"
    assert chinese.in_numbers(choice) == "因 2.3 公里 > 1 公里，取 -5 米"
