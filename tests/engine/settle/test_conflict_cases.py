# ruff: noqa: E501 (a table's rows are wider than prose)
"""Hand-written cases: claims, overlaps and keys that count once (design §10.8–10.11)."""

from __future__ import annotations

from dataclasses import replace

from tanzhang.engine.rules import Bound, ConflictClass, Kind, LookBack, Points
from tanzhang.engine.settle.claims import once_keys

from .cases import (
    BILL,
    CARD,
    NEW_YORK,
    ORDER,
    TRIP,
    VISIT,
    City,
    Judge,
    M,
    N,
    book,
    limit,
    read_facts,
    read_table,
    terms,
    verify,
    version,
)
from .formulas import Linear
from .plain import as_acts

TRIPS = book({"bike": version(conflict=TRIP), "metro": version(conflict=TRIP), "walk": version()})
BILLS = book({"bill": version(conflict=BILL), "card": version(conflict=CARD)})


def test_two_reports_of_one_ride_credit_the_earlier_start(judge: Judge) -> None:
    verify(
        judge,
        TRIPS,
        """
        event | pack  | start       | end         | n | outcome             | gross | mg
        a     | metro | 03-01 08:05 | 03-01 08:30 | 7 | duplicate overlap b | 7     | 0
        b     | bike  | 03-01 08:00 | 03-01 08:20 | 5 | credited            | 5     | 5
        c     | walk  | 03-01 08:00 | 03-01 08:20 | 1 | credited            | 1     | 1
        """,
    )


def test_a_higher_grade_wins_before_an_earlier_start(judge: Judge) -> None:
    verify(
        judge,
        TRIPS,
        """
        event | start       | end         | grade | n | outcome
        a     | 03-01 08:00 | 03-01 08:20 | 1     | 5 | duplicate overlap b
        b     | 03-01 08:10 | 03-01 08:30 | 2     | 5 | credited
        """,
    )


def test_between_equal_grades_and_starts_the_lower_key_wins(judge: Judge) -> None:
    verify(
        judge,
        TRIPS,
        """
        event | start       | end         | n | outcome
        b     | 03-01 08:00 | 03-01 08:20 | 5 | duplicate overlap a
        a     | 03-01 08:00 | 03-01 08:10 | 5 | credited
        """,
    )


def test_a_loser_shadows_nobody(judge: Judge) -> None:
    verify(
        judge,
        TRIPS,
        """
        event | start       | end         | n | outcome
        a     | 03-01 08:00 | 03-01 08:20 | 1 | credited
        b     | 03-01 08:10 | 03-01 08:40 | 1 | duplicate overlap a
        c     | 03-01 08:30 | 03-01 08:50 | 1 | credited
        """,
    )


def test_a_loser_names_the_first_kept_act_that_blocks_it(judge: Judge) -> None:
    verify(
        judge,
        TRIPS,
        """
        event | start       | end         | grade | n | outcome
        a     | 03-01 08:00 | 03-01 08:20 | 1     | 1 | credited
        b     | 03-01 08:30 | 03-01 08:50 | 2     | 1 | credited
        c     | 03-01 08:10 | 03-01 08:40 | 1     | 1 | duplicate overlap b
        """,
    )


def test_intervals_that_touch_do_not_overlap(judge: Judge) -> None:
    verify(
        judge,
        TRIPS,
        """
        event | start       | end                   | n | outcome
        a     | 03-01 08:00 | 03-01 08:20           | 1 | credited
        b     | 03-01 08:20 | 03-01 08:40:00.000001 | 1 | credited
        c     | 03-01 08:40 | 03-01 08:50           | 1 | duplicate overlap b
        """,
    )


def test_a_zero_length_act_overlaps_only_what_runs_around_it(judge: Judge) -> None:
    verify(
        judge,
        TRIPS,
        """
        event | start       | end         | n | outcome
        a     | 03-01 08:00 | 03-01 08:20 | 1 | credited
        b     | 03-01 08:00 | 03-01 08:00 | 1 | credited
        c     | 03-01 08:00 | 03-01 08:00 | 1 | credited
        d     | 03-01 08:10 | 03-01 08:10 | 1 | duplicate overlap a
        e     | 03-01 08:20 | 03-01 08:20 | 1 | credited
        """,
    )


def test_acts_of_one_person_meet_across_her_accounts_and_programmes(judge: Judge) -> None:
    rules = book(
        {"bike": version(conflict=TRIP)},
        {"east": City(), "west": City(time_zone=NEW_YORK)},
    )
    verify(
        judge,
        rules,
        """
        event | citizen | account | programme | start                  | end                    | n | outcome
        a     | Li      | L1      | east      | 2025-03-01 08:00+08:00 | 2025-03-01 09:00+08:00 | 1 | credited
        b     | Li      | L2      | west      | 2025-03-01 08:30+08:00 | 2025-03-01 09:30+08:00 | 1 | duplicate overlap a
        c     | Wang    | W1      | east      | 2025-03-01 08:30+08:00 | 2025-03-01 09:30+08:00 | 1 | credited
        """,
    )


