"""Hand-written cases: the cascade of limits (design §2 "Limits", §10.13–10.16)."""

from __future__ import annotations

import pytest

from tanzhang.engine.rules import Kind, Period, Points, Scope

from .cases import City, Judge, book, limit, terms, verify, version
from .formulas import Linear

AMOUNT, COUNT = Kind.AMOUNT, Kind.COUNT
DAY, WEEK, MONTH, YEAR = Period.DAY, Period.WEEK, Period.MONTH, Period.YEAR
ITEM, SCENE, ACCOUNT, PROGRAMME = Scope.ITEM, Scope.SCENE, Scope.ACCOUNT, Scope.PROGRAMME


def test_the_act_that_crosses_a_limit_gets_the_remainder(judge: Judge) -> None:
    verify(
        judge,
        book({"ride": version(limits=(limit("daily", AMOUNT, 10),))}),
        """
        event | start       | n | outcome  | gross | mg | cuts
        a     | 03-01 08:00 | 6 | credited | 6     | 6  | -
        b     | 03-01 09:00 | 6 | credited | 6     | 4  | ride.daily 2
        c     | 03-01 10:00 | 6 | limited  | 6     | 0  | ride.daily 6
        d     | 03-02 00:00 | 6 | credited | 6     | 6  | -
        """,
    )


def test_room_is_given_in_order_of_occurrence_and_then_of_keys(judge: Judge) -> None:
    verify(
        judge,
        book({"ride": version(limits=(limit("daily", AMOUNT, 10),))}),
        """
        event | start       | grade | n | mg
        d     | 03-01 08:00 | 1     | 4 | 4
        c     | 03-01 09:00 | 9     | 4 | 2
        b     | 03-01 09:00 | 1     | 4 | 4
        a     | 03-01 10:00 | 9     | 4 | 0
        """,
    )


def test_a_whole_limit_gives_nothing_to_the_crossing_act_and_closes(judge: Judge) -> None:
    verify(
        judge,
        book({"ride": version(limits=(limit("daily", AMOUNT, 10, whole=True),))}),
        """
        event | start       | n  | outcome  | mg | cuts
        a     | 03-01 08:00 | 6  | credited | 6  | -
        b     | 03-01 09:00 | 6  | limited  | 0  | ride.daily 6
        c     | 03-01 10:00 | 1  | limited  | 0  | ride.daily 1
        d     | 03-02 08:00 | 6  | credited | 6  | -
        e     | 03-02 09:00 | 4  | credited | 4  | -
        f     | 03-02 10:00 | 0  | credited | 0  | -
        g     | 03-02 11:00 | 1  | limited  | 0  | ride.daily 1
        h     | 03-03 08:00 | 11 | limited  | 0  | ride.daily 11
        i     | 03-03 09:00 | 1  | limited  | 0  | ride.daily 1
        """,
    )


def test_a_count_limit_stops_the_act_that_is_one_too_many(judge: Judge) -> None:
    verify(
        judge,
        book({"ride": version(limits=(limit("twice", COUNT, 2),))}),
        """
        event | start       | n | outcome  | mg | cuts
        a     | 03-01 08:00 | 5 | credited | 5  | -
        b     | 03-01 09:00 | 5 | credited | 5  | -
        c     | 03-01 10:00 | 5 | limited  | 0  | ride.twice 5
        d     | 03-02 10:00 | 5 | credited | 5  | -
        """,
    )


def test_a_count_limit_does_not_count_acts_of_zero_mg(judge: Judge) -> None:
    verify(
        judge,
        book({"ride": version(limits=(limit("once", COUNT, 1),))}),
        """
        event | start       | n | outcome  | mg | cuts
        a     | 03-01 08:00 | 0 | credited | 0  | -
        b     | 03-01 09:00 | 5 | credited | 5  | -
        c     | 03-01 10:00 | 0 | credited | 0  | -
        d     | 03-01 11:00 | 5 | limited  | 0  | ride.once 5
        """,
    )


