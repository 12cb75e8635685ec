"""Acts as rows: what a drill lets partners report, and what it knows of their truth."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import polars as pl

from tanzhang.engine.authenticity import SIGNALS, SignalKind
from tanzhang.stored_time import DAY_US

SECOND_US: Final = 1_000_000
_ZONE_US: Final = 8 * 3_600_000_000  #: Asia/Shanghai, which changes no clocks

INPUTS: Final = ("steps", "distance_m", "mode", "orders")

#: What a drill knows of an act besides its report. ``day`` counts from the drill's first; ``truth``
#: names what really happened (acts that tell one thing twice share it; null: nothing happened).
KNOWN: Final = {
    "day": pl.Int64,
    "attack": pl.String,
    "variant": pl.String,
    "truth": pl.String,
    "false_share": pl.Int64,
    "withdrawn_after": pl.Int64,
}

ROW: Final = pl.Schema(
    {
        **KNOWN,
        "partner": pl.String,
        "person": pl.String,
        "scene": pl.String,
        "started_us": pl.Int64,
        "ended_us": pl.Int64,
        "grade": pl.Int16,
        "item_key": pl.String,
        **{f"in_{name}": pl.Int64 for name in INPUTS},
        **{
            f"sig_{name}": pl.String if signal.kind is SignalKind.TOKEN else pl.Int64
            for name, signal in SIGNALS.items()
        },
    }
)

_PARTNER: Final = {
    "walking": "farm-steps",
    "cycling": "farm-rides",
    "metro": "farm-metro",
    "take-away": "farm-orders",
}


def midnight_us(first_day: int, day: int) -> int:
    """When a day of the drill begins."""
    return (first_day + day) * DAY_US - _ZONE_US


def rows(scene: str, *, midnight: int, start_s: Any, lasts_s: Any, **columns: Any) -> pl.DataFrame:
    """Acts of one scene on one day; ``columns`` are single values or arrays."""
    start = np.atleast_1d(np.asarray(start_s, np.int64))
    count = len(start)
    began = midnight + start * SECOND_US
    given: dict[str, Any] = {
        "partner": _PARTNER[scene],
        "scene": scene,
        "started_us": began,
        "ended_us": began + np.asarray(lasts_s, np.int64) * SECOND_US,
        "grade": 3,
        "false_share": 0,
        **columns,
    }
    frame = {}
    for name, dtype in ROW.items():
        value = given.get(name)
        if value is None or isinstance(value, str | int):
            frame[name] = pl.Series([value], dtype=dtype).new_from_index(0, count)
        else:
            listed = value if isinstance(value, list) else np.broadcast_to(value, count).tolist()
            frame[name] = pl.Series(listed, dtype=dtype, strict=False)
    unknown = set(given) - set(ROW)
    if unknown:
        raise ValueError(f"not of a row: {sorted(unknown)}")
    return pl.DataFrame(frame, ROW)
