"""The citizens of a city that does not exist.

A citizen has a number, a home, perhaps a place of work, a usual way to get there, and a household
with two or three others. Nothing is drawn from real people or real places.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from tanzhang.engine.rules import Flags, Ints
from tanzhang.workbench.city.draws import around, happens, stream

CITY_RADIUS_M = 11_000

#: Households have this many registered citizens on average, in thousandths.
HOUSEHOLD_SIZE_MILLI = 2_600


class Way(IntEnum):
    """How a citizen usually travels."""

    WALK = 0
    BIKE = 1
    EBIKE = 2
    BUS = 3
    METRO = 4
    CAR = 5


#: Longest commute in metres -> shares of walk, bike, e-bike, bus, metro, car in thousandths.
WAYS_BY_DISTANCE = (
    (2_000, (480, 320, 100, 60, 0, 40)),
    (5_000, (40, 340, 240, 210, 100, 70)),
    (9_000, (0, 120, 180, 270, 330, 100)),
    (60_000, (0, 10, 60, 180, 610, 140)),
)


@dataclass(frozen=True, slots=True)
class Citizens:
    """One citizen a row; the row number is the citizen's number."""

    household: Ints
    household_size: Ints
    first_of_household: Flags
    employed: Flags
    commute_m: Ints
    way: Ints  #: Way
    leaves_s: Ints  #: usual departure in the morning, seconds after local midnight
    returns_s: Ints
    electric_car: Flags
    phone_counts_steps: Flags
    card: Flags

    def __len__(self) -> int:
        return len(self.household)


def make_citizens(seed: int, count: int) -> Citizens:
    """``count`` citizens (at least one), always the same for the same seed and count."""
    rng = stream(seed, "citizens")
    household = np.arange(count, dtype=np.int64) * 1000 // HOUSEHOLD_SIZE_MILLI
    sizes = np.bincount(household)
    first = np.diff(household, prepend=-1) > 0
    home, work = _places(rng, household), _places(rng, np.arange(count))
    commute_m = np.clip(np.abs(home - work).sum(axis=1), 400, 40_000)
    way = _ways(rng, commute_m)
    return Citizens(
        household=household,
        household_size=sizes[household].astype(np.int64),
        first_of_household=first,
        employed=happens(rng, 720, count),
        commute_m=commute_m,
        way=way,
        leaves_s=np.clip(around(rng, 8 * 3600, 5400, count), 6 * 3600, 10 * 3600),
        returns_s=np.clip(around(rng, 18 * 3600 + 900, 7200, count), 16 * 3600, 21 * 3600),
        electric_car=happens(rng, np.where(way == Way.CAR, 420, 50), count),
        phone_counts_steps=happens(rng, 640, count),
        card=happens(rng, 460, count),
    )


def _places(rng: np.random.Generator, group: Ints) -> Ints:
    """A point (x, y) in metres for each citizen, the same within a group, denser in the middle."""
    groups = int(group[-1]) + 1
    points = np.stack([around(rng, 0, CITY_RADIUS_M, groups) for _ in range(2)], axis=1)
    return points[group]


def _ways(rng: np.random.Generator, commute_m: Ints) -> Ints:
    """A way of travelling for each commute, by its length."""
    limits = np.array([limit for limit, _ in WAYS_BY_DISTANCE])
    upper = np.array([shares for _, shares in WAYS_BY_DISTANCE]).cumsum(axis=1)
    draw = rng.integers(0, 1000, len(commute_m))
    band = np.searchsorted(limits, commute_m)
    way: Ints = (draw[:, None] >= upper[band]).sum(axis=1)
    return way
