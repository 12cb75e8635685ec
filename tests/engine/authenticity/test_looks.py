"""Looks of pictures: near for one picture, far for two."""

from __future__ import annotations

import numpy as np
import pytest

from tanzhang.engine.authenticity.looks import ALIKE_BITS, CELLS, differing_bits, look


def test_a_look_has_a_bit_where_the_left_cell_is_brighter() -> None:
    falling = np.tile(np.arange(9, 0, -1), (8, 1))
    assert look(falling) == -1
    assert look(falling[:, ::-1]) == 0
    one = falling[:, ::-1].copy()
    one[7, 7], one[7, 8] = 9, 1
    assert look(one) == 1


def test_brighter_as_a_whole_is_the_same_look() -> None:
    cells = np.random.default_rng(5).integers(0, 200, CELLS)
    assert look(cells) == look(cells + 40)


def test_two_pictures_differ_in_about_half_of_the_bits() -> None:
    rng = np.random.default_rng(7)
    looks = [look(rng.integers(0, 256, CELLS)) for _ in range(40)]
    apart = [differing_bits(a, b) for a in looks for b in looks if a != b]
    assert min(apart) > ALIKE_BITS
    assert 28 < sum(apart) / len(apart) < 36


def test_only_the_grid_has_a_look() -> None:
    with pytest.raises(ValueError, match="cells"):
        look(np.zeros((9, 8), np.int64))


def test_bits_are_counted_across_the_sign() -> None:
    assert differing_bits(-1, 0) == 64
    assert differing_bits(-1, -2) == 1
