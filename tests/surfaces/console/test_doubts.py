"""The review desk: what waits, the evidence, and who decides with which reason."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from guarded_lake import guarded_library, hand_in, walk
from surfaces.console.desk import sit_down
from tanzhang.apps.activities import api as activities
from tanzhang.apps.activities.api import drain, find_event, held_events
from tanzhang.apps.activities.authenticity import auditing
from tanzhang.apps.catalogue.api import load_catalogue
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.api import AccountEntry, account_numbered
from tanzhang.engine.packs.tree import day_of

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
def _held(database: object, tmp_path: Path) -> None:
    """Two acts that wait for a person, one that a rule refused, one that counts."""
    load_catalogue(guarded_library(tmp_path), ["lake"])
    hand_in(
        walk("w1", in_steps=81_000),
        walk("w2", 2, in_steps=90_000, person="bo", device="p2"),
        walk("w3", 3, recording=1),
        walk("w4", 4),
    )
    drain()


def of_act(event: str) -> AccountEntry:
    """The account of a held act."""
    (number,) = (line.account_id for line in held_events(9) if line.event == event)
    found = account_numbered(number)
    assert found is not None
    return found


def key(external_id: str) -> str:
    found = find_event(f"bikes:{external_id}")
    assert found is not None
    return found.hex


def test_the_queue_shows_what_waits_and_what_rules_refused() -> None:
    desk = sit_down("somebody", "reader")
    page = desk.reads("doubts/").text
    assert "81000 steps in one day" in page and "90000" in page
    assert "entered by hand" not in page and "Refuse those chosen" not in page
    assert "entered by hand" in desk.reads("doubts/", show="refused").text
    assert desk.reads("doubts/", by="age").status == 200


def test_the_evidence_stands_side_by_side_in_both_languages() -> None:
    page = sit_down("ling", "operator").reads(f"doubts/{key('w1')}/").text
    for part in ("Why it was put aside", "What came with it", "This person's usual acts",
                 "Other accounts on the same device", "The partner's record in thirty days",
                 "Warn the citizen"):  # fmt: skip
        assert part in page
    zh = sit_down("ling", "operator", lang="zh-hans").reads(f"doubts/{key('w1')}/").text
    assert "一天 81000 步" in zh
    assert sit_down("ling", "operator").reads("doubts/bikes:nothing/").status == 404


def test_one_reason_decides_many_and_is_written_down() -> None:
    desk = sit_down("ling", "operator")
    both = {"event": [key("w1"), key("w2")], "verdict": "release"}
    assert desk.sends("doubts/decide/", both | {"note": " "}).status == 409
    assert len(held_events(9)) == 3
    assert desk.sends("doubts/decide/", both | {"note": "a marathon"}).status == 302
    drain()
    assert [line.event for line in held_events(9)] == [key("w3")]
    page = desk.reads(f"doubts/{key('w1')}/").text
    assert "it counts (a marathon)" in page
    assert f"ling asked to release the act {key('w1')}." in page


def test_what_a_rule_put_aside_is_decided_at_the_desk_alone() -> None:
    desk = sit_down("ling", "operator")
    answer = desk.sends(f"acts/{key('w1')}/release/", {"note": "in a hurry"})
    assert answer.status == 409 and "Acts in doubt" in answer.text
    drain()
    assert key("w1") in {line.event for line in held_events(9)}


def test_who_took_a_sanction_does_not_decide_the_appeal_against_it() -> None:
    citizen = of_act(key("w1"))
    activities.sanction(citizen.id, 1, by="ling", note="forty accounts on one phone")
    number = activities.appeal(citizen, None, activities.AppealAbout.ACCOUNT, "it is my own phone")
    desk = sit_down("ling", "operator")
    answer = {"remedy": "none", "words": "it stays"}
    assert desk.sends(f"appeals/{number}/decide/", answer).status == 409
    assert sit_down("li", "operator").sends(f"appeals/{number}/decide/", answer).status == 302


def test_what_was_held_from_the_start_is_appealed_at_its_worth() -> None:
    citizen = of_act(key("w1"))
    event = uuid.UUID(key("w1"))
    number = activities.appeal(citizen, event, activities.AppealAbout.ACT, "I ran a marathon")
    with bulk_transaction() as cursor:
        (found,) = activities.open_appeals(cursor)
    assert (found.id, found.worth_mg) == (number, 1_620_000)


def test_a_refusal_stays_and_who_may_not_decide_does_not() -> None:
    assert sit_down("rin", "reader").sends("doubts/decide/", {}).status == 403
    desk = sit_down("ling", "operator")
    sent = desk.sends(
        "doubts/decide/", {"event": key("w1"), "verdict": "refuse", "note": "a machine"}
    )
    assert sent.status == 302
    drain()
    assert key("w1") in {line.event for line in held_events(9)}
    assert key("w1") not in desk.reads("doubts/").source
    assert desk.sends("doubts/decide/", {"note": "x"}).status == 404


def test_a_sanction_and_the_end_of_a_watch_have_reasons() -> None:
    desk = sit_down("ling", "operator")
    for order in ("sanction", "unwatch"):
        assert desk.sends(f"doubts/{key('w1')}/{order}/", {"note": ""}).status == 409
        assert desk.sends(f"doubts/{key('w1')}/{order}/", {"note": "seen"}).status == 302
    page = desk.reads(f"doubts/{key('w1')}/").text
    assert "Freeze the account for seven days" in page
    assert "took a sanction against the account" in page
    assert desk.reads(f"doubts/{key('w1')}/picture/").status == 409


def test_the_sample_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auditing, "ONE_IN", 1)
    assert activities.pick_audit(day_of("2024-05-04")) == 1
    desk = sit_down("ling", "operator")
    assert key("w4") in desk.reads("doubts/audit/").source
    sent = desk.sends(f"doubts/audit/{key('w4')}/", {"finding": "missed", "note": "a shaker"})
    assert sent.status == 302
    assert "Missed by the rules 1" in desk.reads("doubts/audit/").text
    drain()
    assert key("w4") in {line.event for line in held_events(9)}


def test_who_looked_is_told_to_the_citizen() -> None:
    from tanzhang.apps.database import bulk_transaction

    sit_down("ling", "operator").reads(f"doubts/{key('w1')}/")
    with bulk_transaction() as cursor:
        cursor.execute("select reader, purpose, fields from access_log")
        assert cursor.fetchall() == [("operator:ling", "review", ["act", "signals"])]
