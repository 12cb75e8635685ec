"""Each closed day has one file, whose totals add up, and which both sides can compare."""

from __future__ import annotations

import base64
import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from apps_world import RECEIVED_US
from batches import bikes, enrol, event, take, text
from django.db import connection

from clean_database import Database
from tanzhang.apps.activities.api import (
    compare,
    drain,
    last_comparisons,
    make_due_files,
    reconciliation_detail,
    reconciliation_files,
    reconciliation_statement,
)
from tanzhang.apps.activities.reconciliation import comparing, detail, making
from tanzhang.apps.activities.reconciliation.days import PartnerDay
from tanzhang.apps.partners.api import deliveries, open_endpoint, partner
from tanzhang.crypto import Purpose, load_public, open_store, sm3
from tanzhang.problems import Problem
from tanzhang.proofs import Seal, canonical

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]

#: The tests' batches arrive on 2024-06-01 at 00:00 UTC, which is eight o'clock at the lake.
DAY = "2024-06-01"
CLOSED = datetime(2024, 6, 1, 18, 0, tzinfo=UTC)  # two hours after midnight at the lake
RIDE_MG = 112_010


@pytest.fixture
def seal(tmp_path: Path) -> Seal:
    """The platform's seal of this test."""
    store = open_store(tmp_path, {})
    return Seal.now(store, Purpose.SIGN)


def deliver() -> None:
    """A day on which everything happens: taken, repeated, contradicted, refused."""
    enrol("ada")
    take(text(event("e1"), event("e1"), event("=1+1", subject="nobody")))
    second = text(event("e1", data={"inputs": {"distance_m": 9}}), event("e2", time="soon"))
    take(second, received_us=RECEIVED_US + 1_000_000)
    drain()


def lines() -> list[dict[str, Any]]:
    """The day's detail as a spreadsheet would read it."""
    detail = reconciliation_detail(bikes().id, DAY).decode()
    return list(csv.DictReader(io.StringIO(detail)))


def test_received_is_accepted_duplicate_conflict_rejected_and_held_together(seal: Seal) -> None:
    deliver()
    [made] = make_due_files(seal, CLOSED)
    assert (made.partner, made.day.isoformat(), made.rows) == ("bikes", DAY, 5)
    said = json.loads(reconciliation_statement(bikes().id, DAY))
    counts = {
        name: said[name] for name in ("accepted", "duplicate", "conflict", "rejected", "held")
    }
    assert counts == {"accepted": 1, "duplicate": 1, "conflict": 1, "rejected": 2, "held": 0}
    assert said["received"] == sum(counts.values()) == len(lines())
    assert (said["batches"], said["reduction_mg"], said["points"]) == (2, RIDE_MG, 112)
    assert said["begins"] == "2024-05-31T16:00:00.000000Z"


def test_the_detail_is_what_the_signed_statement_says_it_is(seal: Seal) -> None:
    deliver()
    make_due_files(seal, CLOSED)
    said = json.loads(reconciliation_statement(bikes().id, DAY))
    detail = reconciliation_detail(bikes().id, DAY)
    assert sm3(detail).hex() == said["detail_sm3"]
    signature = said.pop("signature")
    key = load_public(next(k["pem"] for k in said["keys"] if k["key_id"] == signature["key_id"]))
    assert key.verify(canonical(said), base64.b64decode(signature["value"]))


def test_a_line_says_what_became_of_its_event_and_starts_no_formula(seal: Seal) -> None:
    deliver()
    make_due_files(seal, CLOSED)
    taken, repeated, unknown, contradicted, refused = lines()
    assert (taken["outcome"], taken["status"]) == ("accepted", "credited")
    assert taken["reduction_mg"] == str(RIDE_MG)
    assert (repeated["outcome"], repeated["reduction_mg"]) == ("duplicate", "")
    assert (unknown["id"], unknown["code"]) == ("'=1+1", "person_unknown")
    assert contradicted["outcome"] == "conflict"
    assert refused["outcome"] == "rejected"


def test_a_file_is_made_once_and_stays_as_it_is(seal: Seal) -> None:
    deliver()
    make_due_files(seal, CLOSED)
    statement = reconciliation_statement(bikes().id, DAY)
    detail = reconciliation_detail(bikes().id, DAY)
    assert make_due_files(seal, CLOSED + timedelta(hours=3)) == []
    assert reconciliation_statement(bikes().id, DAY) == statement
    assert reconciliation_detail(bikes().id, DAY) == detail


