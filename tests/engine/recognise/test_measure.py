"""Precision and recall, counted by hand."""

from __future__ import annotations

from fractions import Fraction

import polars as pl

from tanzhang.engine.recognise import SceneScore, scores

SCHEMA = {"row": pl.UInt32, "scene": pl.String, "withdrawn": pl.Boolean}


def rows(*cells: tuple[int, str | None, bool | None]) -> pl.DataFrame:
    return pl.DataFrame(cells, SCHEMA, orient="row")


def test_right_wrong_and_missed_are_counted_for_each_scene() -> None:
    expected = rows(
        (1, "bill", False),
        (2, "bill", False),
        (3, "bill", True),
        (4, None, None),
        (5, "card", False),
        (6, "bill", False),
    )
    report = rows((1, "bill", False), (3, "bill", False), (4, "bill", False), (6, "card", False))
    found = scores(expected, report)
    assert found == {
        "bill": SceneScore(right=1, wrong=2, missed=3),
        "card": SceneScore(right=0, wrong=1, missed=1),
    }
    assert (found["bill"].precision, found["bill"].recall) == (Fraction(1, 3), Fraction(1, 4))


def test_what_is_neither_expected_nor_found_is_perfect() -> None:
    assert scores(rows((1, None, None)), rows()) == {}
    nothing = SceneScore(0, 0, 0)
    assert (nothing.precision, nothing.recall) == (1, 1)
