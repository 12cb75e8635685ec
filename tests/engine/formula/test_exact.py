"""The exact form: every step keeps the unit that its operands give it."""

from __future__ import annotations

from fractions import Fraction

from tanzhang.engine.formula import ExactFormula, Value, parse
from tanzhang.engine.units import MASS, PLAIN

from .samples import DISTANCE, SYMBOLS

COLUMNS = {"x": 2300, "y": -5, "week": 7000, "people": 2, "mode": 1, "evidence_grade": 3}


def evaluated(text: str, **changed: int) -> Value:
    """What the exact form makes of one line."""
    formula = ExactFormula({"reduction": parse(text)}, SYMBOLS)
    return formula.evaluate(COLUMNS | changed)["reduction"]


def test_dividing_like_by_like_leaves_a_plain_number() -> None:
    assert evaluated("x / week") == Value(Fraction(23, 10), PLAIN)


def test_dividing_takes_the_unit_away() -> None:
    assert evaluated("x * per_km * x / week") == Value(Fraction("257.623"), MASS)


def test_a_literal_zero_takes_the_unit_of_the_branch_beside_it() -> None:
    assert evaluated("0 if x > week else x") == Value(Fraction(0), DISTANCE)
    assert evaluated("x if x < week else 0") == Value(Fraction(0), DISTANCE)
    assert evaluated("x if x > week else 0") == Value(Fraction(2300), DISTANCE)