def test_a_day_is_closed_two_hours_after_midnight_and_then_every_day_has_its_file(
    seal: Seal,
) -> None:
    deliver()
    assert make_due_files(seal, CLOSED - timedelta(seconds=1)) == []
    make_due_files(seal, CLOSED + timedelta(days=2))
    assert [(line.day, line.row_count) for line in reconciliation_files(bikes().id)] == [
        ("2024-06-03", 0),
        ("2024-06-02", 0),
        (DAY, 5),
    ]


def test_a_day_with_a_piece_that_waits_has_no_file_yet(seal: Seal) -> None:
    enrol("ada")
    drain()
    take(text(event("e1")))
    assert make_due_files(seal, CLOSED) == []
    drain()
    assert len(make_due_files(seal, CLOSED)) == 1


def test_a_partner_gets_its_own_files_alone(seal: Seal) -> None:
    deliver()
    make_due_files(seal, CLOSED)
    bank = partner("bank").id
    assert reconciliation_files(bank) == []
    with pytest.raises(Problem, match=r"intake\.file_unknown"):
        reconciliation_detail(bank, DAY)
    with pytest.raises(Problem, match=r"intake\.day_malformed"):
        reconciliation_detail(bank, "yesterday")


def test_a_new_file_is_told_of(seal: Seal) -> None:
    open_endpoint(bikes().id, "https://hooks.example.cn/in")
    deliver()
    make_due_files(seal, CLOSED)
    told = [(line.kind, line.about) for line in deliveries(bikes().id)]
    assert ("cn.tanzhang.reconciliation.ready.v1", DAY) in told


def count(**said: Any) -> bytes:
    return json.dumps(said).encode()


def test_a_partner_that_counted_the_same_agrees(seal: Seal) -> None:
    deliver()
    make_due_files(seal, CLOSED)
    own = count(counts={"received": 5, "accepted": 1}, ids=["e1", "=1+1", "e2"])
    comparison = compare(bikes().id, DAY, own)
    assert comparison.breaks == 0
    assert last_comparisons(bikes().id) == [comparison.told()]
    assert comparison.told()["agrees"] is True


def test_what_only_one_side_has_is_named(seal: Seal) -> None:
    deliver()
    make_due_files(seal, CLOSED)
    own = count(counts={"received": 6, "accepted": 2}, ids=["e1", "e2", "lost"])
    comparison = compare(bikes().id, DAY, own)
    assert comparison.differences == {"received": (5, 6), "accepted": (1, 2)}
    assert (comparison.only_ours, comparison.only_theirs) == (["=1+1"], ["lost"])
    assert comparison.breaks == 4
    later = compare(bikes().id, DAY, count(counts={"received": 5}))
    assert last_comparisons(bikes().id) == [later.told()]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"counts":{"accepted":"1"}}',
        b'{"counts":{"accepted":-1}}',
        b'{"counts":{"accepted":true}}',
        b'{"counts":{"lost":1}}',
        b'{"counts":{},"ids":[1]}',
        b'{"counts":{},"more":1}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_count_is_refused(body: bytes, seal: Seal) -> None:
    deliver()
    make_due_files(seal, CLOSED)
    with pytest.raises(Problem, match=r"intake\.own_count_malformed"):
        compare(bikes().id, DAY, body)


def test_ids_are_compared_as_they_were_sent(seal: Seal) -> None:
    take(text(event("'=1+1"), event("=1+1"), event("'e2")))
    drain()
    make_due_files(seal, CLOSED)
    comparison = compare(bikes().id, DAY, count(counts={}, ids=["'=1+1", "=1+1", "'e2"]))
    assert (comparison.breaks, comparison.only_ours, comparison.only_theirs) == (0, [], [])


