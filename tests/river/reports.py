"""What partners report, as plain rows, and how it goes through the door."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from river.programmes import PARTNERS
from tanzhang.apps.activities.api import REPORT, Acceptance, accept

Row = dict[str, Any]

ZONES = {"river": ZoneInfo("Asia/Shanghai"), "coast": ZoneInfo("America/New_York")}
MINUTE_US = 60_000_000
RECEIVED_US = 1_760_000_000_000_000  #: 2025-10-09, after every act of these tests

#: Scene -> (its inputs, minutes that an act lasts).
SCENES: dict[str, tuple[dict[str, int], int]] = {
    "bike": ({"distance_m": 2000}, 10),
    "tour": ({"distance_m": 2000}, 10),
    "walk": ({"steps": 4000}, 60),
    "bill": ({"count": 1}, 0),
    "paper": ({"count": 1}, 0),
    "power": ({"energy_wh": 3000, "household_size": 2}, 0),
    "order": ({"orders": 1}, 0),
    "fridge": ({"energy_wh": 90_000}, 0),
    "ride": ({"distance_m": 2000}, 10),
    "dues": ({"count": 1}, 0),
}
INPUTS = sorted({f"in_{name}" for inputs, _ in SCENES.values() for name in inputs})


def at(text: str, programme: str = "river") -> int:
    """A local time like ``05-03 08:10`` of 2025 in the programme's zone, in µs since 1970."""
    moment = datetime.strptime(f"2025-{text}", "%Y-%m-%d %H:%M")
    return int(moment.replace(tzinfo=ZONES[programme]).timestamp()) * 1_000_000


def act(
    external_id: str,
    when: str,
    scene: str = "bike",
    *,
    person: str = "ada",
    partner: str | None = None,
    minutes: int | None = None,
    **more: Any,
) -> Row:
    """One report. ``more`` are other columns, or inputs by their plain names."""
    inputs, usual_minutes = SCENES[scene]
    inputs = {name: more.pop(name, value) for name, value in inputs.items()}
    reporter = partner or next(code for code, (_, own) in PARTNERS.items() if scene in own)
    started_us = at(when, PARTNERS[reporter][0])
    length_us = (usual_minutes if minutes is None else minutes) * MINUTE_US
    return {
        "partner": reporter,
        "external_id": external_id,
        "revision": 0,
        "withdrawn": False,
        "held": False,
        "person": person,
        "scene": scene,
        "started_us": started_us,
        "ended_us": started_us + length_us,
        "grade": 2,
        "item_key": None,
        **{f"in_{name}": value for name, value in inputs.items()},
        **more,
    }


def hand_in(*rows: Row, enrol: bool = False) -> list[Acceptance]:
    """Take rows to the door, each partner's in one report, in their order."""
    return [
        accept(
            frame([row for row in rows if row["partner"] == code]),
            partner=code,
            programme=PARTNERS[code][0],
            received_us=RECEIVED_US,
            enrol=enrol,
        )
        for code in dict.fromkeys(row["partner"] for row in rows)
    ]


def frame(rows: Sequence[Row]) -> pl.DataFrame:
    """The rows as a report."""
    schema = {**REPORT, **dict.fromkeys(INPUTS, pl.Int64)}
    numbered = [{"row": place, **row} for place, row in enumerate(rows)]
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in numbered], schema)
