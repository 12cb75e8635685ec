"""A whole mapping on whole rows: nothing is lost, and the first thing that is wrong is named."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings, strategies as st

from tanzhang.engine.mapping import apply
from tanzhang.engine.mapping.apply import NOTES_SCHEMA, REPORT_SCHEMA

from .samples import ROW, codes, mapped, mapping, table

RULES = """
[withdrawn]
column = "state"
is = ["cancelled"]

[inputs.distance_m]
column = "km"
unit = "km"
required = true

[[refuse]]
code = "far"
when = { column = "km", above = 50 }
en = "Too far."
zh = "太远。"

[[hold]]
code = "odd"
when = { column = "km", above = 40 }
en = "Odd."
zh = "异常。"
"""
HOLDING = 'time_zone = "America/New_York"\nambiguous = "hold"\nmissing = "hold"'


def test_a_sound_row_becomes_one_line_of_the_report() -> None:
    report = mapped(mapping(RULES), {"km": "2.5", "state": "done"}).report
    assert report.rows(named=True) == [
        {
            "row": 1,
            "external_id": "e1",
            "revision": 0,
            "withdrawn": False,
            "held": False,
            "person": "ann",
            "scene": "walk",
            "started_us": 1_714_564_800_000_000,
            "ended_us": 1_714_566_000_000_000,
            "grade": 2,
            "item_key": None,
            "in_distance_m": 2500,
        }
    ]


def test_the_report_and_the_notes_have_their_stated_columns() -> None:
    for rows in ([{"km": "1", "state": ""}], [{"km": "x", "state": ""}]):
        result = mapped(mapping(RULES), *rows)
        assert dict(result.report.schema) == REPORT_SCHEMA | {"in_distance_m": pl.Int64}
        assert dict(result.refused.schema) == dict(result.held.schema) == NOTES_SCHEMA


def test_an_empty_table_gives_empty_frames() -> None:
    empty = table({"km": "1", "state": ""}).clear()
    result = apply(mapping(RULES), empty, pl.Series([], dtype=pl.UInt32))
    assert result.report.is_empty() and result.refused.is_empty() and result.held.is_empty()
    assert dict(result.report.schema) == REPORT_SCHEMA | {"in_distance_m": pl.Int64}


def test_a_refusal_goes_before_a_hold_and_a_hold_stays_in_the_report() -> None:
    result = mapped(mapping(RULES), *[{"km": km, "state": ""} for km in ("39", "45", "60")])
    assert codes(result) == {2: "odd", 3: "far"}
    assert result.report.select("row", "held").rows() == [(1, False), (2, True)]
    assert result.held["row"].to_list() == [2] and result.refused["row"].to_list() == [3]


def test_a_row_that_is_refused_is_not_held_whatever_comes_first() -> None:
    row = {"from": "2020-11-01 01:30", "to": "2020-11-01 03:00", "km": "x", "state": ""}
    result = mapped(mapping(RULES, file=HOLDING), row)
    assert codes(result) == {1: "not_a_number"}
    assert result.held.is_empty()


def test_the_first_fault_in_the_order_of_the_fields_is_named() -> None:
    result = mapped(mapping(RULES), {"km": "x", "state": "", "who": None, "from": "never"})
    assert result.refused.select("external_id", "code", "column").row(0) == (
        "e1",
        "missing_person",
        "who",
    )


def test_a_withdrawal_need_not_describe_the_act_again() -> None:
    result = mapped(
        mapping(RULES), {"km": None, "state": "cancelled"}, {"km": "60", "state": "cancelled"}
    )
    assert codes(result) == {}
    assert result.report["withdrawn"].to_list() == [True, True]


def test_an_instant_ends_when_it_starts() -> None:
    report = mapped(mapping(ended="instant = true"), {}).report
    assert report["ended_us"].to_list() == report["started_us"].to_list()


def test_a_duration_is_added_to_the_start() -> None:
    rules = mapping(ended='duration = "took"\nunit = "min"')
    result = mapped(rules, *[{"took": took} for took in ("1.5", None, "-1", "1e12", "x")])
    lasted = result.report["ended_us"] - result.report["started_us"]
    assert lasted.to_list() == [90_000_000]
    assert codes(result) == {
        2: "missing_time",
        3: "negative_number",
        4: "number_too_large",
        5: "not_a_number",
    }
    assert codes(mapped(rules, {"took": "999999999"})) == {1: "time_out_of_range"}


def test_a_time_may_be_spread_over_two_columns() -> None:
    rules = mapping(started='columns = ["day", "clock"]\nformat = "%Y-%m-%d %H:%M"')
    one = mapped(rules, {"day": "2024-05-01", "clock": "08:00"}).report["started_us"]
    assert one.to_list() == mapped(mapping(), {}).report["started_us"].to_list()
    assert codes(mapped(rules, {"day": "2024-05-01", "clock": None})) == {1: "missing_time"}


def test_a_held_hour_holds_whether_the_act_starts_or_ends_in_it() -> None:
    result = mapped(
        mapping(file=HOLDING),
        {"from": "2020-11-01 01:30", "to": "2020-11-01 03:00"},
        {"from": "2020-11-01 00:30", "to": "2020-11-01 01:10"},
        {"from": "2020-03-08 02:10", "to": "2020-03-08 03:20"},
        {"from": "2020-11-01 02:00", "to": "2020-11-01 03:00"},
    )
    assert codes(result) == {1: "repeated_hour", 2: "repeated_hour", 3: "skipped_hour"}
    assert result.report["held"].to_list() == [True, True, True, False]


def test_columns_may_be_called_anything() -> None:
    rules = mapping('[inputs.rides]\ncolumn = "^.*$"\nrequired = true\n')
    assert mapped(rules, {"^.*$": "3", "row": "9", "*": "8"}).report["in_rides"].to_list() == [3]


CELLS = st.one_of(
    st.none(),
    st.sampled_from(
        ["", "1", "-1", "1e400", "NaN", "2020-11-01 01:30", "2020-03-08 02:30", "cancelled"]
    ),
    st.text(max_size=5),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.fixed_dictionaries(dict.fromkeys((*ROW, "km", "state"), CELLS)), min_size=1))
def test_every_row_comes_out_exactly_once_whatever_it_holds(
    rows: list[dict[str, str | None]],
) -> None:
    result = mapped(mapping(RULES, file=HOLDING), *rows)
    out = [*result.report["row"], *result.refused["row"]]
    assert sorted(out) == list(range(1, len(rows) + 1))
    assert set(result.held["row"]) == set(result.report.filter("held")["row"])
    needed = result.report.drop("item_key", "in_distance_m")
    assert sum(needed.null_count().row(0)) == 0
