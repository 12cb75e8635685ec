"""How citizens get about: to work and back, at the weekend, on foot."""

from __future__ import annotations

import numpy as np

from tanzhang.engine.rules import Ints
from tanzhang.workbench.city.acts import SECOND_US, Acts, join, make_acts
from tanzhang.workbench.city.draws import around, happens
from tanzhang.workbench.city.people import Citizens, Way
from tanzhang.workbench.city.streams import stream_number
from tanzhang.workbench.city.weather import STILL_RIDING, Weather

#: Way of travelling -> (stream, slowest and fastest speed in metres per hour).
RIDES = {
    Way.BIKE: (stream_number("shared-bike", "bike-demo"), 9_000, 15_000),
    Way.EBIKE: (stream_number("shared-ebike", "bike-demo"), 13_000, 20_000),
    Way.BUS: (stream_number("bus", "bus-demo"), 12_000, 22_000),
    Way.METRO: (stream_number("metro", "metro-demo"), 26_000, 38_000),
}
WALKING = stream_number("walking", "steps-demo")

WORKDAY_TRAVEL = 920  #: of a thousand employed citizens, how many travel to work on a workday
WEEKEND_TRAVEL = 260
WEEKEND_LEAVE_S = 11 * 3600


def rides(
    rng: np.random.Generator, citizens: Citizens, midnight_us: int, weekend: bool, sky: Weather
) -> Acts:
    """Every ride of a day: out and back by the citizen's usual way, less cycling in the rain."""
    count = len(citizens)
    chance = np.where(citizens.employed & (not weekend), WORKDAY_TRAVEL, WEEKEND_TRAVEL)
    out = happens(rng, chance, count)
    back = out & happens(rng, 940, count)
    way = _weathered(rng, citizens.way, sky)
    leaves_s = np.full(count, WEEKEND_LEAVE_S) if weekend else citizens.leaves_s
    parts = []
    for usual, (stream, slowest, fastest) in RIDES.items():
        for travels, around_s in ((out, leaves_s), (back, citizens.returns_s)):
            who = np.flatnonzero(travels & (way == usual))
            start_s = around(rng, around_s[who], 2400, len(who))
            distance_m = citizens.commute_m[who] * rng.integers(900, 1200, len(who)) // 1000
            speed = rng.integers(slowest, fastest, len(who))
            parts.append(
                make_acts(
                    stream,
                    who,
                    midnight_us + start_s * SECOND_US,
                    np.maximum(distance_m * 3600 // speed, 60),
                    quantity=distance_m,
                )
            )
    return join(parts)


def _weathered(rng: np.random.Generator, way: Ints, sky: Weather) -> Ints:
    """The way of the day: who does not cycle in the rain takes the bus."""
    cycles = (way == Way.BIKE) | (way == Way.EBIKE)
    gives_up = cycles & ~happens(rng, STILL_RIDING[sky], len(way))
    return np.where(gives_up, int(Way.BUS), way)


def walks(
    rng: np.random.Generator, citizens: Citizens, midnight_us: int, weekend: bool, sky: Weather
) -> Acts:
    """The day's steps of each phone that counts them, read late in the evening."""
    who = np.flatnonzero(citizens.phone_counts_steps & happens(rng, 930, len(citizens)))
    usual = 6500 if weekend else 7400
    steps = around(rng, usual, 6000, len(who)) * (1000 if sky is Weather.DRY else 800) // 1000
    read_at_s = rng.integers(21 * 3600 + 1800, 24 * 3600 - 600, len(who))
    start_us = np.full(len(who), midnight_us, np.int64)
    return make_acts(
        WALKING, who, start_us, read_at_s, quantity=np.maximum(steps, 150), known_after_s=60
    )