def test_a_key_counts_once_in_its_local_month(judge: Judge) -> None:
    verify(
        judge,
        BILLS,
        """
        event | pack | start       | n | item | outcome
        a     | card | 03-01 00:00 | 1 | c1   | credited
        b     | card | 03-31 23:59 | 1 | c1   | duplicate once a
        c     | card | 03-31 23:59 | 1 | c2   | credited
        d     | card | 04-01 00:00 | 1 | c1   | credited
        """,
    )


def test_the_once_period_is_local_to_each_acts_own_programme(judge: Judge) -> None:
    """Late on 31 March in New York it is April in Shanghai."""
    rules = book(
        {"card": version(conflict=CARD)}, {"east": City(), "west": City(time_zone=NEW_YORK)}
    )
    verify(
        judge,
        rules,
        """
        event | account | programme | start       | n | item | outcome          | day
        a     | L2      | west      | 03-31 13:00 | 1 | c1   | credited         | 03-31
        b     | L1      | east      | 04-01 02:00 | 1 | c1   | credited         | 04-01
        c     | L2      | west      | 04-01 00:00 | 1 | c1   | duplicate once b | 04-01
        """,
    )


def test_one_subject_holds_a_shared_key_and_others_lose_to_its_first_act(judge: Judge) -> None:
    verify(
        judge,
        BILLS,
        """
        event | citizen | pack | start       | n | item | outcome           | gross | mg
        a     | Li      | bill | 03-03 08:00 | 4 | m1   | credited          | 4     | 4
        b     | Wang    | bill | 03-04 08:00 | 5 | m1   | duplicate claim a | 5     | 0
        c     | Wang    | bill | 03-05 08:00 | 5 | m1   | duplicate claim a | 5     | 0
        d     | Li      | bill | 03-06 08:00 | 6 | m1   | duplicate once a  | 6     | 0
        e     | Wang    | bill | 04-05 08:00 | 5 | m1   | credited          | 5     | 5
        """,
    )


def test_a_key_that_is_not_shared_counts_for_each_person(judge: Judge) -> None:
    verify(
        judge,
        BILLS,
        """
        event | citizen | pack | start       | n | item | outcome
        a     | Li      | card | 03-03 08:00 | 4 | m1   | credited
        b     | Wang    | card | 03-04 08:00 | 5 | m1   | credited
        """,
    )


def test_a_higher_grade_takes_the_claim_from_an_earlier_act(judge: Judge) -> None:
    verify(
        judge,
        BILLS,
        """
        event | citizen | pack | start       | grade | n | item | outcome
        a     | Li      | bill | 03-03 08:00 | 1     | 4 | m1   | duplicate claim b
        b     | Wang    | bill | 03-04 08:00 | 2     | 5 | m1   | credited
        """,
    )


def test_a_claim_that_loses_later_is_not_passed_on(judge: Judge) -> None:
    """Li's order is first under its key, but it overlaps a better act of his: Wang's stays out."""
    rules = book({"visit": version(conflict=shared_visit())})
    verify(
        judge,
        rules,
        """
        event | citizen | start       | end         | grade | n | item | outcome
        a     | Li      | 03-03 08:00 | 03-03 09:00 | 2     | 1 | t1   | credited
        b     | Li      | 03-03 08:30 | 03-03 09:30 | 1     | 1 | t2   | duplicate overlap a
        c     | Wang    | 03-03 08:45 | 03-03 09:45 | 1     | 1 | t2   | duplicate claim b
        """,
    )


def shared_visit() -> ConflictClass:
    return replace(VISIT, shared=True)


def test_an_act_that_lost_a_claim_blocks_nobody(judge: Judge) -> None:
    rules = book({"visit": version(conflict=shared_visit())})
    verify(
        judge,
        rules,
        """
        event | citizen | start       | end         | n | item | outcome
        a     | Li      | 03-03 08:00 | 03-03 08:30 | 1 | t1   | credited
        b     | Wang    | 03-03 08:15 | 03-03 09:30 | 1 | t1   | duplicate claim a
        c     | Wang    | 03-03 09:00 | 03-03 10:00 | 1 | t2   | credited
        """,
    )


def test_a_withdrawn_holder_gives_the_claim_to_the_next(judge: Judge) -> None:
    verify(
        judge,
        BILLS,
        """
        event | citizen | pack | start       | n | item | state     | outcome
        a     | Li      | bill | 03-03 08:00 | 4 | m1   | withdrawn | withdrawn
        b     | Wang    | bill | 03-04 08:00 | 5 | m1   | live      | credited
        """,
    )


def test_an_order_counts_once_for_ever(judge: Judge) -> None:
    verify(
        judge,
        book({"order": version(conflict=ORDER)}),
        """
        event | citizen | start            | n | item | outcome
        a     | Li      | 2025-03-03 08:00 | 1 | o1   | credited
        b     | Wang    | 2026-03-04 08:00 | 1 | o1   | duplicate claim a
        c     | Li      | 2026-12-04 08:00 | 1 | o1   | duplicate once a
        """,
    )


