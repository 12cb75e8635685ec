"""Who takes part in a drill: honest citizens with their awkward habits, and cheats."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from tanzhang.engine.rules import Flags, Ints
from tanzhang.workbench.city.draws import happens, stream

#: Days that a drill lasts; acts of the first ones are measured when their points become available.
DAYS = 31
WAITING_DAYS = 15

NONE, SOFTWARE, HARDWARE = 0, 1, 2  #: places of ``attestation``


@dataclass(frozen=True, slots=True)
class Honest:
    """Honest citizens, one a row; the row number is the citizen's number.

    The awkward ones behave as nobody's threshold expects, and are honest all the same.
    """

    attestation: Ints
    phone: Ints  #: number of the phone; families share one
    payment: Ints  #: number of the account that pays; parents pay for children
    network: Ints
    joined_before: Ints  #: days before the drill on which the account was opened
    cadence: Ints
    outdoors: Ints  #: share of her steps under the sky, in thousandths
    night_worker: Flags
    runner: Flags
    treadmill: Flags
    courier: Flags
    indoors: Flags  #: nurses, waiters: all day on their feet in one building
    at_home: Flags  #: the old and the ill: few steps, in one place
    developer: Flags
    route_m: Ints  #: length of the usual ride
    rides_bike: Flags
    rides_metro: Flags
    station: Ints  #: where the usual metro ride begins
    hops: Ints  #: its stations
    leaves_s: Ints
    meal_fen: Ints  #: what her meals usually cost
    companion: Ints  #: whom she travels with to the minute; her own number if nobody

    def __len__(self) -> int:
        return len(self.phone)


def make_honest(seed: int, count: int) -> Honest:
    """``count`` honest citizens, the same for the same seed."""
    rng = stream(seed, "honest people")
    number = np.arange(count, dtype=np.int64)
    family = number // 4
    shares_phone = happens(rng, 30, count)
    shares_purse = happens(rng, 120, count)
    companion = np.where(happens(rng, 60, count) & (number > 0), number - 1, number)
    hops = rng.integers(2, 14, count)
    hops = np.where(happens(rng, 30, count), 1, hops)
    return Honest(
        attestation=np.where(
            happens(rng, 20, count), NONE, np.where(happens(rng, 100, count), SOFTWARE, HARDWARE)
        ),
        phone=np.where(shares_phone, 10_000_000 + family, number),
        payment=np.where(shares_purse, 20_000_000 + family, number),
        network=number // 3 + rng.integers(0, 2, count) * 40_000_000,
        joined_before=np.where(happens(rng, 80, count), rng.integers(0, 15, count), 200),
        cadence=rng.normal(104, 8, count).astype(np.int64).clip(75, 125),
        outdoors=rng.integers(350, 900, count),
        night_worker=happens(rng, 20, count),
        runner=happens(rng, 20, count),
        treadmill=happens(rng, 6, count),
        courier=happens(rng, 8, count),
        indoors=happens(rng, 20, count),
        at_home=happens(rng, 12, count),
        developer=happens(rng, 25, count),
        route_m=rng.integers(1_200, 9_000, count),
        rides_bike=happens(rng, 240, count),
        rides_metro=happens(rng, 330, count),
        station=rng.integers(0, 120, count),
        hops=hops,
        leaves_s=rng.normal(8 * 3600, 2700, count).astype(np.int64).clip(5 * 3600, 20 * 3600),
        meal_fen=np.exp(rng.normal(7.85, 0.32, count)).astype(np.int64),
        companion=companion,
    )


@dataclass(frozen=True, slots=True)
class Cheat:
    """One account of somebody who cheats: of which class, in which way, and what she has."""

    name: str
    attack: str  #: the class, such as ``step_faking``
    variant: str
    attestation: int
    phone: str
    payment: str
    network: str
    joined_before: int
    from_day: int
    #: What this one draws once and keeps to; who shares a number acts together.
    gang: int
    skill: dict[str, int] = field(default_factory=dict)