def test_a_long_day_has_its_lines_in_parts_that_join_to_one_file(
    seal: Seal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(detail, "LINES_A_PART", 2)
    deliver()
    make_due_files(seal, CLOSED)
    said = json.loads(reconciliation_statement(bikes().id, DAY))
    parts = [reconciliation_detail(bikes().id, DAY, each["part"]) for each in said["parts"]]
    assert [each["rows"] for each in said["parts"]] == [2, 2, 1]
    assert [each["sm3"] for each in said["parts"]] == [sm3(part).hex() for part in parts]
    assert said["detail_sm3"] == sm3(b"".join(parts)).hex()
    assert said["detail_bytes"] == sum(map(len, parts))
    assert (said["received"], said["accepted"], said["reduction_mg"]) == (5, 1, RIDE_MG)
    joined = list(csv.DictReader(io.StringIO(b"".join(parts).decode())))
    assert [line["id"] for line in joined] == ["e1", "e1", "'=1+1", "e1", "e2"]
    with pytest.raises(Problem, match=r"intake\.file_unknown"):
        reconciliation_detail(bikes().id, DAY, 4)


def test_a_day_without_events_has_a_part_without_lines(seal: Seal) -> None:
    deliver()
    make_due_files(seal, CLOSED + timedelta(days=1))
    said = json.loads(reconciliation_statement(bikes().id, "2024-06-02"))
    assert [each["rows"] for each in said["parts"]] == [0]
    assert reconciliation_detail(bikes().id, "2024-06-02").startswith(b'"batch_id"')


def test_whoever_is_inside_the_door_is_waited_for(seal: Seal, database: Database) -> None:
    deliver()
    with database.connect("app") as inside:
        inside.execute("select pg_advisory_xact_lock(%s, %s)", [0x646F6F72, bikes().id])
        with connection.cursor() as cursor:
            cursor.execute("set lock_timeout = '200ms'")
        with pytest.raises(ExceptionGroup) as failed:
            make_due_files(seal, CLOSED)
        assert isinstance(failed.value.exceptions[0], psycopg.errors.LockNotAvailable)
        with connection.cursor() as cursor:
            cursor.execute("reset lock_timeout")
        inside.rollback()
    [made] = make_due_files(seal, CLOSED)
    assert made.rows == 5


def test_a_day_that_fails_keeps_back_its_own_partner_alone(
    seal: Seal, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    deliver()
    take(text(event("b1", source="/bank")), partner=partner("bank"))
    drain()
    read = making.read_detail

    def fail(cursor: Any, day: PartnerDay) -> Any:
        if day.partner == "bank":
            raise Problem("intake.batch_empty")
        return read(cursor, day)

    with monkeypatch.context() as patch:
        patch.setattr(making, "read_detail", fail)
        with pytest.raises(ExceptionGroup) as failed:
            make_due_files(seal, CLOSED + timedelta(days=1))
    assert [str(error) for error in failed.value.exceptions] == [str(Problem("intake.batch_empty"))]
    assert "bank for 2024-06-01" in caplog.text
    assert len(reconciliation_files(bikes().id)) == 2
    assert reconciliation_files(partner("bank").id) == []
    assert [made.partner for made in make_due_files(seal, CLOSED + timedelta(days=1))] == [
        "bank",
        "bank",
    ]


def test_a_count_is_compared_twenty_times_a_day(seal: Seal) -> None:
    deliver()
    make_due_files(seal, CLOSED)
    for _ in range(comparing.COUNTS_A_DAY):
        compare(bikes().id, DAY, count(counts={"received": 5}))
    with pytest.raises(Problem, match=r"intake\.counted_too_often") as refused:
        compare(bikes().id, DAY, count(counts={"received": 5}))
    assert 0 < refused.value.details["reset_s"] <= 86_400


def test_ids_of_a_day_that_is_too_long_are_not_compared_and_its_counts_are(
    seal: Seal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "MOST_COMPARED", 4)
    deliver()
    make_due_files(seal, CLOSED)
    with pytest.raises(Problem, match=r"intake\.too_many_to_compare"):
        compare(bikes().id, DAY, count(counts={}, ids=[]))
    assert compare(bikes().id, DAY, count(counts={"received": 5})).breaks == 0


def test_an_event_that_was_corrected_on_its_day_is_worth_what_it_is_once(seal: Seal) -> None:
    enrol("ada")
    take(text(event("e1")))
    take(text(event("e1", revision=1, data={"inputs": {"distance_m": 1000}})))
    drain()
    make_due_files(seal, CLOSED)
    said = json.loads(reconciliation_statement(bikes().id, DAY))
    worth = [int(line["reduction_mg"]) for line in lines()]
    assert worth == [48_700, 48_700]
    assert (said["accepted"], said["reduction_mg"]) == (2, 48_700)
