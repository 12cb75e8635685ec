"""The mappings that come with the project, on made-up and on real trips."""

from __future__ import annotations

import csv
import gzip
import io
import math
import time
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from rides import MAP_2021, REAL, TRIP_2013, TRIP_2021, as_csv, mapping_2013, real_file

from tanzhang.engine.mapping import FieldMapping, Mapped, apply
from tanzhang.engine.mapping.geo import EARTH_RADIUS_M
from tanzhang.workbench.files import load_map, open_file


def mapped(path: Path, rules: FieldMapping) -> Mapped:
    """A whole file through its mapping."""
    with open_file(path, rules) as opened:
        parts = [apply(rules, chunk.table, chunk.rows) for chunk in opened.chunks()]
    return Mapped(
        *(pl.concat([getattr(p, n) for p in parts]) for n in ("report", "refused", "held"))
    )


def notes(frame: pl.DataFrame) -> dict[int, str]:
    return dict(frame.select("row", "code").iter_rows())


def made_up(folder: Path, content: bytes) -> Path:
    path = folder / "trips.csv"
    path.write_bytes(content)
    return path


def test_a_trip_of_2013_becomes_an_act_with_a_distance(tmp_path: Path) -> None:
    result = mapped(made_up(tmp_path, as_csv(TRIP_2013, [{}])), mapping_2013())
    (act,) = result.report.rows(named=True)
    # Two stations 0.01 degrees apart both ways: 1395.2 m along the sphere, times 1.3.
    assert act["in_distance_m"] == 1814
    assert (act["scene"], act["grade"], act["held"]) == ("shared-bike", 2, False)
    assert act["person"].startswith("rider-") and len(act["external_id"]) == 64
    started = datetime(1970, 1, 1) + timedelta(microseconds=act["started_us"])
    assert started == datetime(2019, 2, 4, 13, 0, 0, 100_000)


def test_trips_with_a_catch_get_a_name(tmp_path: Path) -> None:
    changes = [
        {"end station id": "1"},
        {"stoptime": "2019-02-05 08:00:00.1000"},
        {"stoptime": "2019-02-05 08:00:00.1001"},
        {"starttime": "2020-11-01 01:59:59.9990", "stoptime": "2020-11-01 02:05:00.0000"},
        {"starttime": "2020-03-08 02:30:00.0000", "stoptime": "2020-03-08 03:05:00.0000"},
        {"end station latitude": ""},
        {"starttime": "2/4/2019 08:00"},
    ]
    result = mapped(made_up(tmp_path, as_csv(TRIP_2013, changes)), mapping_2013())
    assert notes(result.refused) == {
        1: "round_trip",
        3: "over_a_day",
        5: "skipped_hour",
        6: "missing_value",
        7: "bad_time",
    }
    assert notes(result.held) == {4: "repeated_hour"}
    assert result.report["row"].to_list() == [2, 4]


def test_a_later_layout_needs_another_mapping_and_nothing_else(tmp_path: Path) -> None:
    changes = [
        {},
        {"ride_id": "A2", "rideable_type": "electric_bike"},
        {"ride_id": "A3", "rideable_type": "docked_bike"},
        {"ride_id": "A4", "end_station_id": "JC001"},
        {"ride_id": "A5", "end_lat": "", "end_lng": "", "end_station_id": ""},
        {
            "ride_id": "A6",
            "started_at": "2024-06-01 08:00:00.123",
            "ended_at": "2024-06-01 08:09:00.9",
        },
    ]
    result = mapped(made_up(tmp_path, as_csv(TRIP_2021, changes)), load_map(MAP_2021))
    assert result.report["external_id"].to_list() == ["A1", "A2", "A3", "A6"]
    assert result.report["scene"].to_list() == [
        "shared-bike",
        "shared-ebike",
        "shared-bike",
        "shared-bike",
    ]
    assert result.report["in_distance_m"].to_list() == [1814] * 4
    assert notes(result.refused) == {4: "round_trip", 5: "missing_value"}


def test_both_mappings_say_that_their_people_are_fictitious() -> None:
    for rules in (mapping_2013(), load_map(MAP_2021)):
        assert rules.person.fictitious and rules.person.enrol and rules.person.modulo == 1500
        assert (rules.programme, rules.partner) == ("citic", "citibike")


# --- real files, judged row by row by plain Python ---------------------------------------------

NEW_YORK = ZoneInfo("America/New_York")


def instant(text: str) -> datetime:
    return datetime.strptime(text[:26], "%Y-%m-%d %H:%M:%S.%f").replace(tzinfo=NEW_YORK)


def is_repeated(moment: datetime) -> bool:
    return moment.utcoffset() != moment.replace(fold=1).utcoffset()


def metres(trip: dict[str, str]) -> int:
    lat1, lon1, lat2, lon2 = (
        math.radians(float(trip[f"{end} station {what}"]))
        for end in ("start", "end")
        for what in ("latitude", "longitude")
    )
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return round(2 * EARTH_RADIUS_M * math.asin(math.sqrt(half)) * 1.3)


def verdict(trip: dict[str, str]) -> str:
    """What must be said of a trip, by the words of the mapping."""
    start, end = instant(trip["starttime"]), instant(trip["stoptime"])
    if trip["start station id"] == trip["end station id"]:
        return "round_trip"
    if end.timestamp() - start.timestamp() > 86_400:
        return "over_a_day"
    return "repeated_hour" if is_repeated(start) or is_repeated(end) else ""


@pytest.mark.shared
@pytest.mark.parametrize("name", REAL)
def test_every_row_of_a_real_month_is_judged_as_plain_python_judges_it(name: str) -> None:
    path = real_file(name)
    trips = list(csv.DictReader(io.StringIO(gzip.decompress(path.read_bytes()).decode())))
    expected = {row: why for row, trip in enumerate(trips, 1) if (why := verdict(trip))}
    result = mapped(path, mapping_2013())
    assert notes(result.refused) | notes(result.held) == expected
    assert len(result.report) + len(result.refused) == len(trips)
    for act in result.report.iter_rows(named=True):
        trip = trips[act["row"] - 1]
        assert act["in_distance_m"] == metres(trip)
        if not act["held"]:
            assert act["started_us"] == round(instant(trip["starttime"]).timestamp() * 10**6)
            assert act["ended_us"] == round(instant(trip["stoptime"]).timestamp() * 10**6)
    assert result.report["external_id"].is_unique().all()
    assert result.report["person"].n_unique() > 1_400


@pytest.mark.shared
def test_a_real_month_maps_in_well_under_two_seconds() -> None:
    path = real_file(REAL[0])
    mapped(path, mapping_2013())
    before = time.process_time()
    mapped(path, mapping_2013())
    assert time.process_time() - before < 1.5  # about 0.25 s on the slowest machine we know
