"""Hand-written cases: points (design §2 "Points", §10.17)."""

from __future__ import annotations

from tanzhang.engine.rules import Kind, Points

from .cases import NEW_YORK, TRIP, City, Judge, book, limit, terms, verify, version


def city(**points: object) -> City:
    return City((terms(points=Points(**points)),))  # type: ignore[arg-type]


def test_points_are_differences_of_the_days_running_floors(judge: Judge) -> None:
    verify(
        judge,
        book({"ride": version()}, city(unit_mg=10)),
        """
        event | start       | n  | mg | points
        a     | 03-01 08:00 | 7  | 7  | 0
        b     | 03-01 09:00 | 7  | 7  | 1
        c     | 03-01 10:00 | 5  | 5  | 0
        d     | 03-01 11:00 | 21 | 21 | 3
        """,
    )


def test_remainders_lapse_at_local_midnight(judge: Judge) -> None:
    verify(
        judge,
        book({"ride": version()}, City((terms(points=Points(unit_mg=10)),), NEW_YORK)),
        """
        event | start       | n | points | day
        a     | 03-01 23:59 | 9 | 0      | 03-01
        b     | 03-02 00:00 | 9 | 0      | 03-02
        c     | 03-02 00:01 | 1 | 1      | 03-02
        """,
    )


def test_a_daily_limit_of_points_caps_the_running_floor(judge: Judge) -> None:
    verify(
        judge,
        book({"ride": version()}, city(unit_mg=10, daily_max=3)),
        """
        event | start       | n  | mg | points
        a     | 03-01 08:00 | 25 | 25 | 2
        b     | 03-01 09:00 | 25 | 25 | 1
        c     | 03-01 10:00 | 25 | 25 | 0
        d     | 03-02 10:00 | 99 | 99 | 3
        """,
    )


def test_points_follow_credited_grams_and_not_gross(judge: Judge) -> None:
    verify(
        judge,
        book(
            {"ride": version(limits=(limit("daily", Kind.AMOUNT, 15),)), "walk": version()},
            city(unit_mg=10),
        ),
        """
        event | pack | start       | n  | mg | points
        a     | ride | 03-01 08:00 | 12 | 12 | 1
        b     | ride | 03-01 09:00 | 12 | 3  | 0
        c     | walk | 03-01 10:00 | 5  | 5  | 1
        d     | ride | 03-01 11:00 | 99 | 0  | 0
        """,
    )


def test_each_account_has_its_own_points_day(judge: Judge) -> None:
    verify(
        judge,
        book({"ride": version()}, city(unit_mg=10)),
        """
        event | account | start       | n | points
        a     | L1      | 03-01 08:00 | 6 | 0
        b     | L2      | 03-01 09:00 | 6 | 0
        c     | L1      | 03-01 10:00 | 6 | 1
        """,
    )


def test_points_run_in_order_of_occurrence_and_then_of_keys(judge: Judge) -> None:
    verify(
        judge,
        book({"ride": version()}, city(unit_mg=10)),
        """
        event | start       | grade | n  | points
        c     | 03-01 08:00 | 1     | 15 | 1
        b     | 03-01 09:00 | 9     | 4  | 1
        a     | 03-01 09:00 | 1     | 4  | 0
        """,
    )


def test_points_per_act_are_earned_in_full_or_not_at_all(judge: Judge) -> None:
    rules = book(
        {
            "ride": version(limits=(limit("daily", Kind.AMOUNT, 10),)),
            "quiz": version(zero_by_design=True),
        },
        city(per_act={"ride": 5, "quiz": 2}),
    )
    verify(
        judge,
        rules,
        """
        event | pack | start       | n | outcome  | mg | points
        a     | ride | 03-01 08:00 | 9 | credited | 9  | 5
        b     | ride | 03-01 09:00 | 9 | credited | 1  | 5
        c     | ride | 03-01 10:00 | 9 | limited  | 0  | 0
        d     | ride | 03-01 07:00 | 0 | credited | 0  | 0
        e     | quiz | 03-01 11:00 | 0 | credited | 0  | 2
        """,
    )


