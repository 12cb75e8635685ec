"""Hand-made bike trips in the two layouts of Citi Bike files, and where the real ones lie.

Bikes, times and stations are made up; only the layout is the operator's.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from tanzhang.engine.mapping import FieldMapping
from tanzhang.workbench.files import load_map

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data"
MAP_2013 = ROOT / "maps" / "citibike-2013.toml"
MAP_2021 = ROOT / "maps" / "citibike-2021.toml"
REAL = ("citibike-jc-201902.csv.gz", "citibike-jc-202011.csv.gz")

TRIP_2013 = {
    "tripduration": "600",
    "starttime": "2019-02-04 08:00:00.1000",
    "stoptime": "2019-02-04 08:10:00.2000",
    "start station id": "1",
    "start station name": "Pier",
    "start station latitude": "40.7200",
    "start station longitude": "-74.0400",
    "end station id": "2",
    "end station name": "Park, north",
    "end station latitude": "40.7300",
    "end station longitude": "-74.0500",
    "bikeid": "100",
    "usertype": "Subscriber",
    "birth year": "1980",
    "gender": "1",
}
TRIP_2021 = {
    "ride_id": "A1",
    "rideable_type": "classic_bike",
    "started_at": "2022-05-01 08:00:00",
    "ended_at": "2022-05-01 08:10:00",
    "start_station_name": "Pier",
    "start_station_id": "JC001",
    "end_station_name": "Park, north",
    "end_station_id": "JC002",
    "start_lat": "40.7200",
    "start_lng": "-74.0400",
    "end_lat": "40.7300",
    "end_lng": "-74.0500",
    "member_casual": "member",
}


def as_csv(base: Mapping[str, str], changes: Iterable[Mapping[str, str]]) -> bytes:
    """A file with one trip for each of ``changes``."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(base), quoting=csv.QUOTE_NONNUMERIC)
    writer.writeheader()
    writer.writerows({**base, **change} for change in changes)
    return text.getvalue().encode()


def day_of(number: int) -> dict[str, str]:
    """What makes a trip of 2013's layout the trip of another day and bike."""
    day = f"2019-02-{1 + number % 28:02d}"
    return {
        "starttime": f"{day} {6 + number // 28 % 12:02d}:00:00.0000",
        "stoptime": f"{day} {6 + number // 28 % 12:02d}:15:00.0000",
        "bikeid": str(100 + number),
    }


def real_file(name: str) -> Path:
    """A real monthly file; the test is skipped where it is absent."""
    path = SHARED / name
    if not path.is_file():
        pytest.skip(f"the real trips are not here: {path} is absent")
    return path


def mapping_2013() -> FieldMapping:
    """The mapping of the older layout."""
    return load_map(MAP_2013)
