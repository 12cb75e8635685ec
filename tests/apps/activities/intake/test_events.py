"""A bad event is told by its own code, wherever it stands, and harms no other."""

from __future__ import annotations

import json
from typing import Any

import polars as pl
import pytest
from batches import DATA_KEY, event, sealed, text, with_key
from hypothesis import given, settings, strategies as st

from tanzhang.apps.activities.intake.envelope import PLAIN, SEALED, open_envelope
from tanzhang.apps.activities.intake.events import Events, Terms, read_events
from tanzhang.apps.activities.intake.faults import CODES
from tanzhang.apps.activities.intake.seals import Opener
from tanzhang.apps.activities.report import check_columns
from tanzhang.crypto import Cipher

TERMS = Terms("bikes", "lake", ("bike", "walk"), 2, 3, {"distance_m", "steps"})
OPENER = Opener("bikes", DATA_KEY, Cipher.SM4_GCM)

GOOD = event()
START_US = 1_714_550_400_000_000


def read(body: bytes, opener: Opener | str = OPENER) -> Events:
    kind = SEALED if body.startswith(b"{") else PLAIN
    return read_events(open_envelope(body, kind).events, TERMS, lambda: opener)


def raw(**members: str) -> str:
    """An event with some of its members written out as they are given."""
    parts = {name: json.dumps(value) for name, value in GOOD.items()} | members
    return "{" + ",".join(f'"{name}":{value}' for name, value in parts.items()) + "}"


def told(*events: str) -> list[str | None]:
    """The codes of events that are written out, one after the other."""
    return read(f"[{','.join(events)}]".encode()).items["code"].to_list()


def with_data(**changes: Any) -> str:
    return json.dumps(event(data=changes))


def broken(pointer: str, **changes: str) -> str:
    """An event whose sealed subject was sealed for another pointer, or had its parts changed."""
    return json.dumps(event(subject=sealed("ada", "e1", pointer) | changes))


DEEP_DATA = json.dumps(GOOD["data"])[:-1]

#: What is wrong with an event, and what it is told. A key for sealed fields is there.
BAD: list[tuple[str, str]] = [
    ("7", "event_malformed"),
    ("null", "event_malformed"),
    ("[]", "event_malformed"),
    ('"event"', "event_malformed"),
    (raw(id='"e1","id":"e1"'), "name_repeated"),
    (raw(id='"e1","\\u0069d":"e2"'), "name_repeated"),
    (raw(data=DEEP_DATA + ',"x":{"y":1,"y":1}}'), "name_repeated"),
    (raw(id='"\\ud800"'), "text_unusable"),
    (raw(subject='"a\\u0000"'), "text_unusable"),
    (raw(x='"\\udfff"'), "text_unusable"),
    ("{}", "specversion_unknown"),
    (raw(specversion='"0.3"'), "specversion_unknown"),
    (raw(specversion="1.0"), "value_type_wrong"),
    (raw(type='"cn.tanzhang.activity.deleted.v1"'), "type_unknown"),
    (raw(type="null"), "type_unknown"),
    (raw(source='"/bikes2"'), "source_foreign"),
    (raw(source='"/bank"'), "source_foreign"),
    (raw(source='"bikes"'), "source_foreign"),
    (raw(source='"/bikes/a|b"'), "source_foreign"),
    (raw(source="null"), "source_foreign"),
    (raw(programme='"river"'), "programme_differs"),
    (raw(programme="1"), "value_type_wrong"),
    (raw(id="5"), "value_type_wrong"),
    (raw(subject="true"), "value_type_wrong"),
    (raw(subject="[]"), "value_type_wrong"),
    (raw(time="1714550400"), "value_type_wrong"),
    (raw(data='"scene"'), "value_type_wrong"),
    (raw(data="null"), "data_missing"),
    (json.dumps(event(data=...)), "data_missing"),
    (raw(time='"2024-05-01T08:00:00"'), "time_invalid"),
    (raw(time='"yesterday"'), "time_invalid"),
    (with_data(ended_at="2024-02-30T08:00:00Z"), "time_invalid"),
    (raw(revision="-1"), "revision_invalid"),
    (raw(revision=str(2**31)), "revision_invalid"),
    (raw(revision="1.0"), "number_not_whole"),
    (raw(revision="1e2"), "number_not_whole"),
    (raw(revision='"1"'), "value_type_wrong"),
    (raw(revision="true"), "value_type_wrong"),
    (raw(revision="{}"), "value_type_wrong"),
    (raw(revision="9" * 400), "number_too_large"),
    (raw(traceparent="{}"), "attribute_unusable"),
    (raw(traceparent='["a"]'), "attribute_unusable"),
    (raw(tracePARENT='"a"'), "attribute_unusable"),
    (with_data(scene=7), "value_type_wrong"),
    (with_data(scene="bill"), "scene_not_agreed"),
    (with_data(grade=-1), "grade_invalid"),
    (with_data(grade=40_000), "grade_invalid"),
    (with_data(grade=4), "grade_above_agreement"),
    (with_data(grade="2"), "value_type_wrong"),
    (with_data(inputs=[2300]), "value_type_wrong"),
    (with_data(inputs={"distance_m": 2300.0}), "number_not_whole"),
    (with_data(inputs={"distance_m": "2300"}), "value_type_wrong"),
    (with_data(inputs={"distance_m": 10**18}), "number_too_large"),
    (with_data(inputs={"distance_m": True}), "value_type_wrong"),
    (with_data(inputs={"distance_km": 2}), "input_unknown"),
    (with_data(item_key=5), "value_type_wrong"),
    (json.dumps(event(source=sealed("/bikes", "e1", "/source"))), "seal_misplaced"),
    (with_data(scene=sealed("bike", "e1", "/data/scene")), "seal_misplaced"),
    (with_data(grade=sealed("2", "e1", "/data/grade")), "seal_misplaced"),
    (broken("/subject", enc="SM4-CBC"), "seal_malformed"),
    (broken("/subject", enc="AES-128-GCM"), "seal_malformed"),
    (broken("/subject", iv="%"), "seal_malformed"),
    (broken("/subject", ct=""), "seal_malformed"),
    (broken("/subject", tag="AAAA"), "seal_broken"),
    (broken("/data/item_key"), "seal_broken"),
    (raw(subject='{"enc":"SM4-GCM"}'), "seal_malformed"),
    (raw(subject="{}"), "seal_malformed"),
    (with_data(inputs={"distance_m": sealed("2300.0", "e1", "/data/inputs/distance_m")}),
     "number_not_whole"),
    (json.dumps(event(subject=sealed("a\0", "e1", "/subject"))), "text_unusable"),
]  # fmt: skip


