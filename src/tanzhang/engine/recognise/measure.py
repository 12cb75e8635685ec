"""How well a recogniser does on transactions whose scenes somebody has written beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import polars as pl


@dataclass(frozen=True, slots=True)
class SceneScore:
    """Of one scene: recognised and right, recognised and wrong, not recognised.

    ``precision`` is the share of the recognised that are right, ``recall`` the share of the right
    that are recognised; 1 where there is nothing to divide by.
    """

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> Fraction:
        return _share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> Fraction:
        return _share(self.right, self.right + self.missed)


def scores(expected: pl.DataFrame, report: pl.DataFrame) -> Mapping[str, SceneScore]:
    """The score of each scene that is expected or recognised.

    ``expected`` has ``row``, ``scene`` (null: no act) and ``withdrawn`` for every transaction; a
    recognised row is right if it says both. ``report`` is what ``recognise`` made of them.
    """
    said = report.select("row", found="scene", found_withdrawn="withdrawn")
    both = expected.join(said, on="row", how="left").with_columns(
        same=(pl.col("scene") == pl.col("found"))
        & (pl.col("withdrawn") == pl.col("found_withdrawn"))
    )
    scenes = pl.concat([both["scene"], both["found"]]).drop_nulls().unique().sort()
    return {scene: _score(both, scene) for scene in scenes}


def _score(both: pl.DataFrame, scene: str) -> SceneScore:
    is_found, is_expected = pl.col("found") == scene, pl.col("scene") == scene
    same = pl.col("same").fill_null(False)
    counts = both.select(
        right=(is_found & same).sum(),
        wrong=(is_found & ~same).sum(),
        missed=(is_expected & ~same).sum(),
    )
    return SceneScore(*counts.row(0))


def _share(part: int, whole: int) -> Fraction:
    return Fraction(part, whole) if whole else Fraction(1)
