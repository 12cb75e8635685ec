"""What citizens buy and charge, and the meetings they do not travel to."""

from __future__ import annotations

import numpy as np

from tanzhang.engine.rules import Ints
from tanzhang.workbench.city.acts import SECOND_US, Acts, join, make_acts
from tanzhang.workbench.city.draws import happens
from tanzhang.workbench.city.people import Citizens
from tanzhang.workbench.city.streams import stream_number

TAKE_AWAY = stream_number("take-away", "takeaway-demo")
E_WAYBILL = stream_number("e-waybill", "jd-demo")
CHARGING = stream_number("ev-charging", "power-grid")
E_CARD = stream_number("e-card", "bank")
MEETING = stream_number("online-meeting", "office-demo")


def orders(
    rng: np.random.Generator, citizens: Citizens, day: int, midnight_us: int, weekend: bool
) -> Acts:
    """Meals without disposable cutlery and parcels with an electronic waybill."""
    count = len(citizens)
    parts = []
    for stream, chance, first_hour, last_hour in (
        (TAKE_AWAY, 210 if weekend else 130, 11, 21),
        (E_WAYBILL, 150, 8, 20),
    ):
        who = np.flatnonzero(happens(rng, chance, count))
        start_us = _between(rng, midnight_us, first_hour, last_hour, len(who))
        parts.append(make_acts(stream, who, start_us, 0, item=_numbers(day, len(who))))
    return join(parts)


def charges(rng: np.random.Generator, citizens: Citizens, midnight_us: int) -> Acts:
    """Electric cars that charge today, one in four, at about seven kilowatts or faster."""
    who = np.flatnonzero(citizens.electric_car & happens(rng, 250, len(citizens)))
    energy_wh = rng.integers(6_000, 48_000, len(who))
    power_w = np.where(happens(rng, 300, len(who)), 45_000, 7_000)
    start_us = _between(rng, midnight_us, 6, 22, len(who))
    return make_acts(CHARGING, who, start_us, energy_wh * 3600 // power_w, quantity=energy_wh)


def cards(rng: np.random.Generator, citizens: Citizens, day: int, midnight_us: int) -> Acts:
    """New cards that exist only on the phone; a citizen asks for one rarely."""
    who = np.flatnonzero(happens(rng, 2, len(citizens)))
    start_us = _between(rng, midnight_us, 9, 22, len(who))
    return make_acts(E_CARD, who, start_us, 0, item=_numbers(day, len(who)))


def meetings(rng: np.random.Generator, citizens: Citizens, midnight_us: int, weekend: bool) -> Acts:
    """Online meetings of the employed, on workdays."""
    chance = np.where(citizens.employed & (not weekend), 35, 0)
    who = np.flatnonzero(happens(rng, chance, len(citizens)))
    start_us = _between(rng, midnight_us, 9, 17, len(who))
    return make_acts(MEETING, who, start_us, rng.integers(20, 120, len(who)) * 60)


def _between(
    rng: np.random.Generator, midnight_us: int, first_hour: int, last_hour: int, count: int
) -> Ints:
    """Instants of the day between two hours, to the second."""
    return midnight_us + rng.integers(first_hour * 3600, last_hour * 3600, count) * SECOND_US


def _numbers(day: int, count: int) -> Ints:
    """Numbers of the day's things, never used again."""
    return day * 10_000_000 + np.arange(1, count + 1)
