"""What became of a batch or an event is told to the partner that sent it, and to nobody else."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from apps_world import RECEIVED_US
from batches import EPOCH, answers, bikes, enrol, event, take, text

from clean_database import Database
from tanzhang.apps.activities.api import (
    batch_receipt,
    batch_results,
    batches,
    drain,
    event_by_id,
    receipt_body,
)
from tanzhang.apps.partners.api import partner
from tanzhang.problems import Problem

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]

#: 2,300 m by shared bike.
RIDE_MG = 112_010

WITHDRAWN = "cn.tanzhang.activity.withdrawn.v1"


def test_a_receipt_is_told_again_to_the_byte() -> None:
    enrol("ada")
    receipt = take(text(event(), event('é"\n', subject="bo"), 7))
    assert receipt_body(bikes().id, receipt.batch_id) == receipt.body
    told = batch_receipt(bikes().id, receipt.batch_id)
    assert told.pop("settled") == {"complete": False, "items": []}
    assert told == json.loads(receipt.body)
    assert batch_results(bikes().id, receipt.batch_id)["code"].to_list() == [
        None,
        "person_unknown",
        "event_malformed",
    ]


def test_what_is_settled_is_told_beside_the_receipt() -> None:
    enrol("ada")
    drain()
    receipt = take(text(event(), event("e2"), event("e3", subject="bo")))
    drain()
    told = batch_receipt(bikes().id, receipt.batch_id)["settled"]
    assert told["complete"]
    first, second = told["items"]
    position = first.pop("position")
    assert first == {
        "id": "e1",
        "revision": 0,
        "status": "credited",
        "reason": None,
        "reduction_mg": RIDE_MG,
        "points": 112,
    }
    assert (second["id"], second["status"], second["reason"]) == ("e2", "duplicate", "overlap")
    assert position == second["position"] > 0


def test_an_event_is_told_with_its_revisions_its_outcome_and_its_batches() -> None:
    enrol("ada")
    first = take(text(event(), event()))
    shorter = event(data={"inputs": {"distance_m": 1000}}, revision=1)
    later = take(text(shorter, event(revision=1)), received_us=RECEIVED_US + 1)
    assert event_by_id(bikes().id, "e1")["outcome"] is None
    drain()
    told = event_by_id(bikes().id, "e1")
    assert told["revisions"] == [0, 1]
    assert told["outcome"]["revision"] == 1
    assert 0 < told["outcome"]["reduction_mg"] < RIDE_MG
    assert [(d["batch_id"], d["revision"], d["outcome"]) for d in told["deliveries"]] == [
        (later.batch_id, 1, "conflict"),
        (later.batch_id, 1, "accepted"),
        (first.batch_id, 0, "duplicate"),
        (first.batch_id, 0, "accepted"),
    ]
    take(text(event(revision=2, type=WITHDRAWN)))
    drain()
    withdrawn = event_by_id(bikes().id, "e1")["outcome"]
    assert (withdrawn["status"], withdrawn["reduction_mg"]) == ("withdrawn", 0)


def test_an_event_that_moved_to_another_month_is_told_once() -> None:
    enrol("ada")
    take(text(event()))
    drain()
    moved = event(revision=1, time="2024-04-01T16:00:00+08:00")
    receipt = take(
        text(
            event(
                "e1",
                data={"ended_at": "2024-04-01T16:10:00+08:00"},
                **{name: moved[name] for name in ("revision", "time")},
            )
        )
    )
    drain()
    (item,) = batch_receipt(bikes().id, receipt.batch_id)["settled"]["items"]
    assert (item["revision"], item["status"], item["reduction_mg"]) == (1, "credited", RIDE_MG)


def test_an_event_that_was_only_refused_is_told_too() -> None:
    receipt = take(text(event("e9", subject="nobody")))
    told = event_by_id(bikes().id, "e9")
    assert (told["revisions"], told["outcome"]) == ([], None)
    assert [(d["batch_id"], d["code"]) for d in told["deliveries"]] == [
        (receipt.batch_id, "person_unknown")
    ]


def test_an_event_that_came_by_a_file_is_told_without_a_batch() -> None:
    enrol("ada")
    drain()
    told = event_by_id(bikes().id, "first of ada")
    assert (told["revisions"], told["deliveries"]) == ([0], [])
    assert told["outcome"]["reduction_mg"] == RIDE_MG


@pytest.mark.parametrize("external_id", ["never", "", "x" * 300])
def test_an_event_that_never_came_is_unknown(external_id: str) -> None:
    with pytest.raises(Problem) as refused:
        event_by_id(bikes().id, external_id)
    assert refused.value.code == "intake.event_unknown"


def test_a_partner_sees_nothing_of_another() -> None:
    enrol("ada")
    receipt = take(text(event()))
    other = partner("bank").id
    with pytest.raises(Problem) as refused:
        batch_receipt(other, receipt.batch_id)
    assert refused.value.code == "intake.batch_unknown"
    with pytest.raises(Problem) as refused:
        event_by_id(other, "e1")
    assert refused.value.code == "intake.event_unknown"
    assert batches(other, EPOCH, EPOCH + timedelta(days=40_000)) == []


@pytest.mark.parametrize("number", ["0190a3c2-7b7e-7d00-8000-000000000000", "no number"])
def test_a_batch_that_never_was_is_unknown(number: str) -> None:
    with pytest.raises(Problem) as refused:
        batch_receipt(bikes().id, number)
    assert refused.value.code == "intake.batch_unknown"


def test_batches_are_listed_by_their_arrival() -> None:
    enrol("ada")
    at = EPOCH + timedelta(microseconds=RECEIVED_US)
    second = take(text(event("e2", subject="bo")), received_us=RECEIVED_US + 1)
    first = take(text(event(), event()), channel="pull", key_id=None)
    found = batches(bikes().id, at, at + timedelta(microseconds=2))
    assert [str(line.id) for line in found] == [first.batch_id, second.batch_id]
    assert (found[0].channel, found[0].key_id, found[1].key_id) == (
        "pull",
        None,
        "5A17C0DE5A17C0DE",
    )
    assert [(line.item_count, line.accepted, line.duplicate) for line in found] == [
        (2, 1, 1),
        (1, 0, 0),
    ]
    assert batches(bikes().id, at, at + timedelta(microseconds=1)) == found[:1]


def test_a_receipt_that_cannot_be_made_again_is_not_told(database: Database) -> None:
    enrol("ada")
    receipt = take(text(event()))
    with database.connect("owner") as owner:
        owner.execute("update batch set dropped = '{/data/plate}'")
    with pytest.raises(Problem) as refused:
        receipt_body(bikes().id, receipt.batch_id)
    assert refused.value.code == "intake.receipt_differs"
    assert answers(receipt) == [("accepted", None)]
