"""Honest citizens, and what is awkward about them.

Each of them behaves as some threshold does not expect, and is honest all the same: fast cyclists,
phones that lose their way, a watch beside the phone, half fares, families and colleagues at one
gate in one minute, a phone for two, stations that everybody uses, weeks away, days offline.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tanzhang.engine.rules import Flags, Ints
from tanzhang.workbench.city.draws import happens, stream
from tanzhang.workbench.farm.people import HARDWARE, NONE, SOFTWARE

#: A day that no drill reaches.
NEVER = 9_999

#: Blocks of so many people are looked at for groups; a group has three or more of them.
_BLOCK = 5


@dataclass(frozen=True, slots=True)
class Honest:
    """Honest citizens, one a row; the row number is the citizen's number."""

    attestation: Ints
    first_phone: Ints  #: number of the phone; some families share one
    next_phone: Ints  #: the phone that follows it
    new_phone_day: Ints
    payment: Ints  #: number of the account that pays; parents pay for children
    network: Ints
    joined_before: Ints  #: days before the drill on which the account was opened
    away_from: Ints  #: weeks away, in which nothing is reported
    away_to: Ints
    offline_from: Ints  #: days whose reports come when they are over
    offline_to: Ints
    lead: Ints  #: first of those who travel together; one's own number if alone
    of_family: Flags  #: such a group is a family and not colleagues
    pair: Ints  #: whom one travels with to the minute whenever both do; else one's own number
    cadence: Ints
    outdoors: Ints  #: share of her steps under the sky, in thousandths
    night_worker: Flags
    runner: Flags
    hiker: Flags
    treadmill: Flags
    courier: Flags
    indoors: Flags  #: nurses, waiters: all day on their feet in one building
    at_home: Flags  #: the old and the ill: few steps, in one place
    stroller: Flags  #: one or two long walks a day, and the phone is at home for the rest
    watch: Flags  #: a watch tells her steps too
    synced: Flags  #: her phone passes on the watch's figures unchanged
    developer: Flags
    route_m: Ints  #: length of the usual ride
    rides_bike: Flags
    fast: Flags  #: rides at 19 to 28 km/h
    jittery: Flags  #: the phone's location jumps about
    rides_metro: Flags
    station: Ints  #: where the usual metro ride begins
    hops: Ints  #: its stations
    fare_percent: Ints  #: students and the old pay half or nothing
    by_bank: Flags  #: only the bank tells of her rides
    leaves_s: Ints
    meal_fen: Ints  #: what her meals usually cost

    def __len__(self) -> int:
        return len(self.first_phone)

    def phone(self, day: int) -> Ints:
        """The phone that each has on a day."""
        return np.where(day >= self.new_phone_day, self.next_phone, self.first_phone)

    def present(self, day: int) -> Flags:
        """Who is not away."""
        return (day < self.away_from) | (day >= self.away_to)


def make_honest(seed: int, count: int) -> Honest:
    """``count`` honest citizens, the same for the same seed."""
    rng = stream(seed, "honest people")
    number = np.arange(count, dtype=np.int64)

    def some(permille: int) -> Flags:
        return happens(rng, permille, count)

    lead, of_family = _groups(rng, number)
    grouped = happens(rng, 250, count)[lead]  # of groups, how many cycle
    is_grouped = np.isin(lead, lead[lead != number])
    bike = np.where(is_grouped, grouped, some(240))
    metro = np.where(is_grouped, ~grouped, some(330))
    night = some(25)
    ways = _ways(rng, number, lead, is_grouped, night)
    fast = some(120)
    return Honest(
        **_phones(rng, number),
        **_absences(rng, count),
        **ways,
        payment=_purses(rng, number, lead, is_grouped),
        network=number // 3 + rng.integers(0, 2, count) * 40_000_000,
        joined_before=np.where(some(80), rng.integers(0, 15, count), 200),
        lead=lead,
        of_family=of_family,
        pair=np.where(some(60) & (number > 0) & ~is_grouped, np.maximum(number - 1, 0), number),
        cadence=rng.normal(104, 8, count).astype(np.int64).clip(75, 125),
        outdoors=rng.integers(350, 900, count),
        night_worker=night,
        runner=some(20),
        hiker=some(15),
        treadmill=some(6),
        courier=some(12),
        indoors=some(20),
        at_home=some(12),
        stroller=some(15),
        watch=some(90),
        synced=some(400),
        developer=some(25),
        route_m=np.where(
            fast, rng.integers(4_000, 14_000, count), rng.integers(1_200, 9_000, count)
        ),
        rides_bike=bike,
        fast=fast,
        jittery=some(40),
        rides_metro=metro,
        fare_percent=np.where(some(70), 0, np.where(some(90), 50, 100)),
        by_bank=some(40),
        meal_fen=np.exp(rng.normal(7.85, 0.32, count)).astype(np.int64),
    )


