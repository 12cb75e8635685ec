"""A day of honest citizens, with the signals that their phones and the gates send."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from tanzhang.engine.rules import Ints
from tanzhang.workbench.city.draws import happens, stream
from tanzhang.workbench.farm.people import Honest
from tanzhang.workbench.farm.rows import rows

AUTOMATIC, ACTIVE = 2, 3
BOTH_GATES, ONE_GATE = 3, 2
DELIVERED, CANCELLED = 2, 3


def day_of_honest(
    seed: int, who: Honest, names: list[str], day: int, midnight: int, weekend: bool
) -> pl.DataFrame:
    """Everything that honest citizens do on one day."""
    return pl.concat(
        [
            walks(stream(seed, "honest walks", day), who, names, day, midnight),
            rides(stream(seed, "honest rides", day), who, names, day, midnight, weekend),
            metro(stream(seed, "honest metro", day), who, names, day, midnight, weekend),
            orders(stream(seed, "honest orders", day), who, names, day, midnight),
        ]
    )


def walks(
    rng: np.random.Generator, who: Honest, names: list[str], day: int, midnight: int
) -> pl.DataFrame:
    """The day's steps of two in three citizens."""
    me = np.flatnonzero((np.arange(len(who)) % 3 < 2) & happens(rng, 930, len(who)))
    count = len(me)
    steps = (rng.gamma(3.2, 2250, count)).astype(np.int64).clip(200, 34_000)
    steps = np.where(who.at_home[me], steps // 4, steps)
    runs = who.runner[me] & happens(rng, 350, count)
    marathon = who.runner[me] & happens(rng, 15, count)
    steps = steps + np.where(runs, rng.integers(5_000, 14_000, count), 0)
    steps = np.where(marathon, rng.integers(38_000, 56_000, count), steps)
    belt = who.treadmill[me] & happens(rng, 480, count)
    on_belt = np.where(belt, rng.integers(3_000, 8_000, count), 0)
    total = steps + on_belt
    cadence = who.cadence[me] + rng.integers(-8, 9, count) + np.where(runs | marathon, 35, 0)
    active = (total / cadence * rng.normal(1, 0.06, count)).astype(np.int64).clip(1, 900)
    stride_mm = rng.integers(560, 760, count) + np.where(runs | marathon, 250, 0)
    outdoors = np.where(who.indoors[me], rng.integers(40, 220, count), who.outdoors[me])
    outdoors = (outdoors + rng.integers(-150, 100, count)).clip(40, 980)
    outdoors = np.where(who.at_home[me], rng.integers(0, 400, count), outdoors)
    spread = np.exp(rng.normal(5.52, 0.24, count)).astype(np.int64)  # about 250
    spread = np.where(belt, spread * steps // np.maximum(total, 1) + 60, spread).clip(40, 700)
    bouts = (active // rng.integers(4, 16, count) + 1).clip(1, 90)
    places = 1 + rng.poisson(np.where(who.at_home[me], 0.3, np.where(who.indoors[me], 2, 5)))
    night = np.where(
        who.night_worker[me], rng.integers(300, 900, count), rng.integers(0, 90, count)
    )
    return rows(
        "walking",
        midnight=midnight,
        start_s=np.zeros(count, np.int64),
        lasts_s=rng.integers(21 * 3600 + 1800, 24 * 3600 - 60, count),
        day=day,
        person=[names[i] for i in me],
        truth=[f"walk-{names[i]}-{day}" for i in me],
        grade=2,
        in_steps=total,
        sig_recording=np.where(happens(rng, 30, count), ACTIVE, AUTOMATIC),
        sig_attestation=who.attestation[me],
        sig_device=[f"phone-{who.phone[i]}" for i in me],
        sig_network=[f"net-{who.network[i]}" for i in me],
        sig_mock_location=happens(rng, 1, count).astype(np.int64),
        sig_cadence_max=(cadence + rng.integers(12, 45, count)).clip(80, 215),
        sig_cadence_spread=spread,
        sig_active_min=active,
        sig_bouts=bouts,
        sig_places=places,
        sig_displacement_m=steps * stride_mm // 1000 * outdoors // 1000,
        sig_night_permille=night,
    )


def rides(
    rng: np.random.Generator,
    who: Honest,
    names: list[str],
    day: int,
    midnight: int,
    weekend: bool,
) -> pl.DataFrame:
    """There and back on the usual way for who cycles; many short rides for couriers."""
    cyclist = np.flatnonzero(who.rides_bike & happens(rng, 350 if weekend else 850, len(who)))
    courier = np.flatnonzero(who.courier & happens(rng, 850, len(who)))
    errands = rng.integers(10, 26, len(courier))
    me = np.concatenate([cyclist, cyclist, np.repeat(courier, errands)])
    slots = np.concatenate([np.arange(n) for n in errands]) if len(errands) else errands
    start = np.concatenate(
        [
            who.leaves_s[cyclist] + rng.integers(-900, 900, len(cyclist)),
            who.leaves_s[cyclist] + rng.integers(30_000, 37_000, len(cyclist)),
            8 * 3600 + slots * 2_000 + rng.integers(0, 400, len(slots)),
        ]
    )
    own_m = who.route_m[me] * rng.integers(960, 1050, len(me)) // 1000
    distance = np.where(
        np.arange(len(me)) < 2 * len(cyclist), own_m, rng.integers(700, 4_200, len(me))
    )
    return _tracked(rng, who, names, me, start.clip(0, 80_000), distance, day, midnight)


def _tracked(
    rng: np.random.Generator,
    who: Honest,
    names: list[str],
    me: Ints,
    start: Ints,
    distance: Ints,
    day: int,
    midnight: int,
) -> pl.DataFrame:
    """Rides with the summary of a real track: bends, stops, lights, tunnels."""
    count = len(me)
    speed = rng.integers(8_500, 16_500, count)
    lasts = (distance * 3600 // speed).clip(120, None)
    tunnel = happens(rng, 40, count)
    return rows(
        "cycling",
        midnight=midnight,
        start_s=start,
        lasts_s=lasts,
        day=day,
        person=[names[i] for i in me],
        truth=[f"ride-{names[i]}-{day}-{s}" for i, s in zip(me, start, strict=True)],
        grade=2,
        in_distance_m=distance,
        sig_attestation=who.attestation[me],
        sig_device=[f"phone-{who.phone[i]}" for i in me],
        sig_mock_location=happens(rng, 1, count).astype(np.int64),
        sig_developer_mode=who.developer[me].astype(np.int64),
        sig_track_points=(lasts // rng.integers(3, 12, count)).clip(6, None),
        sig_straight_permille=(rng.beta(6, 2.6, count) * 1000).astype(np.int64),
        sig_stops=rng.poisson(0.6 + distance / 1300),
        sig_jumps=np.where(tunnel, rng.integers(1, 9, count), 0),
        sig_speed_max_mh=speed * rng.integers(1350, 2000, count) // 1000
        + np.where(tunnel, rng.integers(0, 70_000, count), 0),
        sig_speed_spread_permille=np.exp(rng.normal(5.75, 0.27, count)).astype(np.int64),
        sig_motion_permille=(rng.beta(11, 3, count) * 1000).astype(np.int64),
        sig_vehicle=[f"bike-{rng.integers(0, 10**9)}" for _ in range(count)],
        sig_pace_print=[f"pace-{rng.integers(0, 2**60)}" for _ in range(count)],
    )


def metro(
    rng: np.random.Generator,
    who: Honest,
    names: list[str],
    day: int,
    midnight: int,
    weekend: bool,
) -> pl.DataFrame:
    """There and back by metro; one ride in forty is also told by the bank that paid."""
    travels = who.rides_metro & happens(rng, 300 if weekend else 880, len(who))
    me = np.flatnonzero(travels)
    lead = who.companion[me]  # companions pass the same gates in the same minute
    late = rng.integers(-600, 600, len(who))
    parts = []
    for back in (0, 1):
        start = who.leaves_s[lead] + late[lead] + back * 36_000 + rng.integers(0, 20, len(me))
        hops = who.hops[lead]
        lasts = hops * 130 + rng.integers(200, 700, len(me))
        distance = hops * rng.integers(950, 1500, len(me))
        fare = 200 + (distance // 4000) * 100
        pays = np.where(happens(rng, 60, len(me)), 0, fare)  # the old ride free
        one_gate = happens(rng, 8, len(me))
        ends = np.stack([who.station[lead], who.station[lead] + hops])
        seen = happens(rng, 25, len(me))
        common: dict[str, Any] = {
            "midnight": midnight,
            "day": day,
            "in_mode": 0,
            "sig_attestation": None,
        }
        for mask, partner, gate, grade in (
            (np.ones(len(me), bool), "farm-metro", np.where(one_gate, ONE_GATE, BOTH_GATES), 3),
            (seen & (pays > 0), "farm-bank", np.zeros(len(me), np.int64), 1),
        ):
            told = np.flatnonzero(mask)
            parts.append(
                rows(
                    "metro",
                    start_s=start[told] - (5 if partner == "farm-bank" else 0),
                    lasts_s=lasts[told],
                    person=[names[me[i]] for i in told],
                    truth=[f"metro-{names[me[i]]}-{day}-{back}" for i in told],
                    partner=partner,
                    grade=grade,
                    in_distance_m=distance[told],
                    sig_gate=gate[told],
                    sig_place_from=[f"station-{ends[back][i]}" for i in told],
                    sig_place_to=[f"station-{ends[1 - back][i]}" for i in told],
                    sig_stations=hops[told],
                    sig_paid_fen=pays[told],
                    sig_refunded_fen=0,
                    sig_payment=[f"purse-{who.payment[me[i]]}" for i in told],
                    sig_device=[f"phone-{who.phone[me[i]]}" for i in told],
                    withdrawn_after=[
                        int(n) if n else None for n in np.where(happens(rng, 4, len(told)), 2, 0)
                    ],
                    **common,
                )
            )
    return pl.concat(parts)


def orders(
    rng: np.random.Generator, who: Honest, names: list[str], day: int, midnight: int
) -> pl.DataFrame:
    """Meals without cutlery; one in a hundred is cancelled before it is delivered."""
    me = np.flatnonzero(happens(rng, 240, len(who)))
    count = len(me)
    return rows(
        "take-away",
        midnight=midnight,
        start_s=rng.integers(11 * 3600, 21 * 3600, count),
        lasts_s=0,
        day=day,
        person=[names[i] for i in me],
        truth=[f"order-{names[i]}-{day}" for i in me],
        grade=2,
        item_key=[f"order-{names[i]}-{day}" for i in me],
        in_orders=1,
        sig_order_state=DELIVERED,
        sig_paid_fen=(who.meal_fen[me] * np.exp(rng.normal(0, 0.35, count)))
        .astype(np.int64)
        .clip(350, None),
        sig_refunded_fen=0,
        sig_payment=[f"purse-{who.payment[i]}" for i in me],
        sig_device=[f"phone-{who.phone[i]}" for i in me],
        sig_attestation=who.attestation[me],
        sig_network=[f"net-{who.network[i]}" for i in me],
        withdrawn_after=[int(n) if n else None for n in np.where(happens(rng, 6, count), 1, 0)],
    )
