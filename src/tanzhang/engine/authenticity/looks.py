"""How a picture looks, as numbers: the same for a picture that was scaled, cropped or saved anew.

A *look* is a difference hash: the picture in nine by eight grey cells, a bit for each pair of
neighbours in a row, set where the left one is brighter (N. Krawetz, "Kind of Like That", 2013).
Two looks of one picture differ in few of the 64 bits, those of two pictures in about half.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from tanzhang.engine.rules import Ints

#: The grid of cells of which a look is made: rows, columns.
CELLS: Final = (8, 9)

#: Looks that differ in so many bits or fewer are of one picture.
ALIKE_BITS: Final = 7

#: Of a picture the looks of these middle parts are kept, in hundredths, so that a crop is found.
PARTS: Final = (100, 94, 88, 80)


def look(cells: Ints) -> int:
    """The look of eight rows of nine grey cells, as a signed number of 64 bits."""
    if cells.shape != CELLS:
        raise ValueError(f"not {CELLS} cells: {cells.shape}")
    bits = (cells[:, :-1] > cells[:, 1:]).reshape(-1)
    packed = np.packbits(bits).tobytes()
    return int.from_bytes(packed, "big", signed=True)


def differing_bits(one: int, other: int) -> int:
    """In how many bits two looks differ."""
    return ((one ^ other) & (2**64 - 1)).bit_count()