def _groups(rng: np.random.Generator, number: Ints) -> tuple[Ints, Flags]:
    """Some blocks are groups of three to five; who leads each person's, and which are families."""
    block, place = number // _BLOCK, number % _BLOCK
    blocks = len(number) // _BLOCK + 1
    size = rng.integers(3, _BLOCK + 1, blocks)
    exists = happens(rng, 60, blocks)
    member = exists[block] & (place < size[block])
    return np.where(member, number - place, number), happens(rng, 500, blocks)[block]


def _phones(rng: np.random.Generator, number: Ints) -> dict[str, Ints]:
    """Phones, some shared within families of four, some replaced; some old ones are passed on."""
    count, family, place = len(number), number // 4, number % 4
    families = count // 4 + 1
    shared_by = np.where(happens(rng, 20, families), 4, np.where(happens(rng, 80, families), 2, 0))
    first = np.where(place < shared_by[family], 10_000_000 + family, number)
    new_day = np.where(happens(rng, 35, count), rng.integers(4, 27, count), NEVER)
    following = np.where(new_day < NEVER, 50_000_000 + number, first)
    neighbour = np.minimum(number ^ 1, count - 1)
    inherits = happens(rng, 350, count) & (new_day[neighbour] < NEVER) & (new_day == NEVER)
    return {
        "attestation": np.where(
            happens(rng, 20, count), NONE, np.where(happens(rng, 100, count), SOFTWARE, HARDWARE)
        ),
        "first_phone": first,
        "next_phone": np.where(inherits, first[neighbour], following),
        "new_phone_day": np.where(inherits, new_day[neighbour] + 1, new_day),
    }


def _absences(rng: np.random.Generator, count: int) -> dict[str, Ints]:
    away = np.where(happens(rng, 60, count), rng.integers(-8, 28, count), NEVER)
    offline = np.where(happens(rng, 60, count), rng.integers(0, 28, count), NEVER)
    return {
        "away_from": away,
        "away_to": away + rng.integers(7, 25, count),
        "offline_from": offline,
        "offline_to": offline + rng.integers(2, 9, count),
    }


def _purses(rng: np.random.Generator, number: Ints, lead: Ints, is_grouped: Flags) -> Ints:
    """Parents pay for children, and now and then one pays for a whole group."""
    family = np.where(happens(rng, 120, len(number)), 20_000_000 + number // 4, number)
    whole = is_grouped & happens(rng, 300, len(number))[lead]
    return np.where(whole, 30_000_000 + lead, family)


def _ways(
    rng: np.random.Generator, number: Ints, lead: Ints, is_grouped: Flags, night: Flags
) -> dict[str, Ints]:
    """Where metro rides lead and when one leaves; some lines have few stations and two shifts."""
    count = len(number)
    sparse = happens(rng, 110, count)[lead]
    hops = np.where(happens(rng, 30, count), 1, rng.integers(2, 14, count))
    leaves = rng.normal(8 * 3600, 2700, count).astype(np.int64).clip(5 * 3600, 20 * 3600)
    leaves = np.where(night, rng.integers(6 * 3600 + 600, 8 * 3600, count), leaves)
    shift = np.array([6 * 3600 + 2400, 7 * 3600 + 600])[rng.integers(0, 2, count)]
    leaves = np.where(sparse, shift + rng.normal(0, 300, count).astype(np.int64), leaves)
    home = np.where(sparse, 200 + 10 * rng.integers(0, 2, count), rng.integers(0, 120, count))
    hops = np.where(sparse, rng.integers(1, 4, count), hops)
    return {
        "station": np.where(is_grouped, home[lead], home),
        "hops": np.where(is_grouped, hops[lead], hops),
        "leaves_s": leaves,
    }
