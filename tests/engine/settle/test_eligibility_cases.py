# ruff: noqa: E501 (a table's rows are wider than prose)
"""Hand-written cases: who takes part at all (design §10.2, 10.5–10.7, 10.18)."""

from __future__ import annotations

from tanzhang.engine.rules import Bound, Input, Period

from .cases import (
    CARD,
    NEW_YORK,
    OPTIONAL_M,
    TRIP,
    City,
    Judge,
    N,
    book,
    terms,
    verify,
    version,
)
from .formulas import Linear

RIDES = book({"ride": version(Linear({"n": 10}), conflict=TRIP)})


def test_a_plain_act_is_credited_in_full(judge: Judge) -> None:
    verify(
        judge,
        RIDES,
        """
        event | start       | end         | n | outcome  | gross | mg | cuts | day   | version
        a     | 03-01 08:00 | 03-01 08:20 | 3 | credited | 30    | 30 | -    | 03-01 | 0
        """,
    )


def test_a_withdrawn_or_held_act_blocks_nobody_and_gets_nothing(judge: Judge) -> None:
    verify(
        judge,
        RIDES,
        """
        event | start       | end         | n | state     | outcome             | gross | mg | version
        a     | 03-01 08:00 | 03-01 09:00 | 3 | withdrawn | withdrawn           | 0     | 0  | 0
        b     | 03-01 08:10 | 03-01 09:00 | 3 | held      | held                | 0     | 0  | 0
        c     | 03-01 08:20 | 03-01 09:00 | 3 | live      | credited            | 30    | 30 | 0
        d     | 03-01 08:30 | 03-01 09:00 | 3 | live      | duplicate overlap c | 30    | 0  | 0
        """,
    )


def test_packs_and_programmes_count_from_their_first_day_to_before_their_last(
    judge: Judge,
) -> None:
    rules = book(
        {
            "early": version(since="03-01", until="03-03"),
            "always": version(),
        },
        City((terms(since="03-02", until="03-04"),)),
    )
    verify(
        judge,
        rules,
        """
        event | pack   | start              | n | outcome                    | version
        a     | early  | 02-28 23:59:59     | 1 | rejected no_pack           | -
        b     | early  | 03-01 00:00        | 1 | rejected before_activation | 0
        c     | early  | 03-02 00:00        | 1 | credited                   | 0
        d     | early  | 03-03 00:00        | 1 | rejected no_pack           | -
        e     | always | 03-01 23:59:59     | 1 | rejected before_activation | 0
        f     | always | 03-02 00:00        | 1 | credited                   | 0
        g     | always | 03-03 23:59:59     | 1 | credited                   | 0
        h     | always | 03-04 00:00        | 1 | rejected after_end         | 0
        """,
    )


def test_each_act_meets_the_pack_version_of_its_own_local_day(judge: Judge) -> None:
    rules = book(
        {
            "ride": (
                version(Linear({"n": 10}), until="03-02"),
                version(Linear({"n": 7}), since="03-02"),
            )
        },
        {"east": City(), "west": City(time_zone=NEW_YORK)},
    )
    verify(
        judge,
        rules,
        """
        event | citizen | programme | start                     | n | mg | version | day
        a     | Li      | east      | 2025-03-01 23:59:59.999999 | 1 | 10 | 0       | 03-01
        b     | Li      | east      | 2025-03-02 00:00          | 1 | 7  | 1       | 03-02
        c     | Wang    | west      | 2025-03-02 00:00+08:00    | 1 | 10 | 0       | 03-01
        """,
    )


def test_an_act_before_joining_is_rejected_and_on_the_joining_day_counts(judge: Judge) -> None:
    verify(
        judge,
        RIDES,
        """
        event | start       | n | joined | outcome
        a     | 03-01 23:59 | 1 | 03-02  | rejected before_joining
        b     | 03-02 00:00 | 1 | 03-02  | credited
        """,
    )


def test_without_consent_an_act_is_rejected(judge: Judge) -> None:
    verify(
        judge,
        RIDES,
        """
        event | start       | n | consent | outcome             | gross | mg | version
        a     | 03-01 08:00 | 1 | no      | rejected no_consent | 0     | 0  | 0
        """,
    )


def test_of_several_reasons_the_first_in_the_stated_order_is_given(judge: Judge) -> None:
    rules = book(
        {
            "card": version(
                conflict=CARD,
                inputs=(Input("n", "thing", 0, 9), OPTIONAL_M),
                bounds=(Bound("stay", "duration", maximum=60),),
                since="02-01",
            )
        },
        City((terms(since="03-01"),)),
    )
    verify(
        judge,
        rules,
        """
        event | start       | end         | n  | state     | consent | joined | item | outcome
        a     | 01-05 10:00 | 01-05 09:00 | -  | withdrawn | no      | 03-09  | -    | withdrawn
        b     | 01-05 10:00 | 01-05 09:00 | -  | held      | no      | 03-09  | -    | held
        c     | 01-05 10:00 | 01-05 09:00 | -  | live      | no      | 03-09  | -    | rejected no_pack
        d     | 02-05 10:00 | 02-05 09:00 | -  | live      | no      | 03-09  | -    | rejected no_consent
        e     | 02-05 10:00 | 02-05 09:00 | -  | live      | yes     | 03-09  | -    | rejected before_joining
        f     | 02-05 10:00 | 02-05 09:00 | -  | live      | yes     | 02-01  | -    | rejected before_activation
        g     | 03-05 10:00 | 03-05 09:00 | -  | live      | yes     | 02-01  | -    | rejected missing_input
        h     | 03-05 10:00 | 03-05 09:00 | 10 | live      | yes     | 02-01  | -    | rejected ends_before_start
        i     | 03-05 10:00 | 03-05 10:02 | 10 | live      | yes     | 02-01  | -    | rejected n
        j     | 03-05 10:00 | 03-05 10:02 | 9  | live      | yes     | 02-01  | -    | rejected stay
        k     | 03-05 10:00 | 03-05 10:01 | 9  | live      | yes     | 02-01  | -    | rejected missing_key
        l     | 03-05 10:00 | 03-05 10:01 | 9  | live      | yes     | 02-01  | c1   | credited
        """,
    )