def test_per_act_points_stop_at_their_own_daily_limit(judge: Judge) -> None:
    verify(
        judge,
        book(
            {"ride": version(), "quiz": version(zero_by_design=True), "walk": version()},
            city(unit_mg=10, daily_max=1, per_act={"ride": 5, "quiz": 2}, per_act_daily_max=8),
        ),
        """
        event | pack | start       | n  | points
        a     | ride | 03-01 08:00 | 9  | 5
        b     | quiz | 03-01 09:00 | 9  | 2
        c     | ride | 03-01 10:00 | 9  | 1
        d     | quiz | 03-01 11:00 | 9  | 0
        e     | walk | 03-01 12:00 | 99 | 1
        f     | ride | 03-02 10:00 | 9  | 5
        """,
    )


def test_a_pack_in_the_table_earns_by_the_table_only(judge: Judge) -> None:
    """Its grams are no part of the day's running sum: 8 + 8 would have passed 10 with b's 9."""
    verify(
        judge,
        book({"ride": version(), "walk": version()}, city(unit_mg=10, per_act={"ride": 1})),
        """
        event | pack | start       | n | mg | points
        a     | walk | 03-01 08:00 | 8 | 8  | 0
        b     | ride | 03-01 09:00 | 9 | 9  | 1
        c     | walk | 03-01 10:00 | 1 | 1  | 0
        d     | walk | 03-01 11:00 | 1 | 1  | 1
        """,
    )


def test_a_duplicate_earns_by_the_table_only_where_the_programme_says_so(judge: Judge) -> None:
    packs = {"ride": version(conflict=TRIP)}
    table = """
        event | start       | end         | n | outcome             | mg | points
        a     | 03-01 08:00 | 03-01 09:00 | 5 | credited            | 5  | 3
        b     | 03-01 08:30 | 03-01 09:00 | 5 | duplicate overlap a | 0  | {second}
        c     | 03-01 10:00 | 03-01 11:00 | 5 | credited            | 5  | {third}
        """
    verify(judge, book(packs, city(per_act={"ride": 3})), table.format(second=0, third=3))
    verify(
        judge,
        book(packs, city(per_act={"ride": 3}, on_duplicate=True)),
        table.format(second=3, third=3),
    )
    verify(
        judge,
        book(packs, city(per_act={"ride": 3}, per_act_daily_max=7, on_duplicate=True)),
        table.format(second=3, third=1),
    )


def test_a_duplicate_never_earns_by_mass(judge: Judge) -> None:
    verify(
        judge,
        book({"ride": version(conflict=TRIP)}, city(unit_mg=5, on_duplicate=True)),
        """
        event | start       | end         | n | outcome             | points
        a     | 03-01 08:00 | 03-01 09:00 | 5 | credited            | 1
        b     | 03-01 08:30 | 03-01 09:00 | 5 | duplicate overlap a | 0
        """,
    )


def test_rejected_held_and_withdrawn_acts_earn_nothing(judge: Judge) -> None:
    verify(
        judge,
        book({"ride": version()}, city(per_act={"ride": 3}, on_duplicate=True)),
        """
        event | start       | n | state     | consent | outcome             | points
        a     | 03-01 08:00 | 5 | held      | yes     | held                | 0
        b     | 03-01 08:30 | 5 | withdrawn | yes     | withdrawn           | 0
        c     | 03-01 09:00 | 5 | live      | no      | rejected no_consent | 0
        d     | 03-01 09:00 | 5 | live      | yes     | credited            | 3
        """,
    )


def test_points_rules_are_those_in_force_on_the_acts_day(judge: Judge) -> None:
    rules = book(
        {"ride": version()},
        City(
            (
                terms(points=Points(unit_mg=10), until="03-02"),
                terms(points=Points(per_act={"ride": 7}), since="03-02", until="03-03"),
                terms(since="03-03"),
            )
        ),
    )
    verify(
        judge,
        rules,
        """
        event | start       | n  | points
        a     | 03-01 23:59 | 25 | 2
        b     | 03-02 00:00 | 25 | 7
        c     | 03-03 00:00 | 25 | 0
        """,
    )
