"""Rain, which keeps people off their bicycles."""

from __future__ import annotations

from enum import IntEnum

from tanzhang.workbench.city.draws import stream


class Weather(IntEnum):
    """The sky of a day."""

    DRY = 0
    SHOWERS = 1
    RAIN = 2


#: Share of the usual cyclists who still ride, in thousandths.
STILL_RIDING = {Weather.DRY: 1000, Weather.SHOWERS: 620, Weather.RAIN: 240}


def weather(seed: int, day: int) -> Weather:
    """The weather of a local day: seven days in ten are dry."""
    draw = int(stream(seed, "weather", day).integers(0, 10))
    return Weather.DRY if draw < 7 else Weather.SHOWERS if draw < 9 else Weather.RAIN
