"""The bike rides of honest citizens: commuters, the fast, couriers, phones that lose their way."""

from __future__ import annotations

import numpy as np
import polars as pl

from tanzhang.engine.rules import Flags, Ints
from tanzhang.workbench.city.draws import happens
from tanzhang.workbench.farm.honest.day import Day, of
from tanzhang.workbench.farm.rows import rows


def rides(rng: np.random.Generator, today: Day) -> pl.DataFrame:
    """There and back on the usual way for who cycles; many short rides for couriers."""
    who = today.who
    cyclist = np.flatnonzero(who.rides_bike & today.goes(rng, 350 if today.weekend else 850))
    courier = np.flatnonzero(who.courier & today.goes(rng, 850))
    errands = rng.integers(10, 26, len(courier))
    slots = np.concatenate([np.arange(n) for n in errands]) if len(errands) else errands
    me, start, route = [], [], []
    for back in (0, 1):
        lead = today.beside(rng, back)
        late = rng.integers(-900, 900, len(who)) + back * (33_500 + 14_000 * who.night_worker)
        begin = of(lead, who.leaves_s + late) + rng.integers(0, 20, len(who))
        me.append(cyclist)
        start.append(begin[cyclist])
        route.append((of(lead, who.route_m) * rng.integers(960, 1050, len(who)) // 1000)[cyclist])
    me.append(np.repeat(courier, errands))
    start.append(8 * 3600 + slots * 2_000 + rng.integers(0, 400, len(slots)))
    route.append(rng.integers(700, 4_200, len(slots)))
    found = np.concatenate(me)
    with_whom = np.where(np.arange(len(found)) < 2 * len(cyclist), who.lead[found], found)
    return _tracked(
        rng, today, found, with_whom, np.concatenate(start).clip(0, 80_000), np.concatenate(route)
    )


def _tracked(
    rng: np.random.Generator, today: Day, me: Ints, lead: Ints, start: Ints, distance: Ints
) -> pl.DataFrame:
    """Rides with the summary of a real track: bends, stops, lights, tunnels, towers."""
    who, count = today.who, len(me)
    fast, jittery = who.fast[lead], who.jittery[me]
    speed = np.where(fast, rng.integers(19_000, 28_500, count), rng.integers(8_500, 16_500, count))
    lasts = (distance * 3600 // speed).clip(120, None)
    gap = happens(rng, 40, count)
    jumps = np.where(gap, rng.integers(1, 9, count), 0) + np.where(
        jittery, rng.poisson(4, count), 0
    )
    jumps += np.where(jittery & happens(rng, 100, count), rng.integers(5, 16, count), 0)
    seconds = np.where(gap, rng.integers(12, 160, count), rng.integers(3, 12, count))
    return rows(
        "cycling",
        midnight=today.midnight,
        start_s=start,
        lasts_s=lasts,
        day=today.number,
        person=today.called(me),
        truth=[
            f"ride-{name}-{today.number}-{s}"
            for name, s in zip(today.called(me), start, strict=True)
        ],
        grade=2,
        in_distance_m=distance,
        sig_attestation=who.attestation[me],
        sig_device=today.phones(me),
        sig_mock_location=happens(rng, 1, count).astype(np.int64),
        sig_developer_mode=who.developer[me].astype(np.int64),
        sig_track_points=(lasts // seconds).clip(5, None),
        sig_jumps=jumps,
        sig_vehicle=[f"bike-{number}" for number in rng.integers(0, 10**9, count).tolist()],
        sig_pace_print=[f"pace-{number}" for number in rng.integers(0, 2**60, count).tolist()],
        **_course(rng, fast, jittery, speed, distance, jumps),
    )


def _course(
    rng: np.random.Generator,
    fast: Flags,
    jittery: Flags,
    speed: Ints,
    distance: Ints,
    jumps: Ints,
) -> dict[str, Ints]:
    """How straight, how even and how much like riding. Every jump may make the top speed absurd."""
    count = len(speed)
    straight = np.where(fast, rng.beta(8, 2.4, count), rng.beta(6, 2.6, count))
    straight = np.where(jittery, rng.beta(4, 3, count), straight)
    spread = np.where(fast, rng.normal(5.55, 0.27, count), rng.normal(5.75, 0.27, count))
    agrees = np.where(jittery, rng.beta(9, 4, count), rng.beta(11, 3, count))
    top = speed * np.where(fast, rng.integers(1250, 1700, count), rng.integers(1350, 2000, count))
    absurd = np.where(jumps > 0, rng.integers(0, 90_000, count), 0)
    stops = np.where(fast, 0.3 + distance / 2500, 0.6 + distance / 1300)
    return {
        "sig_straight_permille": (straight * 1000).astype(np.int64),
        "sig_stops": rng.poisson(stops),
        "sig_speed_max_mh": np.minimum(top // 1000, 52_000) + absurd,
        "sig_speed_spread_permille": np.exp(spread).astype(np.int64),
        "sig_motion_permille": (agrees * 1000).astype(np.int64),
    }