@pytest.mark.parametrize(("bad", "code"), BAD)
def test_each_fault_has_its_code(bad: str, code: str) -> None:
    assert told(bad) == [code]


def test_every_code_is_tried() -> None:
    elsewhere = {"seal_key_missing", "seal_key_unusable"}
    assert {code for _, code in BAD} | elsewhere == set(CODES)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.none() | st.sampled_from(BAD), min_size=1, max_size=12), st.booleans())
def test_bad_events_at_any_place_harm_no_other(plan: list[Any], spread: bool) -> None:
    events = [
        json.dumps(event(f"e{place}")) if bad is None else bad[0] for place, bad in enumerate(plan)
    ]
    glue = " ,\n " if spread else ","
    found = read(f"[{glue.join(events)}]".encode())
    assert found.items["code"].to_list() == [None if bad is None else bad[1] for bad in plan]
    good = [place for place, bad in enumerate(plan) if bad is None]
    assert found.report["row"].to_list() == good
    assert found.report["external_id"].to_list() == [f"e{place}" for place in good]
    check_columns(found.report)


def test_an_event_becomes_a_row_of_a_report() -> None:
    found = read(
        text(
            event(revision=3, source="/bikes/city/7", programme="lake", data={"grade": 3}),
            event("e2", type="cn.tanzhang.activity.withdrawn.v1", data={"ended_at": None}),
            event("e3", data={"item_key": "bike 7", "inputs": {"steps": None}}),
        )
    )
    rows = found.report.to_dicts()
    assert rows[0] == {
        "row": 0,
        "external_id": "e1",
        "revision": 3,
        "withdrawn": False,
        "held": False,
        "person": "ada",
        "scene": "bike",
        "started_us": START_US,
        "ended_us": START_US + 600_000_000,
        "grade": 3,
        "item_key": None,
        "in_distance_m": 2300,
        "in_steps": None,
    }
    assert (rows[1]["withdrawn"], rows[1]["ended_us"], rows[1]["grade"]) == (True, START_US, 2)
    assert (rows[2]["item_key"], rows[2]["in_distance_m"]) == ("bike 7", None)


def test_sealed_fields_say_what_was_sealed() -> None:
    data = {
        "item_key": sealed("账单 7", "e1", "/data/item_key"),
        "inputs": {"distance_m": sealed("-12", "e1", "/data/inputs/distance_m"), "steps": 5},
    }
    body = with_key(event(data=data, subject=sealed("ada", "e1", "/subject")), event("e2"))
    found = read(body)
    assert found.items["code"].to_list() == [None, None]
    shown = found.report.select("person", "item_key", "in_distance_m", "in_steps")
    assert shown.rows() == [("ada", "账单 7", -12, 5), ("ada", None, 2300, None)]


def test_a_seal_that_was_moved_to_another_event_is_broken() -> None:
    subject = sealed("ada", "e1", "/subject")
    found = read(with_key(event("e1", subject=subject), event("e2", subject=subject)))
    assert found.items["code"].to_list() == [None, "seal_broken"]
    elsewhere = event("e1", subject=subject, source="/bikes/x")
    assert read(with_key(elsewhere)).items["code"].to_list() == ["seal_broken"]


@pytest.mark.parametrize("fault", ["seal_key_missing", "seal_key_unusable"])
def test_without_a_key_only_sealed_events_are_refused(fault: str) -> None:
    body = text(event(subject=sealed("ada", "e1", "/subject")), event("e2"))
    assert read(body, opener=fault).items["code"].to_list() == [fault, None]


def test_a_withdrawal_needs_no_agreement_on_its_scene() -> None:
    withdrawn = event(type="cn.tanzhang.activity.withdrawn.v1", data={"scene": "bill"})
    assert read(text(withdrawn)).items["code"].to_list() == [None]


def test_what_no_event_needs_is_named_and_not_read() -> None:
    more = {"plate": "沪A", "place": {"lat": 31.2}, "q q": 1}
    found = read(text(event(data=more, traceparent="00-1"), event("e2", dataschema="/s")))
    assert found.items["code"].to_list() == [None, None]
    assert found.dropped == ("/data/*", "/data/place", "/data/plate", "/traceparent")
    assert "沪A" not in str(found.report.to_dicts())


def test_many_strange_inputs_make_no_columns() -> None:
    events = [event(f"e{n}", data={"inputs": {f"x{n}": n}}) for n in range(1000)]
    found = read(text(*events))
    assert found.items["code"].unique().to_list() == ["input_unknown"]
    assert found.report.filter(pl.col("row") < 0).width < 20
