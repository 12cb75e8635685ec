"""Chance that can be repeated: one named stream of random numbers per place it is used.

Each use (a day's metro rides, a day's weather) has a stream of its own, derived from the seed and
the names of the place. So the first days of a long simulation are the days of a short one, and a
new kind of act does not disturb the others.
"""

from __future__ import annotations

from zlib import crc32

import numpy as np

from tanzhang.engine.rules import Flags, Ints


def stream(seed: int, *place: str | int) -> np.random.Generator:
    """The random numbers of one place, always the same for the same seed and names."""
    names = [crc32(name.encode()) if isinstance(name, str) else name for name in place]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *names])))


def happens(rng: np.random.Generator, per_mille: Ints | int, count: int) -> Flags:
    """Whether a thing with this chance (in thousandths) happens to each of ``count``."""
    flags: Flags = rng.integers(0, 1000, count) < per_mille
    return flags


def around(rng: np.random.Generator, middle: Ints | int, spread: int, count: int) -> Ints:
    """Whole numbers heaped round ``middle``: the sum of two even draws, at most ``spread`` away."""
    half = spread // 2
    heap = rng.integers(-half, half + 1, count) + rng.integers(-half, half + 1, count)
    return np.asarray(middle, np.int64) + heap