def test_bounds_are_inclusive_and_the_first_violated_one_is_named(judge: Judge) -> None:
    rules = book(
        {
            "ride": version(
                inputs=(Input("n", "thing", 2, 8), Input("m", "thing", 0, 5, required=False)),
                bounds=(
                    Bound("few", "input", "n", maximum=6),
                    Bound("lasting", "duration", minimum=60, maximum=3600),
                    Bound("many", "input", "m", minimum=3),
                ),
            )
        }
    )
    verify(
        judge,
        rules,
        """
        event | start       | end                   | n | m | outcome
        a     | 03-01 08:00 | 03-01 08:01           | 2 | 3 | credited
        b     | 03-01 08:00 | 03-01 09:00           | 6 | 5 | credited
        c     | 03-01 08:00 | 03-01 08:01           | 1 | 3 | rejected n
        d     | 03-01 08:00 | 03-01 08:01           | 9 | 6 | rejected n
        e     | 03-01 08:00 | 03-01 08:01           | 7 | 6 | rejected m
        f     | 03-01 08:00 | 03-01 08:01           | 7 | 2 | rejected few
        g     | 03-01 08:00 | 03-01 08:00:59.999999 | 6 | 2 | rejected lasting
        h     | 03-01 08:00 | 03-01 09:00:00.000001 | 6 | 2 | rejected lasting
        i     | 03-01 08:00 | 03-01 08:30           | 6 | 2 | rejected many
        j     | 03-01 08:00 | 03-01 08:30           | 6 | - | credited
        """,
    )


def test_speed_is_distance_over_duration_and_standing_still_breaks_no_bound(judge: Judge) -> None:
    rules = book(
        {"ride": version(inputs=(N,), bounds=(Bound("speed", "speed", "n", 1_000, 36_000),))}
    )
    verify(
        judge,
        rules,
        """
        event | start       | end                   | n    | outcome
        a     | 03-01 08:00 | 03-01 08:10           | 6000 | credited
        b     | 03-01 08:00 | 03-01 08:10           | 6001 | rejected speed
        c     | 03-01 08:00 | 03-01 08:09:59.999999 | 6000 | rejected speed
        d     | 03-01 08:00 | 03-01 09:00           | 1000 | credited
        e     | 03-01 08:00 | 03-01 09:00           | 999  | rejected speed
        f     | 03-01 08:00 | 03-01 08:00           | 1    | rejected speed
        g     | 03-01 08:00 | 03-01 08:00           | 0    | credited
        """,
    )


def test_a_speed_bound_with_only_a_minimum_is_still_broken_by_a_distance_in_no_time(
    judge: Judge,
) -> None:
    rules = book({"ride": version(bounds=(Bound("moving", "speed", "n", minimum=1),))})
    verify(
        judge,
        rules,
        """
        event | start       | end         | n | outcome
        a     | 03-01 08:00 | 03-01 08:00 | 5 | rejected moving
        b     | 03-01 08:00 | 03-01 08:00 | 0 | credited
        """,
    )


def test_a_missing_optional_input_counts_as_its_default(judge: Judge) -> None:
    rules = book(
        {
            "plain": version(Linear({"n": 1, "m": 10}), inputs=(N, OPTIONAL_M)),
            "said": version(
                Linear({"n": 1, "m": 10}),
                inputs=(N, Input("m", "thing", 5, 9, required=False, default=3)),
            ),
        }
    )
    verify(
        judge,
        rules,
        """
        event | pack  | start       | n | m | outcome    | mg
        a     | plain | 03-01 08:00 | 4 | - | credited   | 4
        b     | plain | 03-01 08:00 | 4 | 2 | credited   | 24
        c     | said  | 03-01 08:00 | 4 | - | credited   | 34
        d     | said  | 03-01 08:00 | 4 | 4 | rejected m | 0
        """,
    )


def test_a_rejected_act_uses_no_key(judge: Judge) -> None:
    assert CARD.once is Period.MONTH
    rules = book({"card": version(conflict=CARD, inputs=(Input("n", "thing", 0, 5),))})
    verify(
        judge,
        rules,
        """
        event | start       | n | item | outcome
        a     | 03-01 08:00 | 6 | c1   | rejected n
        b     | 03-02 08:00 | 5 | c1   | credited
        c     | 03-03 08:00 | 5 | c1   | duplicate once b
        """,
    )