def test_a_count_limit_counts_acts_that_are_zero_by_design(judge: Judge) -> None:
    rules = book(
        {"quiz": version(zero_by_design=True, limits=(limit("twice", COUNT, 2),))},
        City((terms(points=Points(per_act={"quiz": 3})),)),
    )
    verify(
        judge,
        rules,
        """
        event | start       | n | outcome  | gross | mg | points | cuts
        a     | 03-01 08:00 | 1 | credited | 0     | 0  | 3      | -
        b     | 03-01 09:00 | 1 | credited | 0     | 0  | 3      | -
        c     | 03-01 10:00 | 1 | limited  | 0     | 0  | 0      | quiz.twice 0
        """,
    )


def test_an_act_stopped_by_one_count_limit_is_not_counted_by_the_next(judge: Judge) -> None:
    rules = book(
        {
            "quiz": version(
                zero_by_design=True,
                limits=(limit("daily", COUNT, 1), limit("monthly", COUNT, 2, MONTH)),
            )
        }
    )
    verify(
        judge,
        rules,
        """
        event | start       | n | outcome  | cuts
        a     | 03-01 08:00 | 1 | credited | -
        b     | 03-01 09:00 | 1 | limited  | quiz.daily 0
        c     | 03-02 09:00 | 1 | credited | -
        d     | 03-03 09:00 | 1 | limited  | quiz.monthly 0
        """,
    )


def test_a_longer_limit_counts_only_what_the_shorter_let_through(judge: Judge) -> None:
    rules = book(
        {"ride": version(limits=(limit("monthly", AMOUNT, 25, MONTH), limit("daily", AMOUNT, 10)))}
    )
    verify(
        judge,
        rules,
        """
        event | start       | n  | mg | cuts
        a     | 03-01 08:00 | 99 | 10 | ride.daily 89
        b     | 03-02 08:00 | 99 | 10 | ride.daily 89
        c     | 03-03 08:00 | 99 | 5  | ride.daily 89 + ride.monthly 5
        d     | 03-04 08:00 | 7  | 0  | ride.monthly 7
        e     | 04-01 08:00 | 7  | 7  | -
        """,
    )


def test_what_a_longer_limit_cuts_stays_used_in_the_shorter(judge: Judge) -> None:
    """The day's room is used by what the day let through, though the month then took it away."""
    rules = book(
        {
            "ride": version(limits=(limit("monthly", AMOUNT, 4, MONTH),)),
            "walk": version(),
        },
        City((terms(limits=(limit("daily", AMOUNT, 10, DAY, ACCOUNT),)),)),
    )
    verify(
        judge,
        rules,
        """
        event | pack | start       | n | mg | cuts
        a     | ride | 03-01 08:00 | 9 | 4  | ride.monthly 5
        b     | walk | 03-01 09:00 | 9 | 1  | city.daily 8
        """,
    )


def test_scopes_cascade_from_item_to_programme(judge: Judge) -> None:
    limits = (
        limit("a", AMOUNT, 20, DAY, PROGRAMME),
        limit("b", AMOUNT, 16, DAY, ACCOUNT),
        limit("c", AMOUNT, 12, DAY, SCENE),
        limit("d", AMOUNT, 9, DAY, ITEM),
    )
    verify(
        judge,
        book({"ride": version(), "walk": version()}, City((terms(limits=limits),))),
        """
        event | account | pack | scene | start       | n  | mg | cuts
        a     | L1      | ride | x     | 03-01 08:00 | 10 | 9  | city.d 1
        b     | L1      | walk | x     | 03-01 09:00 | 5  | 3  | city.c 2
        c     | L1      | walk | y     | 03-01 10:00 | 4  | 4  | -
        d     | L1      | walk | y     | 03-01 11:00 | 4  | 0  | city.d 4
        e     | L2      | ride | x     | 03-01 12:00 | 6  | 4  | city.a 2
        """,
    )


@pytest.mark.parametrize(
    ("scope", "credited"),
    [
        (ITEM, (5, 0, 5, 5, 5)),
        (SCENE, (5, 5, 0, 5, 5)),
        (ACCOUNT, (5, 0, 0, 5, 5)),
        (PROGRAMME, (5, 0, 0, 0, 5)),
    ],
)
def test_the_scope_of_a_limit_says_whose_acts_share_its_room(
    judge: Judge, scope: Scope, credited: tuple[int, ...]
) -> None:
    first, scene, pack, account, citizen = credited
    verify(
        judge,
        book(
            {"ride": version(), "walk": version()},
            City((terms(limits=(limit("daily", AMOUNT, 5, DAY, scope),)),)),
        ),
        f"""
        event | citizen | account | pack | scene | start       | n | mg
        a     | Li      | L1      | ride | x     | 03-01 08:00 | 5 | {first}
        b     | Li      | L1      | ride | y     | 03-01 08:01 | 5 | {scene}
        c     | Li      | L1      | walk | x     | 03-01 08:02 | 5 | {pack}
        d     | Li      | L2      | ride | x     | 03-01 08:03 | 5 | {account}
        e     | Wang    | W1      | ride | x     | 03-01 08:04 | 5 | {citizen}
        """,
    )


