"""Terms: what folds away, and the exact range of what stays."""

from __future__ import annotations

import pytest

from tanzhang.engine.formula import terms
from tanzhang.engine.formula.terms import Column, Product, Selection, Sum, Whole

FAR = Column("far", 3, 5)
NEAR = Column("near", 1, 7)
BOTH_WAYS = Column("both_ways", -2, 9)


def test_a_sum_ranges_from_both_lows_to_both_highs() -> None:
    # 3 | 1 and 5 | 7 are smaller than the sums: a range must not lose what it carries over.
    assert terms.add(FAR, NEAR) == Sum(FAR, NEAR, 4, 12)


def test_a_product_ranges_over_all_its_corners() -> None:
    assert terms.times(BOTH_WAYS, NEAR) == Product(BOTH_WAYS, NEAR, -14, 63)


@pytest.mark.parametrize("zero", [Whole(0), Whole(3 - 3)])
def test_zero_disappears_from_a_sum_and_swallows_a_product(zero: Whole) -> None:
    assert terms.add(FAR, zero) == terms.add(zero, FAR) == FAR
    assert terms.times(FAR, zero) == terms.times(zero, FAR) == Whole(0)


def test_one_disappears_from_a_product() -> None:
    assert terms.times(FAR, Whole(1)) == terms.times(Whole(1), FAR) == FAR


def test_the_extremes_of_two_ranges_are_taken_end_by_end() -> None:
    assert terms.extreme("min", FAR, NEAR) == Selection(FAR, "<", NEAR, FAR, NEAR, 1, 5)
    assert terms.extreme("max", FAR, NEAR) == Selection(FAR, ">", NEAR, FAR, NEAR, 3, 7)
    assert terms.extreme("min", Whole(2), Whole(3)) == Whole(2)


def test_a_choice_ranges_over_both_its_branches() -> None:
    chosen = terms.select(FAR, "<", NEAR, FAR, BOTH_WAYS)
    assert (chosen.low, chosen.high) == (-2, 9)
