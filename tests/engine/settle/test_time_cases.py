"""Hand-written cases: midnight, repeated and missing hours (design §2 "Time", §10.9)."""

from __future__ import annotations

from tanzhang.engine.rules import Kind, LookBack, Period, Points

from .cases import CARD, NEW_YORK, TRIP, City, Judge, book, limit, terms, verify, version
from .formulas import Linear

DAILY = limit("daily", Kind.AMOUNT, 10)


def test_a_trip_across_midnight_belongs_to_the_day_of_its_start(judge: Judge) -> None:
    rules = book(
        {"ride": version(conflict=TRIP, limits=(DAILY,))},
        City((terms(points=Points(unit_mg=1)),)),
    )
    verify(
        judge,
        rules,
        """
        event | start              | end         | n | outcome             | day   | mg | points
        a     | 03-31 08:00        | 03-31 09:00 | 6 | credited            | 03-31 | 6  | 6
        b     | 03-31 23:50        | 04-01 00:10 | 6 | credited            | 03-31 | 4  | 4
        c     | 04-01 00:05        | 04-01 00:20 | 6 | duplicate overlap b | 04-01 | 0  | 0
        d     | 04-01 00:10        | 04-01 00:30 | 6 | credited            | 04-01 | 6  | 6
        """,
    )


def test_the_same_instant_is_another_day_in_another_zone(judge: Judge) -> None:
    rules = book(
        {"ride": version(limits=(DAILY,))}, {"east": City(), "west": City(time_zone=NEW_YORK)}
    )
    verify(
        judge,
        rules,
        """
        event | account | programme | start                | n | day   | mg
        a     | L1      | east      | 2025-03-01 15:59:59Z | 9 | 03-01 | 9
        b     | L1      | east      | 2025-03-01 16:00:00Z | 9 | 03-02 | 9
        c     | L2      | west      | 2025-03-01 15:59:59Z | 9 | 03-01 | 9
        d     | L2      | west      | 2025-03-01 16:00:00Z | 9 | 03-01 | 1
        e     | L2      | west      | 2025-03-02 04:59:59Z | 9 | 03-01 | 0
        f     | L2      | west      | 2025-03-02 05:00:00Z | 9 | 03-02 | 9
        """,
    )


def test_the_repeated_hour_is_two_hours_of_one_day(judge: Judge) -> None:
    """New York, 2 November 2025: 01:30 comes twice, an hour apart."""
    rules = book({"ride": version(conflict=TRIP, limits=(DAILY,))}, City(time_zone=NEW_YORK))
    verify(
        judge,
        rules,
        """
        event | start             | end               | n | outcome             | day   | mg
        a     | 11-02 01:30-04:00 | 11-02 01:50-04:00 | 6 | credited            | 11-02 | 6
        b     | 11-02 01:30-05:00 | 11-02 01:50-05:00 | 6 | credited            | 11-02 | 4
        c     | 11-02 01:40-05:00 | 11-02 01:55-05:00 | 6 | duplicate overlap b | 11-02 | 0
        d     | 11-02 23:59-05:00 | 11-03 00:01-05:00 | 6 | limited             | 11-02 | 0
        e     | 11-03 00:01-05:00 | 11-03 00:02-05:00 | 6 | credited            | 11-03 | 6
        """,
    )


def test_the_day_with_a_missing_hour_is_one_day(judge: Judge) -> None:
    """New York, 9 March 2025: 01:59:59 is followed by 03:00."""
    rules = book({"ride": version(conflict=TRIP, limits=(DAILY,))}, City(time_zone=NEW_YORK))
    verify(
        judge,
        rules,
        """
        event | start                  | end                    | n | outcome  | day   | mg
        a     | 2025-03-09 00:00-05:00 | 2025-03-09 01:59-05:00 | 6 | credited | 03-09 | 6
        b     | 2025-03-09 01:59-05:00 | 2025-03-09 03:00-04:00 | 2 | credited | 03-09 | 2
        c     | 2025-03-09 03:00-04:00 | 2025-03-09 03:30-04:00 | 6 | credited | 03-09 | 2
        d     | 2025-03-09 23:59-04:00 | 2025-03-09 23:59-04:00 | 6 | limited  | 03-09 | 0
        e     | 2025-03-10 00:00-04:00 | 2025-03-10 00:01-04:00 | 6 | credited | 03-10 | 6
        """,
    )


def test_months_and_years_end_at_local_midnight(judge: Judge) -> None:
    rules = book(
        {
            "card": version(conflict=CARD),
            "ride": version(limits=(limit("yearly", Kind.AMOUNT, 5, Period.YEAR),)),
        },
        City(time_zone=NEW_YORK),
    )
    verify(
        judge,
        rules,
        """
        event | pack | start                | n | item | outcome          | mg
        a     | card | 2025-12-31 17:00Z    | 4 | c1   | credited         | 4
        b     | card | 2026-01-01 04:59:59Z | 4 | c1   | duplicate once a | 0
        c     | card | 2026-01-01 05:00Z    | 4 | c1   | credited         | 4
        d     | ride | 2025-12-31 17:00Z    | 4 | -    | credited         | 4
        e     | ride | 2026-01-01 04:59:59Z | 4 | -    | credited         | 1
        f     | ride | 2026-01-01 05:00Z    | 4 | -    | credited         | 4
        """,
    )


def test_a_look_back_counts_local_days_through_a_change_of_clocks(judge: Judge) -> None:
    rules = book(
        {
            "meter": version(
                Linear({"before": 1}),
                look_backs=(LookBack("before", "n", 1, "last", "zero"),),
            )
        },
        City(time_zone=NEW_YORK),
    )
    verify(
        judge,
        rules,
        """
        event | start                  | n | mg
        a     | 2025-11-01 00:00-04:00 | 1 | 0
        b     | 2025-11-01 23:59-04:00 | 2 | 0
        c     | 2025-11-02 00:00-04:00 | 4 | 3
        d     | 2025-11-02 23:59-05:00 | 8 | 3
        e     | 2025-11-03 00:00-05:00 | 0 | 12
        """,
    )


def test_acts_before_1970_have_days_too(judge: Judge) -> None:
    rules = book({"ride": version(since="1969-12-01")}, City((terms(since="1969-12-01"),)))
    verify(
        judge,
        rules,
        """
        event | start                  | joined     | n | outcome  | day        | mg
        a     | 1969-12-31 23:59+08:00 | 1969-01-01 | 5 | credited | 1969-12-31 | 5
        """,
    )