@pytest.mark.parametrize(
    ("period", "credited"),
    [
        (DAY, (5, 5, 5, 5)),
        (WEEK, (5, 0, 0, 5)),
        (MONTH, (5, 0, 5, 0)),
        (YEAR, (5, 0, 5, 0)),
        (Period.LIFETIME, (5, 0, 0, 0)),
    ],
)
def test_periods_are_local_calendar_periods(
    judge: Judge, period: Period, credited: tuple[int, ...]
) -> None:
    """29 December 2025 is a Monday: the week runs on into the new year."""
    monday, wednesday, new_year, next_monday = credited
    verify(
        judge,
        book({"ride": version(limits=(limit("room", AMOUNT, 5, period),))}),
        f"""
        event | start            | n | mg
        a     | 2025-12-29 08:00 | 5 | {monday}
        b     | 2025-12-31 08:00 | 5 | {wednesday}
        c     | 2026-01-01 08:00 | 5 | {new_year}
        d     | 2026-01-05 08:00 | 5 | {next_monday}
        """,
    )


def test_of_equal_period_and_scope_count_comes_before_amount(judge: Judge) -> None:
    limits = (limit("a", AMOUNT, 10), limit("z", COUNT, 1))
    verify(
        judge,
        book({"ride": version(limits=limits)}),
        """
        event | start       | n  | mg | cuts
        a     | 03-01 08:00 | 6  | 6  | -
        b     | 03-01 09:00 | 6  | 0  | ride.z 6
        """,
    )


def test_an_act_that_an_amount_limit_cut_to_nothing_uses_no_count(judge: Judge) -> None:
    limits = (limit("daily", AMOUNT, 5), limit("monthly", COUNT, 2, MONTH))
    verify(
        judge,
        book({"ride": version(limits=limits)}),
        """
        event | start       | n | outcome  | mg | cuts
        a     | 03-01 08:00 | 5 | credited | 5  | -
        b     | 03-01 09:00 | 5 | limited  | 0  | ride.daily 5
        c     | 03-02 09:00 | 5 | credited | 5  | -
        d     | 03-03 09:00 | 5 | limited  | 0  | ride.monthly 5
        """,
    )


def test_of_equal_kind_the_name_decides_and_then_the_pack_comes_first(judge: Judge) -> None:
    rules = book(
        {"ride": version(limits=(limit("b", AMOUNT, 10), limit("m", AMOUNT, 8)))},
        City((terms(limits=(limit("a", AMOUNT, 12), limit("m", AMOUNT, 7))),)),
    )
    verify(
        judge,
        rules,
        """
        event | start       | n  | mg | cuts
        a     | 03-01 08:00 | 20 | 7  | city.a 8 + city.m 1 + ride.b 2 + ride.m 2
        """,
    )


def test_a_limit_per_item_key_gives_each_thing_its_own_room(judge: Judge) -> None:
    rules = book(
        {"machine": version(limits=(limit("life", AMOUNT, 5, Period.LIFETIME, per_item_key=True),))}
    )
    verify(
        judge,
        rules,
        """
        event | start            | n | item | mg
        a     | 2025-03-01 08:00 | 4 | tv   | 4
        b     | 2025-03-01 09:00 | 4 | car  | 4
        c     | 2026-03-01 08:00 | 4 | tv   | 1
        d     | 2027-03-01 08:00 | 4 | car  | 1
        e     | 2027-03-02 08:00 | 4 | -    | 4
        """,
    )


