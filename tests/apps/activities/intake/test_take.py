"""A batch is taken whole: each event gets its answer; batch, pieces and receipt stand together."""

from __future__ import annotations

import hashlib
import json
import time
import zlib
from typing import Any

import psycopg
import pytest
from apps_world import RECEIVED_US
from batches import answers, bikes, enrol, event, sealed, take, terms, text, with_key
from hypothesis import HealthCheck, given, settings, strategies as st

from clean_database import Database
from tanzhang.apps.activities.api import drain, event_by_id, forget_bodies
from tanzhang.apps.partners.api import PartnerEntry, close, partner, suspend
from tanzhang.apps.people.api import installation_secret, person_refs
from tanzhang.problems import Problem

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]

WITHDRAWN = "cn.tanzhang.activity.withdrawn.v1"


def rows(database: Database, query: str) -> list[Any]:
    with database.connect("auditor") as auditor:
        return auditor.execute(query).fetchall()


def counted(database: Database, *tables: str) -> list[int]:
    return [rows(database, f"select count(*) from {table}")[0][0] for table in tables]


def outcome(external_id: str = "e1") -> dict[str, Any]:
    drain()
    found: dict[str, Any] = event_by_id(bikes().id, external_id)["outcome"]
    return found


def test_each_event_of_a_batch_gets_its_answer() -> None:
    enrol("ada")
    take(text(event("old")))
    batch = text(
        event("e1"),
        event("old"),
        event("old", data={"inputs": {"distance_m": 1}}),
        event("e1"),
        event("", subject="ada"),
        event("e2", subject="nobody"),
        event("e3", data={"scene": "flight"}),
        event("e4", time="2030-01-01T00:00:00Z", data={"ended_at": None}),
        event("e5", data={"inputs": {"distance_m": 1.5}}),
    )
    receipt = take(batch)
    assert answers(receipt) == [
        ("accepted", None),
        ("duplicate", "same_content"),
        ("conflict", "content_differs"),
        ("duplicate", "same_content"),
        ("rejected", "id_missing"),
        ("rejected", "person_unknown"),
        ("rejected", "scene_unknown"),
        ("rejected", "time_future"),
        ("rejected", "number_not_whole"),
    ]
    assert receipt.counts == {
        "accepted": 1, "duplicate": 2, "conflict": 1, "rejected": 5, "held": 0
    }  # fmt: skip


def test_a_receipt_names_the_batch_its_partner_and_each_event() -> None:
    enrol("ada")
    sent = [event("e1"), event("é2", subject="nobody")]
    receipt = take(json.dumps(sent, ensure_ascii=False, indent=1).encode())
    told = json.loads(receipt.body)
    assert (told["batch_id"], told["partner"]) == (receipt.batch_id, "bikes")
    assert (told["received_at"], told["counts"]) == ("2024-06-01T00:00:00.000000Z", receipt.counts)
    assert receipt.batch_id[14] == "7"
    for item, own in zip(told["items"], sent, strict=True):
        compact = json.dumps(own, ensure_ascii=False, separators=(",", ":")).encode()
        assert (item["id"], item["sm3"]) == (own["id"], hashlib.new("sm3", compact).hexdigest())
        assert len(item["event_key"]) == 32


def test_what_was_sent_and_signed_is_kept_with_the_answer(database: Database) -> None:
    enrol("ada")
    body = text(event(data={"plate": "A7"}), event("e2", subject="nobody"))
    receipt = take(body, canonical=b"lines\n", signature=b"\x30\x01", idempotency_key="i7")
    (row,) = rows(
        database,
        "select id, partner_id, channel, key_id, idempotency_key, canonical, signature,"
        " body_digest, item_count, accepted, rejected, dropped, receipt_digest, merkle_root,"
        " piece_ids, body from batch join batch_body on batch_id = id",
    )
    digest = hashlib.new("sm3", body).digest()
    assert row[:12] == (
        *(row[0], bikes().id, "api", "5A17C0DE5A17C0DE", "i7", b"lines\n", b"\x30\x01"),
        *(digest, 2, 1, 1, ["/data/plate"]),
    )
    assert str(row[0]) == receipt.batch_id
    assert row[12] == hashlib.new("sm3", receipt.body).digest()
    assert row[13].hex() == json.loads(receipt.body)["merkle_root"]
    assert tuple(row[14]) == receipt.piece_ids != ()
    (kept,) = json.loads(zlib.decompress(row[15]))  # of the refused event nothing was collected
    assert (kept["external_id"], kept["scene"], kept["inputs"]) == (
        *("e1", "bike"),
        {"distance_m": 2300},
    )
    (ref,) = person_refs(installation_secret(), "bikes", ["ada"])
    assert kept["person"] == ref.hex()


