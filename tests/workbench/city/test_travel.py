"""Rain keeps citizens off their bicycles, and the others take the bus."""

from __future__ import annotations

import numpy as np

from tanzhang.workbench.city.draws import stream
from tanzhang.workbench.city.people import make_citizens
from tanzhang.workbench.city.streams import STREAMS
from tanzhang.workbench.city.travel import rides
from tanzhang.workbench.city.weather import Weather, weather


def rides_by_scene(sky: Weather) -> dict[str, int]:
    """How many rides of each scene a workday with this sky sees."""
    made = rides(stream(1, "rides"), make_citizens(1, 5000), 0, weekend=False, sky=sky)
    counts = np.bincount(made.stream, minlength=len(STREAMS))
    return {kind.scene: int(count) for kind, count in zip(STREAMS, counts, strict=True) if count}


def test_rain_moves_cyclists_to_the_bus() -> None:
    dry, rain = rides_by_scene(Weather.DRY), rides_by_scene(Weather.RAIN)
    assert rain["shared-bike"] < dry["shared-bike"] // 2
    assert rain["shared-ebike"] < dry["shared-ebike"] // 2
    assert rain["bus"] > dry["bus"]


def test_a_month_has_dry_days_and_wet_days() -> None:
    assert {weather(3, day) for day in range(30)} == set(Weather)
