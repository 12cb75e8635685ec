"""Signals of events: what a judged scene reads becomes a column, the rest is told as dropped."""

from __future__ import annotations

import json
from typing import Any

from batches import event

from tanzhang.apps.activities.intake.envelope import PLAIN, open_envelope
from tanzhang.apps.activities.intake.events import Events, Terms, read_events
from tanzhang.apps.activities.report import check_columns

WANTED = {"recording", "device", "active_min", "mock_location"}
TERMS = Terms("bikes", "lake", ("bike", "walk"), 2, 3, {"distance_m", "steps"}, WANTED)


def read(*signals: Any) -> Events:
    told = [event(id=f"e{n}", data={"signals": one}) for n, one in enumerate(signals)]
    batch = open_envelope(json.dumps(told).encode(), PLAIN).events
    return read_events(batch, TERMS, lambda: "seal_key_missing")


def test_signals_become_columns_of_the_report() -> None:
    events = read({"recording": "automatic", "device": "p-1", "active_min": 7}, {})
    check_columns(events.report)
    columns = ("sig_recording", "sig_device", "sig_active_min")
    assert events.report.select(columns).rows() == [(2, "p-1", 7), (None, None, None)]
    assert "sig_mock_location" not in events.report.columns


def test_what_no_check_reads_is_dropped_and_named() -> None:
    events = read({"recording": "active", "latitude": 39, "gate": "both"})
    assert {"/data/signals/latitude", "/data/signals/gate"} <= {*events.dropped}
    assert [name for name in events.report.columns if name.startswith("sig_")] == ["sig_recording"]


def test_an_unknown_word_says_nothing_and_a_wrong_type_is_a_fault() -> None:
    assert read({"recording": "by magic"}).report["sig_recording"].to_list() == [None]
    assert read({"active_min": "seven"}).items["code"].to_list() == ["value_type_wrong"]
    assert read({"active_min": 7.5}).items["code"].to_list() == ["number_not_whole"]
    assert read("signals").items["code"].to_list() == ["value_type_wrong"]


def test_a_scene_that_is_not_judged_drops_every_signal() -> None:
    told = [event(data={"signals": {"recording": "active"}})]
    batch = open_envelope(json.dumps(told).encode(), PLAIN).events
    plain = Terms("bikes", "lake", None, 2, 3, {"distance_m"})
    events = read_events(batch, plain, lambda: "seal_key_missing")
    assert events.dropped == ("/data/signals/recording",)
    assert not [name for name in events.report.columns if name.startswith("sig_")]