def test_what_no_event_needs_is_kept_nowhere(database: Database) -> None:
    enrol("ada")
    receipt = take(text(event(data={"plate": "secret-plate"}, trace="secret-trace")))
    assert json.loads(receipt.body)["dropped"] == ["/data/plate", "/trace"]
    query = (
        "select batch.*, piece.*, batch_body.body from batch"
        " join piece on piece.id = any(piece_ids) join batch_body on batch_id = batch.id"
    )
    (row,) = rows(database, query)
    kept = [bytes(field) for field in row[:-1] if isinstance(field, bytes)]
    assert not any(b"secret" in field for field in [*kept, zlib.decompress(row[-1])])


def test_a_repeated_batch_writes_nothing_but_itself(database: Database) -> None:
    enrol("ada", "bo")
    body = text(event("e1"), event("e2", subject="bo"))
    take(body)
    kept = ("piece", "piece_queue", "event_identity")
    before = counted(database, *kept)
    again = take(body)
    assert answers(again) == [("duplicate", "same_content")] * 2
    assert again.piece_ids == ()
    assert counted(database, *kept) == before
    assert counted(database, "batch", "batch_body", "batch_item") == [2, 2, 4]


def test_a_batch_of_bad_events_alone_is_kept_too(database: Database) -> None:
    receipt = take(text(7, {}, event("e1", subject=3)))
    assert [verdict for verdict, _ in answers(receipt)] == ["rejected"] * 3
    assert counted(database, "batch", "batch_item", "piece") == [1, 1, 0]


def test_a_correction_and_a_withdrawal_raise_the_revision() -> None:
    enrol("ada")
    take(text(event()))
    whole = outcome()["reduction_mg"]
    take(text(event(revision=1, data={"inputs": {"distance_m": 1150}})))
    assert outcome()["reduction_mg"] == whole // 2
    take(text(event(revision=2, type=WITHDRAWN, data={"inputs": {}})))
    assert (outcome()["status"], outcome()["reduction_mg"]) == ("withdrawn", 0)
    late = take(text(event(revision=1, data={"inputs": {"distance_m": 1150}}), event(revision=0)))
    assert answers(late) == [("duplicate", "same_content")] * 2
    take(text(event(revision=3)))
    assert (outcome()["status"], outcome()["reduction_mg"]) == ("credited", whole)


def test_sealed_and_plain_events_say_the_same() -> None:
    enrol("ada")
    data = {"inputs": {"distance_m": sealed("2300", "e1", "/data/inputs/distance_m")}}
    secret = event("e1", data=data, subject=sealed("ada", "e1", "/subject"))
    assert answers(take(with_key(secret))) == [("accepted", None)]
    assert answers(take(text(event("e1")))) == [("duplicate", "same_content")]


def test_a_key_that_cannot_be_unwrapped_refuses_sealed_events_alone() -> None:
    enrol("ada")

    def refuse(kid: str, wrapped: bytes) -> bytes:
        assert (kid, wrapped) == ("K1", b"wrapped")
        raise Problem("crypto.unwrap_failed")

    secret = event("e1", subject=sealed("ada", "e1", "/subject"))
    batch = with_key(secret, event("e2"))
    assert answers(take(batch, unwrap=refuse)) == [
        ("rejected", "seal_key_unusable"),
        ("accepted", None),
    ]
    assert answers(take(batch, unwrap=None))[0] == ("rejected", "seal_key_unusable")
    assert answers(take(text(secret)))[0] == ("rejected", "seal_key_missing")


def test_the_agreement_says_which_scenes_and_which_grade() -> None:
    enrol("ada")
    walk = event("e2", data={"scene": "walk", "inputs": {"steps": 9}})
    receipt = take(text(event(), walk), agreement=terms(("walk",)))
    assert answers(receipt) == [("rejected", "scene_not_agreed"), ("accepted", None)]