def test_a_limits_use_survives_versions_and_each_act_meets_its_own_value(judge: Judge) -> None:
    rules = book(
        {
            "ride": (
                version(limits=(limit("monthly", AMOUNT, 10, MONTH),), until="03-03"),
                version(limits=(limit("monthly", AMOUNT, 6, MONTH),), since="03-03", until="03-05"),
                version(limits=(limit("monthly", AMOUNT, 15, MONTH),), since="03-05"),
            )
        }
    )
    verify(
        judge,
        rules,
        """
        event | start       | n | version | mg
        a     | 03-02 08:00 | 8 | 0       | 8
        b     | 03-03 08:00 | 8 | 1       | 0
        c     | 03-05 08:00 | 8 | 2       | 7
        d     | 03-06 08:00 | 8 | 2       | 0
        """,
    )


def test_a_programme_replaces_the_value_of_a_packs_limit_for_its_own_accounts(
    judge: Judge,
) -> None:
    replacing = limit("daily", AMOUNT, 3, replaces="ride")
    rules = book(
        {
            "ride": version(limits=(limit("daily", AMOUNT, 10),)),
            "walk": version(limits=(limit("daily", AMOUNT, 10),)),
        },
        {"city": City((terms(limits=(replacing,)),)), "bank": City()},
    )
    verify(
        judge,
        rules,
        """
        event | citizen | account | programme | pack | start       | n  | mg | cuts
        a     | Li      | L1      | city      | ride | 03-01 08:00 | 20 | 3  | ride.daily 17
        b     | Li      | L1      | city      | walk | 03-01 08:00 | 20 | 10 | walk.daily 10
        c     | Li      | L2      | bank      | ride | 03-01 08:00 | 20 | 10 | ride.daily 10
        """,
    )


def test_a_limit_of_a_packs_name_owned_by_the_programme_is_added(judge: Judge) -> None:
    rules = book(
        {"ride": version(limits=(limit("daily", AMOUNT, 10),))},
        City((terms(limits=(limit("daily", AMOUNT, 30),)),)),
    )
    verify(
        judge,
        rules,
        """
        event | start       | n  | mg | cuts
        a     | 03-01 08:00 | 20 | 10 | ride.daily 10
        """,
    )


def test_no_room_is_shared_between_programmes(judge: Judge) -> None:
    rules = book(
        {"ride": version(limits=(limit("daily", AMOUNT, 5, DAY, PROGRAMME),))},
        {"city": City(), "bank": City()},
    )
    verify(
        judge,
        rules,
        """
        event | citizen | account | programme | start       | n | mg
        a     | Li      | L1      | city      | 03-01 08:00 | 4 | 4
        b     | Li      | L2      | bank      | 03-01 09:00 | 4 | 4
        c     | Li      | L3      | city      | 03-01 10:00 | 4 | 1
        d     | Li      | L4      | bank      | 03-01 11:00 | 4 | 1
        """,
    )


def test_two_packs_limits_of_one_name_share_no_room(judge: Judge) -> None:
    own = limit("daily", AMOUNT, 5, DAY, ACCOUNT)
    verify(
        judge,
        book({"ride": version(limits=(own,)), "walk": version(limits=(own,))}),
        """
        event | pack | start       | n | mg
        a     | ride | 03-01 08:00 | 4 | 4
        b     | walk | 03-01 09:00 | 4 | 4
        c     | ride | 03-01 10:00 | 4 | 1
        """,
    )


def test_a_late_act_takes_room_from_later_ones(judge: Judge) -> None:
    """Occurrence decides, not the row: the act in the last row was first."""
    verify(
        judge,
        book({"bill": version(Linear({"n": 2}), limits=(limit("monthly", COUNT, 2, MONTH),))}),
        """
        event | start       | n | outcome  | mg
        a     | 03-10 08:00 | 1 | credited | 2
        b     | 03-20 08:00 | 1 | limited  | 0
        c     | 03-03 08:00 | 1 | credited | 2
        """,
    )


def test_rejected_held_and_withdrawn_acts_use_no_room(judge: Judge) -> None:
    verify(
        judge,
        book({"ride": version(limits=(limit("once", COUNT, 1),))}),
        """
        event | start       | n | state     | consent | outcome
        a     | 03-01 08:00 | 5 | held      | yes     | held
        b     | 03-01 09:00 | 5 | withdrawn | yes     | withdrawn
        c     | 03-01 10:00 | 5 | live      | no      | rejected no_consent
        d     | 03-01 11:00 | 5 | live      | yes     | credited
        """,
    )
