"""An act is taken only within live consent to its source, and to what is sensitive in it."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from apps_world import MINUTE_US, instant, report, ride
from django.db import connections
from hypothesis import HealthCheck, given, settings, strategies as st

from clean_database import Database
from tanzhang.apps.activities import permitted
from tanzhang.apps.activities.api import accept, read_piece
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners.api import partner
from tanzhang.apps.people import api as people

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]

#: Later than now, so that the clock of these tests is the one by which the door judges.
START = instant("2124-05-01 00:00")
Answers = list[tuple[str, str | None]]


def walk(external_id: str = "w1", **changes: Any) -> dict[str, Any]:
    """Ten minutes of walking by ada: 4,000 steps, which are her health."""
    return ride(external_id, scene="walk", in_distance_m=None, in_steps=4000, **changes)


def hand_in(*rows: dict[str, Any], received: int, enrol: bool = False) -> Answers:
    said = accept(
        report(*rows), partner="bikes", programme="lake", received_us=received, enrol=enrol
    )
    return [*said.verdicts.select("verdict", "code").iter_rows()]


@pytest.fixture
def ada() -> people.AccountEntry:
    """Somebody real, who has agreed to nothing yet."""
    secret = people.installation_secret()
    with bulk_transaction() as cursor:
        people.enrol(
            cursor,
            partner_id=partner("bikes").id,
            programme_id=partner("bikes").programme_id,
            refs=people.person_refs(secret, "bikes", ["ada"]),
            account_handles=["ada"],
            joined_day=0,
            consent_from_us=0,
        )
        cursor.execute("update consent set to_us = 0")
    found = people.account("ada")
    assert found is not None
    return found


def agree(account: people.AccountEntry, purpose: str, at_us: int, *kinds: str) -> None:
    text = people.current_wording(people.purposes()[purpose].text)
    people.grant(
        account,
        partner("bikes").id,
        text_id=text.id,
        at_us=at_us,
        purpose=purpose,
        kinds=kinds,
    )


def end(account: people.AccountEntry, purpose: str, at_us: int) -> None:
    people.withdraw(account, partner("bikes").id, at_us=at_us, purpose=purpose)


# --- sensitive data -------------------------------------------------------------------------------


def test_steps_need_a_consent_of_their_own_and_rides_do_not(ada: people.AccountEntry) -> None:
    agree(ada, people.COLLECT, START)
    received = START + 60 * MINUTE_US
    rows = [walk(started_us=START), ride(started_us=START)]
    assert hand_in(*rows, received=received) == [
        ("rejected", "no_sensitive_consent"),
        ("accepted", None),
    ]
    agree(ada, people.SENSITIVE, START, "health")
    assert hand_in(walk(started_us=START), received=received) == [("accepted", None)]


def test_consent_to_one_kind_is_none_to_another(ada: people.AccountEntry) -> None:
    agree(ada, people.COLLECT, START)
    agree(ada, people.SENSITIVE, START, "financial")
    refused = hand_in(walk(started_us=START), received=START + 60 * MINUTE_US)
    assert refused == [("rejected", "no_sensitive_consent")]


def test_without_consent_to_collect_the_sensitive_one_helps_nothing(
    ada: people.AccountEntry,
) -> None:
    agree(ada, people.SENSITIVE, START, "health")
    refused = hand_in(walk(started_us=START), received=START + 60 * MINUTE_US)
    assert refused == [("rejected", "no_consent")]


def test_a_withdrawal_passes_and_nothing_of_what_it_repeats_is_kept(
    ada: people.AccountEntry, database: Database
) -> None:
    agree(ada, people.COLLECT, START)
    gone = walk(started_us=START, withdrawn=True)
    assert hand_in(gone, received=START + 60 * MINUTE_US) == [("accepted", None)]
    with database.connect("auditor") as auditor:
        ((body,),) = auditor.execute("select body from piece").fetchall()
    assert read_piece(bytes(body))["q1"].to_list() == [None]


def test_made_up_people_agree_to_both_when_they_are_enrolled() -> None:
    said = hand_in(walk(person="bo"), received=START + 9_000 * MINUTE_US, enrol=True)
    assert said == [("accepted", None)]


# --- children -------------------------------------------------------------------------------------


@pytest.fixture
def child(ada: people.AccountEntry) -> people.AccountEntry:
    """Ada is thirteen until the end of 2124-05-01."""
    with bulk_transaction() as cursor:
        cursor.execute(
            "insert into child (account_id, subject_id, fourteen_us) values (%s, %s, %s)",
            [ada.id, ada.subject_id, START + 1440 * MINUTE_US],
        )
    agree(ada, people.COLLECT, START)
    return ada


def guardian() -> people.AccountEntry:
    said = hand_in(ride("g", person="mother"), received=START + 9_000 * MINUTE_US, enrol=True)
    assert said == [("accepted", None)]
    found = next(each for each in people.accounts() if each.handle != "ada")
    people.vouch_of_age(found, partner("bikes").id)
    return found


def test_a_childs_account_receives_nothing_before_her_guardian_agrees(
    child: people.AccountEntry,
) -> None:
    received = START + 60 * MINUTE_US
    refused = hand_in(ride(started_us=START), received=received)
    assert refused == [("rejected", "no_guardian_consent")]
    text = people.current_wording("guardian")
    mother = guardian()
    people.grant(
        child, None, text_id=text.id, at_us=START, purpose=people.GUARDIAN, given_by=mother.id
    )
    assert hand_in(ride(started_us=START), received=received) == [("accepted", None)]
    assert [line.account_id for line in people.consents_given_for_children(mother.id)] == [child.id]
    people.withdraw(child, None, purpose=people.GUARDIAN, at_us=START + 70 * MINUTE_US)
    later = hand_in(ride("r2", started_us=START + 80 * MINUTE_US), received=START + 100 * MINUTE_US)
    assert later == [("rejected", "no_guardian_consent")]


def test_at_fourteen_all_consent_ends_and_she_decides_anew(child: people.AccountEntry) -> None:
    mother, text = guardian(), people.current_wording("guardian")
    people.grant(
        child, None, text_id=text.id, at_us=START, purpose=people.GUARDIAN, given_by=mother.id
    )
    birthday = START + 1440 * MINUTE_US
    after = birthday + 30 * MINUTE_US
    assert hand_in(ride(started_us=birthday), received=after) == [("rejected", "no_consent")]
    agree(child, people.COLLECT, birthday)
    assert hand_in(ride(started_us=birthday), received=after) == [("accepted", None)]
    assert hand_in(ride("early", started_us=START), received=after) == [("accepted", None)]


# --- any order ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """Something that happens at a minute: consent given or withdrawn, or an act that arrives."""

    minute: int
    what: str  #: ``give``, ``end``, ``act``
    purpose: str = people.COLLECT
    scene: str = "bike"
    began: int = 0  #: minutes before it arrives
    lasted: int = 0


STEPS = st.builds(
    Step,
    minute=st.integers(30, 90),
    what=st.sampled_from(["give", "end", "act", "act"]),
    purpose=st.sampled_from([people.COLLECT, people.SENSITIVE]),
    scene=st.sampled_from(["bike", "walk"]),
    began=st.integers(0, 30),
    lasted=st.integers(0, 30),
)


EXAMPLES = count(1)


def permitted_by_hand(windows: Sequence[tuple[int, int]], start: int, end: int, now: int) -> bool:
    """Half-open windows in minutes: over the whole act, and at its arrival."""
    spans = any(a <= start < b and end <= b for a, b in windows)
    return spans and any(a <= now < b for a, b in windows)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEPS, max_size=9))
def test_no_act_is_ever_accepted_outside_live_consent(
    ada: people.AccountEntry, steps: list[Step]
) -> None:
    with bulk_transaction() as cursor:
        cursor.execute("update consent set to_us = from_us")
    opened: dict[str, int | None] = {people.COLLECT: None, people.SENSITIVE: None}
    past: dict[str, list[tuple[int, int]]] = {people.COLLECT: [], people.SENSITIVE: []}
    number = next(EXAMPLES)
    base = START + number * 1440 * MINUTE_US  # a day of its own for each example
    for place, step in enumerate(sorted(steps, key=lambda step: step.minute)):
        at_us = base + step.minute * MINUTE_US
        if step.what == "give" and opened[step.purpose] is None:
            agree(ada, step.purpose, at_us, *(["health"] * (step.purpose == people.SENSITIVE)))
            opened[step.purpose] = step.minute
        elif step.what == "end" and (since := opened[step.purpose]) is not None:
            end(ada, step.purpose, at_us)
            past[step.purpose].append((since, step.minute))
            opened[step.purpose] = None
        elif step.what == "act":
            start = step.minute - step.began
            until = min(start + step.lasted, step.minute)
            make = ride if step.scene == "bike" else walk
            row = make(
                f"{number}-{place}",
                started_us=base + start * MINUTE_US,
                ended_us=base + until * MINUTE_US,
            )
            needed = [people.COLLECT, *([people.SENSITIVE] if step.scene == "walk" else [])]
            live = {
                purpose: permitted_by_hand(
                    past[purpose] + [(since, 10**9)] * (since is not None),
                    start,
                    until,
                    step.minute,
                )
                for purpose in needed
                for since in [opened[purpose]]
            }
            code = None
            if not live.get(people.SENSITIVE, True):
                code = "no_sensitive_consent"
            if not live[people.COLLECT]:
                code = "no_consent"
            verdict = "accepted" if code is None else "rejected"
            assert hand_in(row, received=at_us) == [(verdict, code)], step


# --- at once --------------------------------------------------------------------------------------


def test_a_withdrawal_waits_for_the_batch_at_the_door_and_cuts_none_in_two(
    ada: people.AccountEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    agree(ada, people.COLLECT, START)
    asked, go_on = threading.Event(), threading.Event()

    def hold(name: str) -> None:
        assert name == "door.consent_asked"
        asked.set()
        assert go_on.wait(30)

    monkeypatch.setattr(permitted, "fault_point", hold)
    received = START + 60 * MINUTE_US
    rows = [ride(f"r{place}", started_us=START + place * MINUTE_US) for place in range(20)]

    def deliver(prefix: str) -> Answers:
        try:
            named = [row | {"external_id": prefix + row["external_id"]} for row in rows]
            return hand_in(*named, received=received)
        finally:
            connections.close_all()

    def withdraw() -> None:
        try:
            people.withdraw(ada, partner("bikes").id, at_us=received - 1)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as at_once:
        batch = at_once.submit(deliver, "a")
        assert asked.wait(30)
        withdrawal = at_once.submit(withdraw)
        with pytest.raises(TimeoutError):
            withdrawal.result(timeout=0.5)  # the batch is between its question and its commit
        go_on.set()
        assert batch.result(30) == [("accepted", None)] * 20
        withdrawal.result(30)
    assert deliver("b") == [("rejected", "no_consent")] * 20


def test_what_was_in_flight_while_she_withdrew_is_not_taken_after_her_answer(
    ada: people.AccountEntry,
) -> None:
    """The batch arrived before the withdrawal, and waited behind it for the same lock."""
    bikes, now_us = partner("bikes").id, time.time_ns() // 1_000
    agree(ada, people.COLLECT, now_us - 60 * MINUTE_US)
    row = ride(started_us=now_us - 30 * MINUTE_US)

    def deliver() -> Answers:
        try:
            return hand_in(row, received=now_us)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as behind:
        with bulk_transaction():
            people.withdraw(ada, bikes)
            batch = behind.submit(deliver)
            with pytest.raises(TimeoutError):
                batch.result(timeout=0.5)  # at the lock, since before the withdrawal is answered
        assert batch.result(30) == [("rejected", "no_consent")]
    (line, *_) = [each for each in people.consent_history(ada.id) if each.to_us]
    assert line.to_us is not None
    assert now_us < line.to_us <= time.time_ns() // 1_000
