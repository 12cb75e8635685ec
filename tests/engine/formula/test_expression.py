"""How long and how deep a formula may be, to the letter."""

from __future__ import annotations

import pytest

from tanzhang.engine.formula import parse
from tanzhang.engine.formula.expression import Name, Negative
from tanzhang.problems import Problem


def test_a_formula_of_500_letters_is_read_and_of_501_is_not() -> None:
    assert parse("x".ljust(500)) == Name("x")
    with pytest.raises(Problem, match=r"packs\.formula_too_long"):
        parse("x".ljust(501))


def test_forty_steps_into_a_formula_are_read_and_one_more_is_not() -> None:
    signs, tree = 0, parse("-" * 40 + "x")
    while isinstance(tree, Negative):
        signs, tree = signs + 1, tree.operand
    assert (signs, tree) == (40, Name("x"))
    with pytest.raises(Problem, match=r"packs\.formula_too_deep"):
        parse("-" * 41 + "x")
