"""Judging at the door: what fits passes, what does not waits for a person, and why is kept."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from apps_world import RECEIVED_US

from guarded_lake import answers, guarded_library, hand_in, walk
from tanzhang.apps.activities.api import REPORT, accept, drain, find_event, signals_read
from tanzhang.apps.activities.models import ActSignal, Quarantine, Watch
from tanzhang.apps.catalogue.api import load_catalogue, rulebook_in_force
from tanzhang.problems import Problem, sentences

pytestmark = pytest.mark.database

HELD = ("held", "held_for_review")


@pytest.fixture(autouse=True)
def _guarded(database: object, tmp_path: Path) -> None:
    load_catalogue(guarded_library(tmp_path), ["lake"])


def test_an_honest_day_passes_and_its_signals_are_kept_as_numbers() -> None:
    assert answers(walk("w1")) == [("accepted", None)]
    kept = ActSignal.objects.get()
    assert (kept.s1, kept.s2, kept.amount, kept.score, kept.consequence) == (2, 2, 8000, 0, 0)
    assert kept.device not in (None, 0)
    drain()
    assert Quarantine.objects.count() == 0


def test_steps_by_hand_or_of_unknown_origin_do_not_count() -> None:
    odd = [walk("w1", recording=1), walk("w2", 2, recording=0), walk("w3", 3, recording=None)]
    told = answers(*odd)
    assert told == [HELD] * 3
    drain()
    assert {q.rule for q in Quarantine.objects.all()} == {"by_hand", "no_origin"}
    assert {q.consequence for q in Quarantine.objects.all()} == {3}
    assert ActSignal.objects.count() == 3


def test_a_scripted_day_earns_no_more_than_the_limit_and_waits_above_what_people_walk() -> None:
    rows = [walk("w1", in_steps=55_000, active_min=480, displacement_m=30_000, bouts=20)]
    assert answers(*rows) == [("accepted", None)]
    assert answers(walk("w2", 2, in_steps=82_240)) == [HELD]
    drain()
    key = find_event("bikes:w1")
    assert key is not None
    assert Quarantine.objects.get().value == 82_240


def test_doubts_add_up_until_a_person_looks() -> None:
    shaken = walk("w1", cadence_spread=20, displacement_m=10, places=1, bouts=1, in_steps=20_000)
    assert answers(shaken) == [HELD]
    assert Quarantine.objects.get().rule == "score"
    assert Quarantine.objects.get().score >= 1000


def test_a_flag_alone_decides_nothing() -> None:
    assert answers(walk("w1", mock_location=1)) == [("accepted", None)]
    assert ActSignal.objects.get().score == 450


def test_a_weak_device_lowers_the_grade() -> None:
    hand_in(walk("w1"), walk("w2", 2, person="bo", device="p2", attestation=0))
    tiers = dict(ActSignal.objects.values_list("day", "tier"))
    assert sorted(tiers.values()) == [0, 1]


def test_a_phone_of_too_many_accounts_is_held_in_one_batch_and_in_the_next() -> None:
    rows = [walk(f"w{n}", person=f"p{n}", device="shared") for n in range(5)]
    assert answers(*rows) == [("accepted", None)] * 5
    assert answers(walk("w5", person="p5", device="shared")) == [HELD]
    many = [walk(f"x{n}", person=f"q{n}", device="other") for n in range(6)]
    assert answers(*many) == [HELD] * 6


def test_an_act_comes_again_and_is_not_judged_twice() -> None:
    hand_in(walk("w1", recording=1))
    assert answers(walk("w1", recording=1)) == [("duplicate", "same_content")]
    assert answers(walk("w1", recording=2)) == [("duplicate", "same_content")]
    assert Quarantine.objects.count() == 1


def test_a_correction_is_judged_by_itself() -> None:
    hand_in(walk("w1"))
    assert answers(walk("w1", revision=1, in_steps=70_000)) == [HELD]
    assert answers(walk("w1", revision=2, withdrawn=True)) == [("accepted", None)]
    assert ActSignal.objects.count() == 3


def test_a_watched_account_waits_and_others_do_not() -> None:
    hand_in(walk("w1"))
    account = ActSignal.objects.get().account_id
    Watch.objects.create(account_id=account, value=7, from_day=0, rule="day_after_day")
    told = answers(walk("w2", 2), walk("w3", 2, person="bo", device="p2"))
    assert told == [HELD, ("accepted", None)]
    assert Quarantine.objects.get().source == "watch"


def test_scenes_that_are_not_judged_keep_no_signals() -> None:
    ride = walk("r1") | {"scene": "bike", "in_distance_m": 2000, "in_steps": None}
    ride["ended_us"] = ride["started_us"] + 600_000_000
    assert answers(ride) == [("accepted", None)]
    assert ActSignal.objects.count() == 0


def test_only_what_some_check_reads_is_asked_for() -> None:
    read = signals_read(rulebook_in_force(), "lake")
    assert {"recording", "device", "photo"} <= read
    assert not read & {"vehicle", "gate", "track_points", "pace_print"}


def test_a_signal_that_nobody_knows_is_no_column_of_a_report() -> None:
    with pytest.raises(Problem) as refused:
        accept(
            pl.DataFrame(schema={**REPORT, "sig_shoe_size": pl.Int64}),
            partner="bikes",
            programme="lake",
            received_us=RECEIVED_US,
        )
    assert refused.value.code == "door.report_malformed"


def test_who_reports_is_told_that_it_waits_and_not_by_which_rule() -> None:
    said = str(sentences()["door.held_for_review"])
    assert not [rule for rule in ("by_hand", "shared_phone", "score") if rule in said]
