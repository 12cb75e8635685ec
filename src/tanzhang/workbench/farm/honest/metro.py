"""The metro rides of honest citizens, as gates and the bank tell them."""

from __future__ import annotations

import numpy as np
import polars as pl

from tanzhang.engine.rules import Ints
from tanzhang.workbench.city.draws import happens
from tanzhang.workbench.farm.honest.day import Day
from tanzhang.workbench.farm.rows import rows

_BOTH_GATES, _ONE_GATE, _NO_GATE = 3, 2, 0


def metro(rng: np.random.Generator, today: Day) -> pl.DataFrame:
    """There and back by metro, after a night's work the other way round.

    One ride in forty is told by the bank that paid as well; of some people only the bank tells.
    """
    who = today.who
    me = np.flatnonzero(who.rides_metro & today.goes(rng, 300 if today.weekend else 880))
    late = rng.integers(-600, 600, len(who))
    parts = []
    for back in (0, 1):
        lead = today.beside(rng, back)[me]
        together = np.where(lead < 0, me, lead)
        hours = np.where(who.night_worker[together], 52_000, 36_000)
        start = (who.leaves_s + late)[together] + back * hours + rng.integers(0, 20, len(me))
        parts += _told(rng, today, me, together, start, back)
    return pl.concat(parts)


def _told(
    rng: np.random.Generator, today: Day, me: Ints, lead: Ints, start: Ints, back: int
) -> list[pl.DataFrame]:
    """One way of everybody, by gates and by the bank."""
    who, hops = today.who, today.who.hops[lead]
    lasts = hops * 130 + rng.integers(200, 700, len(me))
    distance = hops * rng.integers(950, 1500, len(me))
    pays = (200 + distance // 4000 * 100) * who.fare_percent[me] // 100
    gates = np.where(happens(rng, 8, len(me)), _ONE_GATE, _BOTH_GATES)
    by_bank = who.by_bank[me] & (pays > 0)
    seen = happens(rng, 25, len(me)) & (pays > 0)
    ends = (who.station[lead], who.station[lead] + hops)
    days_later = rng.integers(1, 46, len(me))
    found = []
    for mask, partner, gate, grade, given_back in (
        (~by_bank, "farm-metro", gates, 3, 3),
        (by_bank | seen, "farm-bank", np.full(len(me), _NO_GATE), 1, 15),
    ):
        told = np.flatnonzero(mask)
        found.append(
            rows(
                "metro",
                midnight=today.midnight,
                start_s=start[told] - (5 if partner == "farm-bank" else 0),
                lasts_s=lasts[told],
                day=today.number,
                person=today.called(me[told]),
                truth=[f"metro-{n}-{today.number}-{back}" for n in today.called(me[told])],
                partner=partner,
                grade=grade,
                in_mode=0,
                in_distance_m=distance[told],
                sig_gate=gate[told],
                sig_place_from=[f"station-{n}" for n in ends[back][told]],
                sig_place_to=[f"station-{n}" for n in ends[1 - back][told]],
                sig_stations=hops[told],
                sig_paid_fen=pays[told],
                sig_refunded_fen=0,
                sig_payment=today.purses(me[told]),
                sig_device=today.phones(me[told]),
                withdrawn_after=today.withdrawn(rng, given_back, days_later[told]),
            )
        )
    return found
