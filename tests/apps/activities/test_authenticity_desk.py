"""After the door: sweeps, people who decide, the sample, and rules tried on history."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest

from guarded_lake import answers, guarded_library, hand_in, walk
from tanzhang.apps.activities import api as activities
from tanzhang.apps.activities.api import Verdict, drain, find_event, held_events
from tanzhang.apps.activities.authenticity import auditing, daily, deciding
from tanzhang.apps.activities.authenticity.auditing import ONE_IN, Audit, is_picked
from tanzhang.apps.activities.authenticity.partners import watch_partners
from tanzhang.apps.activities.models import (
    ActSignal,
    AuditPick,
    Quarantine,
    Sanction,
    Watch,
)
from tanzhang.apps.catalogue.api import load_catalogue, rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people
from tanzhang.engine.packs.tree import day_of
from tanzhang.problems import Problem

pytestmark = pytest.mark.database

MAY_31 = day_of("2024-05-31")


@pytest.fixture(autouse=True)
def _guarded(database: object, tmp_path: Path) -> None:
    load_catalogue(guarded_library(tmp_path), ["lake"])


def shaken(name: str, day: int, **more: Any) -> dict[str, Any]:
    """A day on a machine that somebody set up with care: no check decides."""
    odd = {"cadence_spread": 150, "displacement_m": 300, "bouts": 9, "places": 2}
    return walk(name, day, person="eve", device="p-eve", in_steps=9000 + 150 * day, **odd | more)


def month_of_shaking() -> None:
    rows = [shaken(f"s{day}", day) for day in range(18, 30)]
    honest = [walk(f"h{day}", day, in_steps=4000 + 400 * day) for day in range(18, 30)]
    assert answers(*rows, *honest) == [("accepted", None)] * 24
    drain()


def key(external_id: str) -> uuid.UUID:
    found = find_event(f"bikes:{external_id}")
    assert found is not None
    return found


def subject(event: uuid.UUID) -> int:
    return ActSignal.objects.filter(event_key=event).first().subject_id  # type: ignore[union-attr]


# --- sweeps ---------------------------------------------------------------------------------------


def test_a_sweep_puts_aside_what_no_act_shows_alone_and_watches_the_account() -> None:
    month_of_shaking()
    swept = {one.pack: one for one in activities.sweep_authenticity(MAY_31)}["hankou-walk"]
    assert swept.put_aside == 12
    drain()
    assert len(held_events(99)) == 12
    assert Watch.objects.values("account_id").distinct().count() == 1
    assert answers(shaken("s31", 31)) == [("held", "held_for_review")]
    assert answers(walk("h31", 31)) == [("accepted", None)]


def test_a_sweep_done_again_does_nothing() -> None:
    month_of_shaking()
    activities.sweep_authenticity(MAY_31)
    before = (Quarantine.objects.count(), Watch.objects.count())
    again = activities.sweep_authenticity(MAY_31)
    assert [one.put_aside for one in again] == [0] * len(again)
    assert (Quarantine.objects.count(), Watch.objects.count()) == before


def test_what_a_person_released_is_not_put_aside_again() -> None:
    month_of_shaking()
    activities.sweep_authenticity(MAY_31)
    drain()
    decide(key("s20"), Verdict.RELEASE)
    drain()
    activities.sweep_authenticity(MAY_31 + 1)
    drain()
    assert key("s20").hex not in {line.event for line in held_events(99)}
    assert len(held_events(99)) == 11


def test_a_partner_whose_day_is_odd_is_watched_whole() -> None:
    rows = [
        walk(f"b{n}", 30, person=f"p{n % 3}", device=f"d{n}", ended_us=None, in_steps=500 + n)
        for n in range(220)
    ]
    for row in rows:
        row["ended_us"] = row["started_us"] + 3_600_000_000
    hand_in(*rows)
    assert watch_partners(day_of("2024-05-30")) == 1
    assert watch_partners(day_of("2024-05-30")) == 0
    assert Watch.objects.get().rule == "concentration"
    assert answers(walk("late", 31)) == [("held", "held_for_review")]


# --- people decide --------------------------------------------------------------------------------


def decide(event: uuid.UUID, verdict: Verdict, by: str = "ling") -> Verdict:
    rules = rulebook_in_force()
    return activities.decide([event], verdict, rules, by=by, note="looked at it")[event]


def test_a_release_makes_a_refused_act_count_and_a_refusal_ends_it() -> None:
    hand_in(walk("w1", recording=1))
    drain()
    assert [line.event for line in held_events(9)] == [key("w1").hex]
    assert decide(key("w1"), Verdict.RELEASE) is Verdict.RELEASE
    drain()
    assert held_events(9) == []
    told = activities.own_doubts(key("w1").hex, subject(key("w1")), rulebook_in_force(), "en")
    assert (told.state, told.note) == ("released", "looked at it")
    assert decide(key("w1"), Verdict.REFUSE) is Verdict.REFUSE
    drain()
    assert len(held_events(9)) == 1


def test_a_decision_needs_a_reason_and_an_act_that_was_put_aside() -> None:
    hand_in(walk("w1", recording=1), walk("w2", 2))
    drain()
    rules = rulebook_in_force()
    for event, note, code in (("w1", " ", "note_missing"), ("w2", "x", "event_not_aside")):
        with pytest.raises(Problem) as refused:
            activities.decide([key(event)], Verdict.RELEASE, rules, by="ling", note=note)
        assert refused.value.code == f"authenticity.{code}"


def test_what_is_worth_much_is_released_by_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deciding, "TWO_PERSONS_ABOVE_MG", 100_000)  # 8,000 steps are 160 g
    hand_in(walk("w1", recording=1))
    drain()
    assert decide(key("w1"), Verdict.RELEASE) is Verdict.PROPOSE
    with pytest.raises(Problem) as refused:
        decide(key("w1"), Verdict.RELEASE)
    assert refused.value.code == "authenticity.proposed_by_yourself"
    assert len(held_events(9)) == 1
    assert decide(key("w1"), Verdict.RELEASE, by="mei") is Verdict.RELEASE
    drain()
    assert held_events(9) == []


def test_the_desk_shows_the_evidence_side_by_side() -> None:
    hand_in(
        *(walk(f"w{day}", day, in_steps=7000) for day in range(1, 9)),
        walk("n1", 8, person="bo", device="phone-ada"),
        walk("w9", 9, recording=1, in_steps=19_000),
    )
    drain()
    rules = rulebook_in_force()
    line = activities.review_queue(rules, "en", 9, refused=True)[0]
    assert (line.event, line.rule) == (key("w9").hex, "by_hand")
    assert activities.review_queue(rules, "zh", 9) == []
    found = activities.doubtful(key("w9"), subject(key("w9")), rules, "zh")
    assert [doubt.rule for doubt in found.doubts] == ["by_hand"]
    assert "手工" in found.doubts[0].sentence
    assert ("记录方式", "manual") in found.signals
    assert (found.usual["acts"], found.usual["middle"]) == (9, 7000)
    assert [acts for _, acts, _ in found.neighbours] == [1]
    assert found.partner[:2] == (10, 1)
    assert found.is_open


def test_the_queue_is_by_score_or_by_age() -> None:
    odd = {"cadence_spread": 10, "displacement_m": 1, "places": 1, "bouts": 1}
    hand_in(walk("w1", in_steps=81_000), walk("w2", 2, in_steps=9000, mock_location=1, **odd))
    rules = rulebook_in_force()
    by = {order: [line.event for line in activities.review_queue(rules, "en", 9, by=order)]
          for order in ("score", "age")}  # fmt: skip
    assert by["score"][0] == key("w2").hex
    assert {*by["score"]} == {*by["age"]} == {key("w1").hex, key("w2").hex}


def test_the_person_reads_why_and_what_is_kept_of_her_device() -> None:
    hand_in(walk("w1", in_steps=81_000, mock_location=1), walk("w2", 2))
    rules = rulebook_in_force()
    told = activities.own_doubts(key("w1").hex, subject(key("w1")), rules, "en")
    assert told.state == "waiting"
    assert "81000 steps in one day" in told.sentences[0]
    assert dict(told.signals)["mock location switched on"] == "yes"
    assert "phone-ada" not in str(told.signals)
    plain = activities.own_doubts(key("w2").hex, subject(key("w2")), rules, "zh")
    assert (plain.state, plain.sentences) == ("none", [])


def test_same_signals_get_the_same_verdict_whoever_they_are_of() -> None:
    for change in ({"recording": 1}, {"in_steps": 81_000}, {}, {"cadence_max": 250}):
        rows = [
            walk(f"{person}-{change}", person=person, device=f"p-{person}", **change)
            for person in ("ada", "bo", "cy")
        ]
        assert len(set(answers(*rows))) == 1


# --- watches and sanctions ------------------------------------------------------------------------


def test_a_watch_ends_by_a_persons_word() -> None:
    month_of_shaking()
    activities.sweep_authenticity(MAY_31)
    account = Watch.objects.values_list("account_id", flat=True)[0]
    assert activities.end_watches(account, by="ling", note="a treadmill, seen") >= 1
    assert activities.end_watches(account, by="ling", note="again") == 0
    assert answers(shaken("s31", 31)) == [("accepted", None)]


def test_sanctions_climb_step_by_step_and_end() -> None:
    hand_in(walk("w1"))
    account = ActSignal.objects.get().account_id
    with pytest.raises(Problem) as refused:
        activities.sanction(account, 2, by="ling", note="no")
    assert refused.value.code == "authenticity.step_skipped"
    for step in (1, 2):
        activities.sanction(account, step, by="ling", note="a shaker")
    with bulk_transaction() as cursor:
        assert people.account_state(cursor, [account])[account].state is people.State.FROZEN
    assert activities.thaw_sanctioned() == 0
    assert activities.next_step(account) == 3
    Sanction.objects.create(
        account_id=account,
        step=2,
        taken_by="x",
        note="x",
        until=Sanction.objects.first().at,  # type: ignore[union-attr]
    )
    assert activities.thaw_sanctioned() == 1
    with bulk_transaction() as cursor:
        assert people.account_state(cursor, [account])[account].state is people.State.OPEN


@pytest.mark.parametrize(
    ("state", "reason"),
    [("closed", "by_owner"), ("restricted", "by_request"), ("frozen", "death case 7")],
)
def test_a_sanction_does_not_open_again_what_is_shut_for_another_reason(
    state: str, reason: str
) -> None:
    hand_in(walk("w1"))
    account = ActSignal.objects.get().account_id
    with bulk_transaction() as cursor:
        people.set_account_state(cursor, [account], people.State(state), reason)
    for step in (1, 2):
        activities.sanction(account, step, by="ling", note="a shaker")
    Sanction.objects.create(
        account_id=account, step=2, taken_by="x", note="x", until=Sanction.objects.earliest("id").at
    )
    assert activities.thaw_sanctioned() == 0
    with bulk_transaction() as cursor:
        standing = people.account_state(cursor, [account])[account]
    assert (standing.state.value, standing.reason) == (state, reason)
    assert activities.next_step(account) == 3  # it is written down all the same


def test_a_further_step_takes_the_place_of_the_sanction_before() -> None:
    hand_in(walk("w1"))
    account = ActSignal.objects.get().account_id
    for step in (1, 2, 3):
        activities.sanction(account, step, by="ling", note="a shaker")
    with bulk_transaction() as cursor:
        assert people.account_state(cursor, [account])[account].reason == "sanction_3"


def frozen_until_yesterday() -> int:
    """An account that the second step froze, whose seven days are over."""
    hand_in(walk("w1"))
    account = ActSignal.objects.get().account_id
    for step in (1, 2):
        activities.sanction(account, step, by="ling", note="a shaker")
    Sanction.objects.create(
        account_id=account, step=2, taken_by="x", note="x", until=Sanction.objects.earliest("id").at
    )
    return int(account)


def test_a_restriction_that_is_lifted_does_not_make_a_sanction_last_for_ever() -> None:
    account = frozen_until_yesterday()
    with bulk_transaction() as cursor:
        people.set_account_state(cursor, [account], people.State.RESTRICTED, "case 12")
    assert activities.thaw_sanctioned() == 0, "restricted is restricted"
    with bulk_transaction() as cursor:
        lifted = people.lift_restriction(cursor, account, "case 12 is over")
    assert lifted is people.State.FROZEN
    assert activities.thaw_sanctioned() == 1
    with bulk_transaction() as cursor:
        assert people.account_state(cursor, [account])[account].state is people.State.OPEN


def test_a_restriction_that_is_lifted_opens_nothing_that_a_death_froze() -> None:
    account = frozen_until_yesterday()
    with bulk_transaction() as cursor:
        people.set_account_state(cursor, [account], people.State.FROZEN, "death case 7")
        people.set_account_state(cursor, [account], people.State.RESTRICTED, "case 12")
        people.lift_restriction(cursor, account, "case 12 is over")
    assert activities.thaw_sanctioned() == 0


def test_a_warning_after_it_does_not_make_a_sanction_last_for_ever() -> None:
    account = frozen_until_yesterday()
    activities.sanction(account, 1, by="ling", note="be careful")
    assert activities.thaw_sanctioned() == 1


def test_a_new_sanction_after_it_makes_the_freeze_last() -> None:
    account = frozen_until_yesterday()
    activities.sanction(account, 3, by="ling", note="again")
    assert activities.thaw_sanctioned() == 0


# --- the sample -----------------------------------------------------------------------------------


def test_the_draw_is_keyed_and_about_as_large_as_it_says() -> None:
    keys = [uuid.UUID(int=number << 64 | number) for number in range(1, 40_001)]
    picked = [one for one in keys if is_picked(b"secret", one)]
    assert 0.5 < len(picked) * ONE_IN / len(keys) < 1.5
    assert picked == [one for one in keys if is_picked(b"secret", one)]
    assert picked != [one for one in keys if is_picked(b"other", one)]
    assert ONE_IN <= 1000


def test_a_sampled_act_that_should_not_count_is_put_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auditing, "ONE_IN", 1)
    hand_in(walk("w1"), walk("w2", 1, person="bo", device="p2"))
    drain()
    day = day_of("2024-05-01")
    assert activities.pick_audit(day) == 2
    assert activities.pick_audit(day) == 0
    assert len(activities.audit_queue(9)) == 2
    rules = rulebook_in_force()
    activities.note_audit(key("w1"), rules, missed=True, by="ling", note="a machine")
    activities.note_audit(key("w2"), rules, missed=False, by="ling", note="fine")
    with pytest.raises(Problem):
        activities.note_audit(key("w2"), rules, missed=False, by="ling", note="twice")
    standing = activities.audit_standing()
    assert (standing.picked, standing.looked_at, standing.missed) == (2, 2, 1)
    drain()
    assert [line.event for line in held_events(9)] == [key("w1").hex]
    assert AuditPick.objects.count() == 2


def test_the_estimate_bounds_what_was_not_seen() -> None:
    assert Audit(9, 0, 0).most_missed_permille is None
    assert (Audit(999, 300, 0).missed_permille, Audit(999, 300, 0).most_missed_permille) == (0, 10)
    assert Audit(999, 100, 5).missed_permille == 50


# --- rules on history -----------------------------------------------------------------------------


def test_rules_are_tried_on_history_and_nothing_is_written(tmp_path: Path) -> None:
    hand_in(*(walk(f"w{day}", day, in_steps=9000 + day) for day in range(1, 11)))
    before = Quarantine.objects.count()
    stricter = guarded_library(
        tmp_path / "next", {"at_most: 80000\n      then: hold": "at_most: 9005\n      then: hold"}
    )
    tried = activities.backtest_authenticity(
        stricter.find("hankou-walk"), day_of("2024-05-12"), days=30
    )
    assert (tried.acts, tried.accounts) == (10, 1)
    assert tried.hits["beyond_a_day"] == 5
    assert tried.newly >= 5
    assert len(tried.sample) == tried.newly
    same = activities.backtest_authenticity(
        rulebook_in_force().library.find("hankou-walk"), day_of("2024-05-12")
    )
    assert "beyond_a_day" not in same.hits
    assert Quarantine.objects.count() == before


def test_a_pack_without_rules_cannot_be_tried() -> None:
    with pytest.raises(Problem) as refused:
        activities.backtest_authenticity(rulebook_in_force().library.find("hankou-payment"), MAY_31)
    assert refused.value.code == "authenticity.section_missing"


def test_the_days_chores_run_on_what_is_there() -> None:
    hand_in(walk("w1"))
    drain()
    daily.judge_the_days()