def test_a_batch_over_the_quota_of_the_day_is_refused_whole(database: Database) -> None:
    enrol("ada")
    with pytest.raises(Problem) as refused:
        take(text(event(), event("e2")), agreement=terms(items_a_day=1))
    assert refused.value.code == "partners.items_over_quota"
    assert counted(database, "batch", "event_identity") == [0, 1]


def test_a_refused_body_leaves_nothing(database: Database) -> None:
    with pytest.raises(Problem) as refused:
        take(b"[{}")
    assert refused.value.code == "json.not_json"
    assert counted(database, "batch", "batch_body", "batch_item") == [0, 0, 0]


def test_the_events_of_two_partners_never_meet() -> None:
    enrol("ada")
    take(text(event()))

    def other() -> PartnerEntry:
        return partner("bank")

    receipt = take(text(event(source="/bank")), partner=other())
    assert answers(receipt) == [("rejected", "person_unknown")]
    assert answers(take(text(event()), partner=other())) == [("rejected", "source_foreign")]


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(
        st.sampled_from(
            [
                event("a"),
                event("b"),
                event("b", revision=1),
                event("b", subject="bo"),
                event("c", subject="nobody"),
                event("d", data={"scene": "x"}),
                event("e", type="x"),
                event(7),
                "no event",
                {},
            ]
        ),
        min_size=1,
        max_size=20,
    )
)
def test_the_counts_add_up_to_the_events(sent: list[Any]) -> None:
    enrol("ada", "bo")
    receipt = take(text(*sent), received_us=RECEIVED_US + 1)
    told = json.loads(receipt.body)
    outcomes = [item["outcome"] for item in told["items"]]
    assert sum(receipt.counts.values()) == len(sent) == len(outcomes)
    assert {name: outcomes.count(name) for name in receipt.counts} == receipt.counts
    assert [item["id"] for item in told["items"]] == [
        own["id"] if isinstance(own, dict) and isinstance(own.get("id"), str) else None
        for own in sent
    ]


def test_bodies_go_when_nobody_may_dispute_them_any_more(database: Database) -> None:
    enrol("ada")
    old, young = take(text(event())), take(text(event("e2")))
    with database.connect("owner") as owner:
        owner.execute("update batch_body set received_at = now() - interval '89 days'")
        owner.execute(
            "update batch_body set received_at = now() - interval '91 days' where batch_id = %s",
            [old.batch_id],
        )
    assert (forget_bodies(), forget_bodies()) == (1, 0)
    (left,) = rows(database, "select batch_id from batch_body")
    assert str(left[0]) == young.batch_id
    assert counted(database, "batch") == [2]


@pytest.mark.parametrize("statement", ["update batch set held = 0", "delete from batch_body",
                                       "delete from batch_item", "delete from batch"])  # fmt: skip
def test_the_app_changes_no_batch(database: Database, statement: str) -> None:
    with (
        database.connect() as app,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        app.execute(statement)


def test_counts_that_do_not_add_up_are_refused_by_the_database(database: Database) -> None:
    enrol("ada")
    take(text(event()))
    with database.connect("owner") as owner, pytest.raises(psycopg.errors.CheckViolation):
        owner.execute("update batch set accepted = 2")


def test_an_agreement_may_name_a_scene_that_the_programmes_file_gives_to_others() -> None:
    enrol("ada")
    bill = event("b1", data={"scene": "bill", "inputs": {"payments": 1}})
    assert answers(take(text(bill))) == [("rejected", "scene_not_reportable")]
    assert answers(take(text(bill), agreement=terms(("bill",)))) == [("accepted", None)]


def test_a_batch_that_was_held_up_too_long_is_not_taken_and_may_come_again() -> None:
    enrol("ada")
    with pytest.raises(Problem, match=r"intake\.too_long_on_the_way"):
        take(text(event()), until_us=time.time_ns() // 1000 - 1)
    assert answers(take(text(event()), until_us=time.time_ns() // 1000 + 60_000_000)) == [
        ("accepted", None)
    ]


@pytest.mark.parametrize("leave", [suspend, close])
def test_a_batch_of_a_partner_that_is_no_longer_served_is_not_taken(leave: Any) -> None:
    enrol("ada")
    leave(bikes().id, reason="odd", by="ling")
    with pytest.raises(Problem, match=r"partners\.partner_(suspended|closed)"):
        take(text(event()))
    with pytest.raises(Problem, match=r"intake\.event_unknown"):
        event_by_id(bikes().id, "e1")
