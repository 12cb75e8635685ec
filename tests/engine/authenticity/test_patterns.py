"""Patterns over many acts: each finds what it is for, and leaves the acts beside it alone."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from tanzhang.engine.authenticity import Authenticity, Check, Pattern, Span, find_patterns
from tanzhang.engine.authenticity.patterns import bucketed

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US


def act(account: int, day: int, **known: Any) -> dict[str, Any]:
    started = day * DAY_US + known.pop("at_s", 8 * 3600) * 1_000_000
    ended = started + known.pop("lasts_s", 1200) * 1_000_000
    return {
        "account_id": account,
        "day": day,
        "started_us": started,
        "ended_us": ended,
        "amount": 5000,
        "distance_m": 5000,
        "duration_s": (ended - started) // 1_000_000,
        "score": 0,
        "findings": 0,
        "withdrawn": False,
        "account_age_days": 100,
        "partner_id": 1,
        "device": account,
        "payment": account,
        "paid_fen": 300,
        "vehicle": 1000 * account + day,
        "pace_print": None,
        "motion": 700,
        **known,
    }


def found(measure: str, acts: list[dict[str, Any]], **pattern: Any) -> dict[int, int]:
    """The accounts that one pattern finds, each with its value."""
    given = {"days": 14, "at_least": None, "at_most": None} | pattern
    rules = Authenticity(
        amount="distance_m",
        signals=("device", "payment", "paid_fen", "vehicle", "pace_print", "motion"),
        checks=(Check("still", Span("motion", at_least=300), weight=1),),
        patterns=(Pattern("p", measure, **given),),
        prints=("distance_m", "duration_s", "motion"),
        likeness=("distance_m", "motion"),
    )
    frame = find_patterns(rules, pl.DataFrame(acts, infer_schema_length=None), 20)
    return {account: value for account, _, value in frame.iter_rows()}


def test_counts_and_scores_are_of_the_window_alone() -> None:
    acts = [act(1, day, score=400) for day in (5, 18, 19, 20)] + [act(2, 20, score=100)]
    assert found("acts", acts, at_most=2) == {1: 3}
    assert found("score_sum", acts, at_most=1000) == {1: 1200}
    assert found("score_mean", acts, at_most=300) == {1: 400}
    assert found("score_mean", acts, at_most=50, least_acts=2) == {1: 400}


def test_what_was_withdrawn_counts_for_nothing_but_its_share() -> None:
    acts = [act(1, 20, withdrawn=place < 2) for place in range(4)]
    assert found("acts", acts, at_most=1) == {1: 2}
    assert found("withdrawn_permille", acts, at_most=300) == {1: 500}


def test_days_with_a_finding_are_days_and_not_acts() -> None:
    acts = [act(1, day, findings=1) for day in (18, 18, 19)] + [act(2, 20, findings=0)]
    assert found("days_with", acts, of="still", at_most=1) == {1: 2}


def test_the_share_with_a_finding_counts_what_overlaps_once() -> None:
    acts = [act(1, day, findings=day % 2) for day in (17, 18, 19, 20)] + [act(2, 20)]
    assert found("share_with", acts, of="still", at_most=400) == {1: 500}
    assert found("share_with", acts, of="still", at_most=400, least_acts=5) == {}
    by_watch = [act(1, day, findings=day % 2, at_s=8 * 3600 + 60) for day in (17, 19)]
    assert found("share_with", acts + by_watch, of="still", at_most=500) == {}
    later = [act(1, day, findings=day % 2, at_s=18 * 3600) for day in (17, 19)]
    assert found("share_with", acts + later, of="still", at_most=500) == {1: 666}


def test_who_has_the_same_amount_every_day_stands_out() -> None:
    even = [act(1, day, amount=10_000 + day) for day in range(8, 20)]
    uneven = [act(2, day, amount=2000 * day) for day in range(8, 20)]
    assert [*found("spread_permille", even + uneven, at_least=50)] == [1]
    assert [*found("spread_permille", even, at_least=50, least_acts=12)] == [1]


def test_two_devices_make_no_week_of_four_days() -> None:
    told = [act(1, day, amount=10_000, device=n) for day in range(17, 21) for n in (1, 2)]
    assert found("spread_permille", told, at_least=50, least_acts=8) == {}
    assert found("spread_permille", told, at_least=50, least_acts=4) == {1: 0}


@pytest.mark.parametrize("token", ["device", "payment"])
def test_sharing_counts_accounts_and_not_acts(token: str) -> None:
    acts = [act(account, day, **{token: 7}) for account in (1, 2, 3) for day in (19, 20)]
    assert found(f"accounts_on_{token}", [*acts, act(4, 20)], at_most=2) == {1: 3, 2: 3, 3: 3}
    assert found(f"accounts_on_{token}", acts, at_most=3) == {}


def test_conditions_choose_the_acts_that_are_counted() -> None:
    acts = [act(account, 20, device=7, account_age_days=age) for account, age in ((1, 3), (2, 90))]
    young = (Span("account_age_days", at_most=30),)
    assert found("accounts_on_device", acts, at_most=1) == {1: 2, 2: 2}
    assert found("accounts_on_device", acts, at_most=1, when=young) == {}


def test_copies_are_exact_and_repeats_are_by_their_course() -> None:
    acts = [act(1, 19, motion=711), act(2, 20, motion=711), act(3, 20, motion=712)]
    assert found("copies", acts, at_most=0) == {1: 1, 2: 1}
    replayed = [act(1, day, pace_print=5, motion=day) for day in (18, 19, 20)] + [act(2, 20)]
    assert found("repeats", replayed, at_most=2) == {1: 3}


def test_an_echo_is_told_by_another_partner_soon_after_and_does_not_overlap() -> None:
    gate, bank = act(1, 20), act(1, 20, partner_id=2, at_s=8 * 3600 + 2400, amount=5100)
    assert found("echoes", [gate, bank], at_most=0) == {1: 1}
    assert found("echoes", [gate, bank | {"partner_id": 1}], at_most=0) == {}
    assert found("echoes", [gate, bank | {"amount": 6000}], at_most=0) == {}
    overlapping = act(1, 20, partner_id=2, at_s=8 * 3600 + 600)
    assert found("echoes", [gate, overlapping], at_most=0) == {}


def test_one_payment_told_for_two_accounts_is_an_echo_of_both() -> None:
    first, second = act(1, 20, payment=9), act(2, 20, payment=9, partner_id=2, at_s=9 * 3600)
    assert found("echoes_of_payment", [first, second], at_most=0) == {1: 1, 2: 1}
    assert found("echoes_of_payment", [first, second | {"paid_fen": 301}], at_most=0) == {}


def test_siblings_are_alike_acts_of_one_day_and_account() -> None:
    acts = [act(1, day, at_s=hour * 3600) for day in (19, 20) for hour in (8, 16)]
    assert found("siblings", [*acts, act(2, 20)], at_most=1) == {1: 2}


def test_what_a_watch_and_a_phone_tell_of_one_walk_is_no_sibling_and_no_copy() -> None:
    phone = [act(1, day, lasts_s=14 * 3600, motion=day) for day in (18, 19, 20)]
    watch = [known | {"device": 2, "started_us": known["started_us"] + HOUR_US} for known in phone]
    assert found("siblings", phone + watch, at_most=0) == {}
    assert found("copies", phone + watch, at_most=0) == {}
    again = [act(1, day, lasts_s=14 * 3600, motion=19, at_s=0) for day in (21,)]
    assert found("copies", phone + watch + again, at_most=0) == {}  # after today
    shifted = [known | {"started_us": known["ended_us"]} for known in phone]
    assert found("siblings", phone + shifted, at_most=0) == {1: 3}
    assert found("copies", phone + shifted, at_most=0) == {1: 6}


def test_twins_are_alike_on_many_days() -> None:
    acts = [
        act(account, day, distance_m=4000 + 700 * day + account, motion=640 + 30 * (day % 5))
        for account in (1, 2)
        for day in range(15, 20)
    ]
    other = [act(3, day, distance_m=9000 - 300 * day) for day in range(15, 20)]
    assert [*found("twins", acts + other, at_most=0, same_days=4)] == [1, 2]
    assert found("twins", acts + other, at_most=0, same_days=6) == {}


def test_a_vehicle_carries_one_person_at_a_time() -> None:
    acts = [act(1, 20, vehicle=5), act(2, 20, vehicle=5, at_s=8 * 3600 + 300)]
    assert found("vehicle_shared", acts, at_most=0) == {1: 1, 2: 1}
    later = [act(1, 20, vehicle=5), act(2, 20, vehicle=5, at_s=9 * 3600)]
    assert found("vehicle_shared", later, at_most=0) == {}


def test_a_crowd_begins_in_the_same_minute_on_many_days() -> None:
    acts = [act(account, day, vehicle=1) for account in (1, 2, 3) for day in (17, 18, 19)]
    assert found("crowd", acts, at_most=1, same_days=3) == {1: 2, 2: 2, 3: 2}
    assert found("crowd", acts, at_most=1, same_days=4) == {}


def ride(account: int, day: int, hour: int, *ends: int, **known: Any) -> dict[str, Any]:
    start, end = ends
    return act(account, day, at_s=hour * 3600, place_from=start, place_to=end, vehicle=1, **known)


def test_a_shadow_did_most_acts_in_the_same_minute_and_a_colleague_only_many() -> None:
    gang = [
        ride(one, day, hour, 4, 9) for one in (1, 2, 3) for day in range(11, 21) for hour in (8, 18)
    ]
    assert found("shadows", gang, at_most=1, least_acts=16) == {1: 2, 2: 2, 3: 2}
    assert found("shadows", gang, at_most=1, least_acts=21) == {}
    assert found("shadows", gang, at_most=1, same_days=11) == {}
    home = [known | {"place_to": 9 + known["account_id"]} for known in gang[1::2]]
    colleagues = gang[::2] + home  # they come together and go home alone
    assert found("shadows", colleagues, at_most=1) == {}
    assert found("crowd", colleagues, at_most=1, same_days=4) == {1: 2, 2: 2, 3: 2}
    mostly = [k for k in gang if k["account_id"] == 1 or k["day"] < 19]
    assert found("shadows", mostly, at_most=1)[1] == 2
    assert found("shadows", [k for k in mostly if k["day"] > 13], at_most=1) == {2: 2, 3: 2}


def test_who_goes_out_twice_came_back_once() -> None:
    commute = [ride(1, 20, 8, 4, 9), ride(1, 20, 12, 9, 4), ride(1, 20, 13, 4, 9)]
    assert found("one_way", commute, at_most=0) == {}
    assert found("one_way", [commute[0], commute[2]], at_most=0) == {1: 1}
    assert found("one_way", [commute[0], commute[2] | {"day": 19}], at_most=0) == {}
    told_twice = commute[0] | {"partner_id": 2, "started_us": commute[0]["started_us"] - 5}
    assert found("one_way", [*commute, told_twice], at_most=0) == {}
    elsewhere = [commute[0], ride(1, 20, 12, 9, 5), commute[2]]
    assert found("one_way", elsewhere, at_most=0) == {1: 1}
    early = [ride(1, 20, 6, 9, 4), commute[0], commute[2]]
    assert found("one_way", early, at_most=0) == {1: 1}


def test_buckets_are_about_six_in_a_hundred_wide() -> None:
    frame = pl.DataFrame({"n": [0, 31, 32, 33, 1000, 1020, 1100, 10**9]})
    steps = frame.select(bucketed("n")).to_series().to_list()
    assert steps[0] < steps[1] < steps[2] == steps[3] < steps[4] == steps[5] < steps[6] < steps[7]


def test_nothing_is_found_in_nothing() -> None:
    assert found("acts", [act(1, 3)], at_most=0) == {}
