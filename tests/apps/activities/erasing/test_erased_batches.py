"""Batches lose what names her events and nothing of others; receipts still prove themselves."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from clean_database import Database
from river.batches import BATCHES, ride, take
from river.books import ask
from tanzhang.apps.activities.api import (
    batch_receipt,
    compare,
    drain,
    event_by_id,
    make_due_files,
    receipt_body,
    reconciliation_detail,
    reconciliation_files,
    tell_settled,
)
from tanzhang.apps.activities.erasing.copies import reduced_lines
from tanzhang.apps.activities.intake.reading import batch_results
from tanzhang.apps.partners.api import open_endpoint, partner
from tanzhang.apps.people import api as people
from tanzhang.crypto import Purpose, open_store
from tanzhang.problems import Problem
from tanzhang.proofs import Seal

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

HERS = {f"b{day}-ada" for day in range(1, 16)}


@pytest.fixture
def journal(tmp_path: Path) -> people.Journal:
    return people.Journal(tmp_path / "erasures", people.installation().id_text)


def bikes() -> int:
    return partner("bikes").id


def lived() -> tuple[int, list[dict[str, Any]]]:
    """Ada's subject, and the receipts of batches with rides of hers and of others."""
    receipts = [take(list(batch)) for batch in BATCHES]
    drain()
    found = people.account("river-ada")
    assert found is not None
    return found.subject_id, receipts


def test_only_her_rows_lose_id_and_digest(journal: people.Journal) -> None:
    subject_id, (first, *_) = lived()
    before = batch_results(bikes(), first["batch_id"])
    people.erase(subject_id, journal)
    after = batch_results(bikes(), first["batch_id"])
    for old, new in zip(before.iter_rows(named=True), after.iter_rows(named=True), strict=True):
        hers = old["external_id"] in HERS
        gone = {"external_id": None, "sm3": None} if hers else {}
        assert new == old | gone
    assert ask("select count(*) from batch_body") == [(0,)]


def test_a_receipt_keeps_its_root_and_what_it_says_of_others(journal: people.Journal) -> None:
    subject_id, (first, *_) = lived()
    people.erase(subject_id, journal)
    told = json.loads(receipt_body(bikes(), first["batch_id"]))
    assert told["merkle_root"] == first["merkle_root"]
    assert [item for item in told["items"] if item["id"] is not None] == [
        item for item in first["items"] if item["id"] not in HERS
    ]
    settled = batch_receipt(bikes(), first["batch_id"])["settled"]
    assert settled["complete"]
    assert len(settled["items"]) == len(first["items"]) - 5


def test_a_reduced_receipt_that_is_altered_is_refused(
    journal: people.Journal, database: Database
) -> None:
    subject_id, (first, *_) = lived()
    people.erase(subject_id, journal)
    with database.connect("owner") as owner:
        owner.execute("update erased_line set line_hash = decode(repeat('00', 32), 'hex')")
    with pytest.raises(Problem, match="receipt_differs"):
        receipt_body(bikes(), first["batch_id"])


def test_what_was_sent_again_of_hers_goes_too(journal: people.Journal) -> None:
    subject_id, _ = lived()
    again = take([ride("b1-ada", 1, "ada"), ride("b1-ada", 2, "ada"), ride("b1-bo", 1, "bo")])
    assert [item["outcome"] for item in again["items"]] == ["duplicate", "conflict", "duplicate"]
    people.erase(subject_id, journal)
    told = json.loads(receipt_body(bikes(), again["batch_id"]))
    assert [item["id"] for item in told["items"]] == [None, None, "b1-bo"]


def test_her_partner_still_learns_what_became_of_an_event_by_its_own_id(
    journal: people.Journal,
) -> None:
    subject_id, _ = lived()
    people.erase(subject_id, journal)
    assert event_by_id(bikes(), "b1-ada")["outcome"]["status"] == "credited"
    told = take([ride("b1-ada", 1, "bo")])
    assert told["items"][0]["code"] == "subject_differs", "her event is nobody else's"


def test_copies_in_files_messages_and_comparisons_lose_her_ids(
    journal: people.Journal, tmp_path: Path
) -> None:
    open_endpoint(bikes(), "https://bikes.example/hook", None)
    subject_id, _ = lived()
    tell_settled()
    store = open_store(tmp_path / "keys", {})
    seal = Seal.now(store, Purpose.SIGN)
    ((received_at,), *_) = ask("select received_at from batch")
    make_due_files(seal, received_at + timedelta(days=3))
    day = next(line.day for line in reconciliation_files(bikes()) if line.row_count)
    compare(bikes(), day, json.dumps({"counts": {}, "ids": ["other"]}).encode())
    before = reconciliation_detail(bikes(), day).decode()
    assert all(name in before for name in HERS)

    people.erase(subject_id, journal)
    after = reconciliation_detail(bikes(), day).decode()
    copies = [after, *map(_text, ask("select body from webhook_message"))]
    copies += map(_text, ask("select comparison from own_count"))
    assert not [name for name in HERS if any(f'"{name}"' in copy for copy in copies)]
    assert len(after.splitlines()) == len(before.splitlines())
    assert [line for line in after.splitlines() if "-bo" in line] == [
        line for line in before.splitlines() if "-bo" in line
    ]


def _text(row: tuple[Any, ...]) -> str:
    return bytes(row[0]).decode()


def test_a_line_of_a_days_detail_keeps_everything_but_id_and_digest() -> None:
    batch = "0197-b"
    body = (
        '"batch_id","row","id","revision","sm3","outcome","code","event_key","status",'
        '"reduction_mg","points"\n'
        f'"{batch}",0,"a, ""quoted"" id",0,"aa","accepted",,"ff","credited",97400,1\n'
        f'"{batch}",1,"b",0,"bb","rejected","no_consent",,,,\n'
    )
    reduced = reduced_lines(body.encode(), {(batch, 0)}).decode().splitlines()
    assert reduced == [
        body.splitlines()[0],
        f'"{batch}",0,,0,,"accepted",,"ff","credited",97400,1',
        body.splitlines()[2],
    ]


def test_stored_answers_about_her_batches_are_forgotten(
    journal: people.Journal, database: Database
) -> None:
    subject_id, (first, *_) = lived()
    with database.connect("app") as app:
        app.execute(
            "insert into idempotency (partner_id, key, digest, started_at, finished_at, status,"
            " content_type, body) values (%s, 'k', %s, %s, %s, 200, 'application/json', %s)",
            [
                bikes(),
                bytes(32),
                datetime.now(UTC),
                datetime.now(UTC),
                json.dumps(first).encode(),
            ],
        )
    people.erase(subject_id, journal)
    assert ask("select count(*) from idempotency") == [(0,)]