def test_an_act_of_a_subject_elsewhere_may_hold_the_claim(judge: Judge) -> None:
    verify(
        judge,
        BILLS,
        """
        event | citizen | pack | start       | n | item | state   | outcome
        a     | Li      | bill | 03-03 08:00 | 4 | m1   | witness | -
        b     | Wang    | bill | 03-04 08:00 | 5 | m1   | live    | duplicate claim a
        c     | Wang    | bill | 03-04 08:00 | 5 | m2   | live    | credited
        d     | Li      | bill | 03-05 08:00 | 4 | m2   | witness | -
        e     | Li      | bill | 02-05 08:00 | 4 | m1   | witness | -
        """,
    )


def test_blocked_twice_by_one_act_says_once(judge: Judge) -> None:
    verify(
        judge,
        book({"visit": version(conflict=VISIT)}),
        """
        event | start       | end         | n | item | outcome
        a     | 03-03 08:00 | 03-03 09:00 | 1 | v1   | credited
        b     | 03-03 08:30 | 03-03 09:30 | 1 | v1   | duplicate once a
        c     | 03-03 08:30 | 03-03 09:30 | 1 | v2   | duplicate overlap a
        d     | 03-03 09:00 | 03-03 09:30 | 1 | v1   | duplicate once a
        e     | 03-03 09:00 | 03-03 09:30 | 1 | v2   | credited
        """,
    )


def test_a_duplicate_uses_no_room_and_earns_no_points(judge: Judge) -> None:
    rules = book(
        {
            "bike": version(conflict=TRIP, limits=(limit("daily", Kind.AMOUNT, 10),)),
        },
        City((terms(points=Points(unit_mg=1)),)),
    )
    verify(
        judge,
        rules,
        """
        event | start       | end         | n | outcome             | mg | points | cuts
        a     | 03-01 08:00 | 03-01 09:00 | 6 | credited            | 6  | 6      | -
        b     | 03-01 08:30 | 03-01 09:00 | 6 | duplicate overlap a | 0  | 0      | -
        c     | 03-01 10:00 | 03-01 11:00 | 6 | credited            | 4  | 4      | bike.daily 2
        """,
    )


def test_an_act_rejected_by_its_formula_still_blocks(judge: Judge) -> None:
    rules = book(
        {"bike": version(Linear({"n": 1}, divisor="m"), conflict=TRIP, inputs=(N, M))},
    )
    verify(
        judge,
        rules,
        """
        event | start       | end         | n | m | outcome                | gross | mg
        a     | 03-01 08:00 | 03-01 09:00 | 6 | 0 | rejected zero_divisor  | 0     | 0
        b     | 03-01 08:30 | 03-01 09:00 | 6 | 2 | duplicate overlap a    | 3     | 0
        c     | 03-01 08:40 | 03-01 09:00 | 6 | 0 | duplicate overlap a    | 0     | 0
        """,
    )


def test_a_claim_held_by_an_act_without_history_is_still_held(judge: Judge) -> None:
    rules = book(
        {
            "meter": version(
                Linear({"n": 1, "before": 1}),
                conflict=BILL,
                look_backs=(LookBack("before", "n", 1, "sum", "reject"),),
            )
        }
    )
    verify(
        judge,
        rules,
        """
        event | citizen | start       | n | item | outcome                | gross
        a     | Li      | 03-03 08:00 | 4 | m1   | rejected look_back_gap | 0
        b     | Wang    | 03-04 08:00 | 5 | m1   | duplicate claim a      | 0
        """,
    )


def test_a_bound_violation_frees_the_time_for_another_report(judge: Judge) -> None:
    rules = book(
        {"bike": version(conflict=TRIP, bounds=(Bound("short", "duration", maximum=1800),))}
    )
    verify(
        judge,
        rules,
        """
        event | start       | end         | grade | n | outcome
        a     | 03-01 08:00 | 03-01 09:00 | 2     | 6 | rejected short
        b     | 03-01 08:00 | 03-01 08:30 | 1     | 6 | credited
        """,
    )


def test_who_competes_for_a_key_is_known_before_anything_is_decided() -> None:
    """Eligible acts of classes that count once, each with its class and its local month."""
    rules = book({"bill": version(conflict=BILL), "ride": version(conflict=TRIP)})
    table = """
        event | pack | start       | item | state
        a     | bill | 03-31 23:59 | m    | live
        b     | bill | 04-01 00:00 | m    | live
        c     | bill | 04-01 08:00 | m    | withdrawn
        d     | ride | 04-01 08:00 | -    | live
        """
    competing = once_keys(as_acts(read_facts(read_table(table), rules)), rules)
    assert competing.row.tolist() == [0, 1]
    assert competing.conflict_class == (BILL, BILL)
    assert int(competing.period[1] - competing.period[0]) == 1
