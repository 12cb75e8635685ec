"""Nothing of an act is kept that its methodology does not need: no place, no goods, no track."""

from __future__ import annotations

import json
import logging
import zlib
from pathlib import Path
from typing import Any

import pytest
from apps_world import RECEIVED_US, report, ride

from clean_database import Database
from river.batches import PLAIN
from tanzhang.apps.activities.api import accept, drain, needs_of, read_piece, take_batch
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.partners.api import AgreementKind, agreement, partner
from tanzhang.engine.packs import load_packs

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]

#: What a partner might send and nobody needs; each would be found wherever it was kept.
CANARIES = ("canary-Xinhua-Hospital", "canary-folding-bike", "canary-31.2304-121.4737")


def everything(database: Database) -> bytes:
    """Every row of every table as text, with what is compressed unpacked."""
    found: list[bytes] = []
    with database.connect("owner") as owner:
        tables = owner.execute(
            "select relname from pg_class where relnamespace = 'public'::regnamespace"
            " and relkind = 'r' order by relname"
        ).fetchall()
        for (table,) in tables:
            for row in owner.execute(f'select * from "{table}"'.encode()).fetchall():
                for value in row:
                    raw = bytes(value) if isinstance(value, bytes | memoryview) else b""
                    found.append(raw or str(value).encode())
                    if raw[:4] == b"\xff\xff\xff\xff":  # a stream of Arrow's
                        found.append(str(read_piece(raw).rows()).encode())
                    elif raw[:1] == b"\x78":
                        found.append(zlib.decompress(raw))
    return b"\n".join(found)


def test_what_no_methodology_needs_is_found_nowhere(
    database: Database, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    place, goods, coordinate = CANARIES
    accept(report(ride("known")), partner="bikes", programme="lake", received_us=RECEIVED_US,
           enrol=True)  # fmt: skip
    event: dict[str, Any] = {
        "specversion": "1.0",
        "id": "e1",
        "source": "/bikes",
        "type": "cn.tanzhang.activity.reported.v1",
        "time": "2024-05-01T16:00:00+08:00",
        "subject": "ada",
        "placename": place,
        "data": {
            "scene": "bike",
            "ended_at": "2024-05-01T16:10:00+08:00",
            "inputs": {"distance_m": 2300},
            "item_key": goods,
            "track": [{"at": coordinate}],
        },
    }
    refused = event | {"id": "e2", "subject": place}  # nobody here: nothing may be kept of it
    with caplog.at_level(logging.DEBUG):
        receipt = take_batch(
            json.dumps([event, refused]).encode(),
            PLAIN,
            partner=partner("bikes"),
            agreement=agreement(partner("bikes").id, AgreementKind.REPORT),
            received_us=RECEIVED_US,
        )
        drain()
    told = json.loads(receipt.body)
    assert told["dropped"] == ["/data/item_key", "/data/track", "/placename"]
    assert told["counts"]["accepted"] == 1
    kept = everything(database)
    assert b"e1" in kept, "the test would find what is there"
    for canary in CANARIES:
        assert canary.encode() not in kept
        assert canary not in caplog.text
        assert canary.encode() not in receipt.body


def test_a_thing_is_remembered_only_where_things_are_told_apart(database: Database) -> None:
    bill = ride("b1", scene="bill", item_key="bill 7", in_distance_m=None, in_payments=1)
    for row, who in ((ride("r1", item_key="bike 7"), "bikes"), (bill, "bank")):
        said = accept(
            report(row), partner=who, programme="lake", received_us=RECEIVED_US, enrol=True
        )
        assert said.dropped == (("/data/item_key",) if who == "bikes" else ())
    with database.connect("auditor") as auditor:
        pieces = auditor.execute("select body from piece order by id").fetchall()
    (ridden,), (paid,) = (read_piece(bytes(body))["item_hi"].to_list() for (body,) in pieces)
    assert ridden == 0
    assert paid != 0


def test_a_report_that_is_sent_again_is_the_same_though_less_of_it_was_kept() -> None:
    rows = [ride("r1", item_key="bike 7")] * 2
    said = accept(
        report(*rows), partner="bikes", programme="lake", received_us=RECEIVED_US, enrol=True
    )
    assert said.verdicts["code"].to_list() == [None, "same_content"]


def test_each_pack_says_what_is_sensitive_in_it() -> None:
    rules = rulebook_in_force()
    assert needs_of(rules, "hankou-walk").kinds == {"steps": "health"}
    assert needs_of(rules, "hankou-walk").required_kinds == {"health"}
    assert needs_of(rules, "meituan-bike").kinds == {}
    assert needs_of(rules, "hankou-payment").item_key
    assert not needs_of(rules, "meituan-bike").item_key


def test_every_shipped_pack_that_counts_steps_or_money_marks_them() -> None:
    # Steps are health (PIPL 28), amounts paid are finances (GB/T 35273, annex B).
    expected = {"step": "health", "fen": "financial"}
    for editions in load_packs().packs.values():
        for entry in editions[-1].definition.inputs:
            unit = "" if entry.unit is None else entry.unit.text
            assert entry.sensitive == expected.get(unit, entry.sensitive), editions[-1].id
