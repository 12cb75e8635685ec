"""The steps of honest citizens, as phones and watches tell them."""

from __future__ import annotations

import numpy as np
import polars as pl

from tanzhang.engine.rules import Flags, Ints
from tanzhang.workbench.city.draws import happens
from tanzhang.workbench.farm.honest.day import Day
from tanzhang.workbench.farm.people import NONE
from tanzhang.workbench.farm.rows import SECOND_US, rows

_AUTOMATIC, _ACTIVE = 2, 3
_HOUR = 3600


def walks(rng: np.random.Generator, today: Day) -> pl.DataFrame:
    """The day's steps of two in three citizens, some told by a watch as well."""
    who = today.who
    me = np.flatnonzero((np.arange(len(who)) % 3 < 2) & today.goes(rng, 930))
    phone = _by_phone(rng, today, me)
    return pl.concat([phone, _by_watch(rng, today, phone.filter(who.watch[me]), me[who.watch[me]])])


def _steps(rng: np.random.Generator, today: Day, me: Ints) -> tuple[Ints, Flags, Flags]:
    """Steps of the day but for those on a treadmill; who ran, and who hiked."""
    who, count = today.who, len(me)
    steps = rng.gamma(3.2, 2250, count).astype(np.int64).clip(200, 34_000)
    steps = np.where(who.at_home[me], steps // 4, steps)
    runs = who.runner[me] & happens(rng, 350, count)
    marathon = who.runner[me] & happens(rng, 30, count)
    hike = (who.hiker[me] & happens(rng, 150 if today.weekend else 20, count)) & ~marathon
    steps = steps + np.where(runs, rng.integers(5_000, 14_000, count), 0)
    steps = np.where(hike, rng.integers(28_000, 52_000, count), steps)
    steps = np.where(marathon, rng.integers(45_000, 64_000, count), steps)
    outing = rng.integers(7_000, 17_000, len(who))  # a group's day out, the same for all of it
    out = who.lead != np.arange(len(who))
    out |= np.isin(np.arange(len(who)), who.lead[out])
    with_group = out[me] & today.weekend & ~marathon & happens(rng, 600, len(who))[who.lead[me]]
    shared = outing[who.lead[me]] * rng.integers(960, 1040, count) // 1000
    return np.where(with_group, shared, steps), runs | marathon, hike


def _by_phone(rng: np.random.Generator, today: Day, me: Ints) -> pl.DataFrame:
    who, count = today.who, len(me)
    steps, runs, hike = _steps(rng, today, me)
    belt = who.treadmill[me] & happens(rng, 480, count)
    total = steps + np.where(belt, rng.integers(3_000, 8_000, count), 0)
    cadence = who.cadence[me] + rng.integers(-8, 9, count) + np.where(runs, 35, 0)
    active = (total / cadence * rng.normal(1, 0.06, count)).astype(np.int64).clip(1, 900)
    stride_mm = rng.integers(560, 760, count) + np.where(runs, 250, 0)
    outdoors = np.where(who.indoors[me], rng.integers(40, 220, count), who.outdoors[me])
    outdoors = (outdoors + rng.integers(-150, 100, count)).clip(40, 980)
    outdoors = np.where(who.at_home[me], rng.integers(0, 400, count), outdoors)
    outdoors = np.where(hike, rng.integers(800, 980, count), outdoors)
    spread = np.exp(rng.normal(5.52, 0.24, count)).astype(np.int64)  # about 250
    spread = np.where(belt, spread * steps // np.maximum(total, 1) + 60, spread).clip(40, 700)
    long = hike | who.stroller[me]
    minutes = np.where(long, rng.integers(20, 90, count), rng.integers(4, 16, count))
    inside = np.where(who.at_home[me], 0.3, np.where(who.indoors[me], 2, 5))
    night = np.where(
        who.night_worker[me], rng.integers(300, 900, count), rng.integers(0, 90, count)
    )
    return rows(
        "walking",
        midnight=today.midnight,
        start_s=np.zeros(count, np.int64),
        lasts_s=rng.integers(21 * _HOUR + 1800, 24 * _HOUR - 60, count),
        day=today.number,
        person=today.called(me),
        truth=[f"walk-{name}-{today.number}" for name in today.called(me)],
        grade=2,
        in_steps=total,
        sig_recording=np.where(happens(rng, 30, count), _ACTIVE, _AUTOMATIC),
        sig_attestation=who.attestation[me],
        sig_device=today.phones(me),
        sig_network=today.networks(me),
        sig_mock_location=happens(rng, 1, count).astype(np.int64),
        sig_cadence_max=(cadence + rng.integers(12, 45, count)).clip(80, 215),
        sig_cadence_spread=spread,
        sig_active_min=active,
        sig_bouts=(active // minutes + 1).clip(1, 90),
        sig_places=1 + rng.poisson(inside),
        sig_displacement_m=steps * stride_mm // 1000 * outdoors // 1000,
        sig_night_permille=night,
    )


def _by_watch(rng: np.random.Generator, today: Day, phone: pl.DataFrame, me: Ints) -> pl.DataFrame:
    """The same walks by the watch: other figures, or the very same where the phone copies them.

    Half of the watches are told by a partner of their own; one in three has no location.
    """
    who, count = today.who, len(me)
    synced = pl.Series(who.synced[me])
    blur = pl.Series(rng.integers(960, 1160, count))
    spread = pl.Series(rng.integers(930, 1080, count))
    proves = pl.Series(who.attestation[me]).set(pl.Series(me % 3 == 0), NONE)
    lost = pl.Series(me % 3 == 1) & ~synced
    begins = pl.Series(np.where(synced, 0, rng.integers(5 * _HOUR, 9 * _HOUR, count))) * SECOND_US
    figures = ("in_steps", "sig_active_min", "sig_displacement_m")
    told = phone.with_columns(
        *(pl.when(synced).then(n).otherwise(pl.col(n) * blur // 1000).alias(n) for n in figures),
        sig_cadence_spread=pl.when(synced)
        .then("sig_cadence_spread")
        .otherwise(pl.col("sig_cadence_spread") * spread // 1000),
        sig_attestation=proves.cast(pl.Int64),
        sig_device=pl.Series([f"watch-{number}" for number in me.tolist()], dtype=pl.String),
        partner=pl.Series(np.where(me % 2, "farm-steps", "farm-watch").tolist(), dtype=pl.String),
        started_us=pl.col("started_us") + begins,
    )
    return told.with_columns(
        pl.when(lost).then(None).otherwise(name).alias(name)
        for name in ("sig_displacement_m", "sig_places")
    )
