"""Local times become instants; the hour that occurs twice and the one that never does are named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings, strategies as st

from tanzhang.engine.mapping.spec import DEFAULT_NOT_BEFORE_US, FileFormat, Moment
from tanzhang.engine.mapping.times import instants

NEW_YORK = "America/New_York"


def read(
    text: str,
    pattern: str = "iso",
    *,
    zone: str = NEW_YORK,
    ambiguous: str = "reject",
    missing: str = "reject",
    not_before_us: int = DEFAULT_NOT_BEFORE_US,
) -> tuple[str | None, str]:
    """The instant in UTC, and the code of what is wrong (``held `` before it if only held)."""
    file = FileFormat("csv", ",", zone, ambiguous, missing, not_before_us)
    moment = Moment(("t",), pattern)
    parsed = instants(pl.Series([text], dtype=pl.String), moment, file)
    us = parsed.values[0]
    when = None if us is None else str(datetime(1970, 1, 1) + timedelta(microseconds=us))
    found = [("held " if f.hold else "") + f.code for f in parsed.faults if f.mask[0]]
    return when, found[0] if found else ""


@pytest.mark.parametrize(
    ("text", "pattern", "expected"),
    [
        ("2019-02-01 15:35:02.0820", "%Y-%m-%d %H:%M:%S%.f", "2019-02-01 20:35:02.082000"),
        ("2019-02-01 15:35:02", "%Y-%m-%d %H:%M:%S%.f", "2019-02-01 20:35:02"),
        ("01/07/2024 08:15", "%d/%m/%Y %H:%M", "2024-07-01 12:15:00"),
        ("2024-07-01T08:15", "iso", "2024-07-01 12:15:00"),
        ("2024-07-01 08:15:30.1234567", "iso", "2024-07-01 12:15:30.123456"),
        ("2024-07-01T08:15:30Z", "iso", "2024-07-01 08:15:30"),
        ("2024-07-01T08:15:30+08:00", "iso", "2024-07-01 00:15:30"),
        ("2024-07-01T08:15:30-0330", "iso", "2024-07-01 11:45:30"),
        ("1719821730", "unix_s", "2024-07-01 08:15:30"),
        ("1719821730.25", "unix_s", "2024-07-01 08:15:30.250000"),
        ("1719821730250", "unix_ms", "2024-07-01 08:15:30.250000"),
        ("1719821730250001", "unix_us", "2024-07-01 08:15:30.250001"),
    ],
)
def test_a_time_is_read_in_the_stated_form(text: str, pattern: str, expected: str) -> None:
    assert read(text, pattern) == (expected, "")


@pytest.mark.parametrize(
    ("text", "pattern", "code"),
    [
        ("2024-02-30 08:00", "iso", "bad_time"),
        ("yesterday", "iso", "bad_time"),
        ("2024-07-01", "iso", "bad_time"),
        ("2024-07-01 25:00", "iso", "bad_time"),
        ("2024-07-01 08:00 x", "%Y-%m-%d %H:%M", "bad_time"),
        ("NaN", "unix_s", "bad_time"),
        ("1e300", "unix_s", "bad_time"),
        ("1999-12-31 12:00", "iso", "time_out_of_range"),
        ("0001-01-01 00:00", "iso", "time_out_of_range"),
        ("9999-12-31 23:59", "iso", "time_out_of_range"),
        ("2100-01-02 00:00", "iso", "time_out_of_range"),
        ("-1", "unix_s", "time_out_of_range"),
        ("9223372036854775807", "unix_us", "time_out_of_range"),
    ],
)
def test_a_time_that_cannot_be_meant_is_named(text: str, pattern: str, code: str) -> None:
    assert read(text, pattern)[1] == code


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("reject", ("2020-11-01 05:30:00", "repeated_hour")),
        ("hold", ("2020-11-01 05:30:00", "held repeated_hour")),
        ("earlier", ("2020-11-01 05:30:00", "")),
        ("later", ("2020-11-01 06:30:00", "")),
    ],
)
def test_the_repeated_hour_follows_the_mappings_rule(rule: str, expected: tuple[str, str]) -> None:
    assert read("2020-11-01 01:30", ambiguous=rule) == expected


@pytest.mark.parametrize(
    ("rule", "code"),
    [("reject", "skipped_hour"), ("hold", "held skipped_hour"), ("shift_forward", "")],
)
def test_the_skipped_hour_follows_the_mappings_rule(rule: str, code: str) -> None:
    # 02:30 with the offset before the change (-5) is what clocks called 03:30 (-4).
    assert read("2020-03-08 02:30", missing=rule) == ("2020-03-08 07:30:00", code)


def test_the_edges_of_both_hours_are_exact() -> None:
    assert [
        read(f"2020-11-01 {clock}")[1] for clock in ("00:59:59", "01:00", "01:59:59.9", "02:00")
    ] == [
        "",
        "repeated_hour",
        "repeated_hour",
        "",
    ]
    assert [
        read(f"2020-03-08 {clock}")[1] for clock in ("01:59:59", "02:00", "02:59:59", "03:00")
    ] == [
        "",
        "skipped_hour",
        "skipped_hour",
        "",
    ]


def test_the_range_of_instants_is_half_open() -> None:
    assert read("2099-12-31T23:59:59.999999Z")[1] == ""
    assert read("2100-01-01T00:00:00Z")[1] == "time_out_of_range"
    assert read("2000-01-01T00:00:00Z")[1] == ""
    assert read("1999-12-31T23:59:59.999999Z")[1] == "time_out_of_range"


def test_a_time_that_states_its_offset_is_never_ambiguous() -> None:
    assert read("2020-11-01T01:30-05:00") == ("2020-11-01 06:30:00", "")
    assert read("2020-03-08T02:30-05:00") == ("2020-03-08 07:30:00", "")


def test_shanghais_summer_time_is_known_too() -> None:
    summer = read("1990-07-01 12:00", zone="Asia/Shanghai", not_before_us=0)
    assert summer == ("1990-07-01 03:00:00", "")
    assert read("2024-07-01 12:00", zone="Asia/Shanghai") == ("2024-07-01 04:00:00", "")


def test_a_whole_skipped_day_is_shifted_forward() -> None:
    # Samoa left out 30 December 2011; noon with the old offset (-10) is noon of the 31st (+14).
    found = read("2011-12-30 12:00", zone="Pacific/Apia", missing="shift_forward")
    assert found == ("2011-12-30 22:00:00", "")


@settings(max_examples=100, deadline=None)
@given(
    st.datetimes(datetime(2000, 1, 2), datetime(2099, 12, 30)),
    st.sampled_from([NEW_YORK, "Europe/Berlin", "Asia/Shanghai", "Australia/Lord_Howe"]),
)
def test_instants_agree_with_the_standard_library(local: datetime, zone: str) -> None:
    text = local.isoformat(sep=" ", timespec="microseconds")
    early, _ = read(text, zone=zone, ambiguous="earlier", missing="shift_forward")
    late, _ = read(text, zone=zone, ambiguous="later", missing="shift_forward")
    here = local.replace(tzinfo=ZoneInfo(zone))
    exists = here.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local
    later = here.replace(fold=1) if exists else here
    assert early == str(here.astimezone(UTC).replace(tzinfo=None))
    assert late == str(later.astimezone(UTC).replace(tzinfo=None))
