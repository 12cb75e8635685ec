"""What a citizen of the living city does just now: one act as its partner would report it."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from tanzhang.problems import Problem
from tanzhang.stored_time import moment_of
from tanzhang.workbench.city.acts import SECOND_US
from tanzhang.workbench.city.identifiers import uuid7_ids
from tanzhang.workbench.city.mishaps import SEEN_BY_THE_BANK
from tanzhang.workbench.city.streams import STREAMS, UUID_PARTNERS, Measure, Stream, stream_number

#: A row of a report, by the names of the report's columns; inputs that are absent are left out.
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Habit:
    """How one kind of act usually goes: how often of a thousand acts, how much, how long.

    ``quantity`` is the least and the most that its stream measures. An act lasts as long as its
    quantity takes at a ``pace`` (quantity an hour, slowest and fastest), or ``minutes``.
    """

    stream: Stream
    per_mille: int
    quantity: tuple[int, int] = (1, 1)
    pace: tuple[int, int] | None = None
    minutes: tuple[int, int] = (0, 0)


def _habit(scene: str, partner: str, per_mille: int, **how: Any) -> Habit:
    return Habit(STREAMS[stream_number(scene, partner)], per_mille, **how)


#: Round figures chosen so that a watcher soon sees every kind; daily meter readings need a night.
HABITS = (
    _habit("metro", "metro-demo", 230, quantity=(4_000, 16_000), pace=(26_000, 38_000)),
    _habit("bus", "bus-demo", 170, quantity=(2_000, 9_000), pace=(12_000, 22_000)),
    _habit("shared-bike", "bike-demo", 150, quantity=(800, 4_000), pace=(9_000, 15_000)),
    _habit("shared-ebike", "bike-demo", 90, quantity=(1_500, 6_000), pace=(13_000, 20_000)),
    _habit("walking", "steps-demo", 90, quantity=(900, 5_000), pace=(5_400, 7_200)),
    _habit("take-away", "takeaway-demo", 90),
    _habit("e-waybill", "jd-demo", 60),
    _habit("utility-payment", "bank", 40),
    _habit("e-bill", "bank", 20),
    _habit("e-card", "bank", 5),
    _habit("appliance", "jd-demo", 5, quantity=(8_000, 60_000)),
    _habit("online-meeting", "office-demo", 30, minutes=(20, 60)),
    _habit("ev-charging", "power-grid", 20, quantity=(6_000, 30_000), pace=(7_000, 45_000)),
)
#: Rides whose fare the bank sees, by scene.
FARES = {STREAMS[gate].scene: STREAMS[bank] for gate, bank in SEEN_BY_THE_BANK.items()}


def habit_of(scene: str) -> Habit:
    """How acts of a scene go. Raises ``simulate.scene_unplayed``."""
    for habit in HABITS:
        if habit.stream.scene == scene:
            return habit
    known = ", ".join(habit.stream.scene for habit in HABITS)
    raise Problem("simulate.scene_unplayed", scene=scene, known=known)


def any_habit(rng: Random) -> Habit:
    """A habit by chance, as often as ``per_mille`` says."""
    return rng.choices(HABITS, [habit.per_mille for habit in HABITS])[0]


def just_now(
    habit: Habit, person: str, now_us: int, rng: Random, *, free_us: int, time_zone: str
) -> Row:
    """An act that ends now, or where ``free_us`` is later than its beginning, begins then.

    ``free_us`` is when the person may begin something: when her last act ended, or she consented.
    """
    quantity = rng.randint(*habit.quantity)
    if habit.pace:
        lasts_s = quantity * 3600 // rng.randint(*habit.pace)
    else:
        lasts_s = rng.randint(*habit.minutes) * 60
    started_us = max(now_us - lasts_s * SECOND_US, free_us)
    return _row(habit.stream, person, rng) | {
        "external_id": new_id(habit.stream.partner, now_us, rng, time_zone),
        "started_us": started_us,
        "ended_us": started_us + lasts_s * SECOND_US,
        **_inputs(habit.stream, quantity),
    }


def seen_by_the_bank(row: Row, rng: Random, time_zone: str) -> Row | None:
    """The same ride as the bank that paid its fare reports it; None if no fare was paid."""
    if row["scene"] not in FARES:
        return None
    bank = FARES[row["scene"]]
    return row | {
        "external_id": new_id(bank.partner, row["ended_us"], rng, time_zone),
        "grade": bank.grade,
        "started_us": row["started_us"] - rng.randint(1, 60) * SECOND_US,
        "in_distance_m": row["in_distance_m"] * rng.randint(95, 100) // 100,
    }


def corrected(row: Row, rng: Random) -> Row | None:
    """The next revision of a ride: shorter, or now and then taken back; None of what is no ride."""
    if "in_distance_m" not in row or row["withdrawn"]:
        return None
    return row | {
        "revision": row["revision"] + 1,
        "withdrawn": rng.randint(1, 5) == 1,
        "in_distance_m": row["in_distance_m"] * rng.randint(70, 99) // 100,
    }


def new_id(partner: str, instant_us: int, rng: Random, time_zone: str) -> str:
    """An id by the partner's habit (see ``identifiers``) that no other act has."""
    random = rng.getrandbits(62)
    if partner in UUID_PARTNERS:
        instant, bits = (np.array([number], np.int64) for number in (instant_us, random))
        return str(uuid7_ids(instant, bits)[0])
    day = moment_of(instant_us).astimezone(ZoneInfo(time_zone))
    return f"{day:%Y%m%d}-live-{random:016x}"


def _row(stream: Stream, person: str, rng: Random) -> Row:
    """What an act of a stream says whatever its times and measures are."""
    item = f"{stream.item_prefix}-live-{rng.getrandbits(62):016x}" if stream.item_prefix else None
    return {
        "revision": 0,
        "withdrawn": False,
        "held": False,
        "person": person,
        "scene": stream.scene,
        "grade": stream.grade,
        "item_key": item,
    }


def _inputs(stream: Stream, quantity: int) -> Row:
    values = {Measure.QUANTITY: quantity, Measure.SECOND: 1}
    return {
        f"in_{name}": values[source] if isinstance(source, Measure) else source
        for name, source in stream.inputs.items()
    }
