"""Hand-written cases: gross milligrams and look-backs (design §10.11–10.12)."""

from __future__ import annotations

import pytest

from tanzhang.engine.rules import Input, Kind, LookBack, Period, Rulebook

from .cases import CARD, OPTIONAL_M, TRIP, City, Judge, M, N, book, limit, terms, verify, version
from .formulas import Linear


def readings(reduce: str, gaps: str, days: int = 3, scale: int = 1) -> Rulebook:
    """A meter whose act yields what its look-back says, and nothing else."""
    look_back = LookBack("before", "n", days, reduce, gaps, scale)
    return book({"meter": version(Linear({"before": 1}), look_backs=(look_back,))})


def test_one_rounding_half_to_even(judge: Judge) -> None:
    rules = book({"ride": version(Linear({"n": 1}, divisor="m"), inputs=(N, M))})
    verify(
        judge,
        rules,
        """
        event | start       | n | m | gross
        a     | 03-01 08:00 | 5 | 2 | 2
        b     | 03-01 08:00 | 7 | 2 | 4
        c     | 03-01 08:00 | 8 | 3 | 3
        d     | 03-01 08:00 | 7 | 3 | 2
        """,
    )


def test_a_result_below_zero_is_credited_as_zero(judge: Judge) -> None:
    rules = book({"ride": version(Linear({"n": 1}, base=-5))})
    verify(
        judge,
        rules,
        """
        event | start       | n | outcome  | gross | mg
        a     | 03-01 08:00 | 3 | credited | 0     | 0
        b     | 03-01 08:00 | 9 | credited | 4     | 4
        """,
    )


def test_the_evidence_grade_may_be_part_of_the_formula(judge: Judge) -> None:
    rules = book({"ride": version(Linear({"n": 1, "evidence_grade": 100}))})
    verify(
        judge,
        rules,
        """
        event | start       | n | grade | mg
        a     | 03-01 08:00 | 3 | 1     | 103
        b     | 03-01 08:00 | 3 | 4     | 403
        """,
    )


def test_a_look_back_adds_up_the_days_before_and_not_its_own(judge: Judge) -> None:
    verify(
        judge,
        readings("sum", "zero"),
        """
        event | start       | n  | mg
        a     | 03-01 00:00 | 1  | 0
        b     | 03-01 23:59 | 2  | 0
        c     | 03-02 12:00 | 4  | 3
        d     | 03-03 12:00 | 8  | 7
        e     | 03-04 00:00 | 16 | 15
        f     | 03-05 12:00 | 32 | 28
        """,
    )


@pytest.mark.parametrize(
    ("reduce", "gaps", "outcome", "mg"),
    [
        ("sum", "zero", "credited", 9),
        ("sum", "skip", "credited", 9),
        ("sum", "reject", "rejected look_back_gap", 0),
        ("mean", "zero", "credited", 9 * 2),  # over three days, in sixths
        ("mean", "skip", "credited", 9 * 3),  # over the two days that have one
        ("mean", "reject", "rejected look_back_gap", 0),
        ("last", "zero", "credited", 0),  # day d-1 is a gap
    ],
)
def test_the_gap_rule_makes_the_list_that_is_then_read(
    judge: Judge, reduce: str, gaps: str, outcome: str, mg: int
) -> None:
    verify(
        judge,
        readings(reduce, gaps, scale=6),
        f"""
        event | start       | n | outcome   | mg
        a     | 03-01 12:00 | 2 |           |
        b     | 03-02 12:00 | 3 |           |
        c     | 03-02 13:00 | 4 |           |
        d     | 03-04 12:00 | 1 | {outcome} | {mg}
        """,
    )


def test_last_is_the_value_of_the_day_before(judge: Judge) -> None:
    verify(
        judge,
        readings("last", "zero"),
        """
        event | start       | n | mg
        a     | 03-01 12:00 | 2 | 0
        b     | 03-02 12:00 | 5 | 2
        c     | 03-02 13:00 | 6 | 2
        d     | 03-03 12:00 | 1 | 11
        """,
    )


def test_a_full_window_satisfies_the_rule_that_rejects_gaps(judge: Judge) -> None:
    verify(
        judge,
        readings("mean", "reject", days=2, scale=2),
        """
        event | start       | n | outcome                | mg
        a     | 03-01 12:00 | 2 | rejected look_back_gap | 0
        b     | 03-02 12:00 | 5 | rejected look_back_gap | 0
        c     | 03-03 12:00 | 9 | credited               | 7
        """,
    )


def test_a_list_without_any_value_rejects(judge: Judge) -> None:
    verify(
        judge,
        readings("mean", "skip", scale=6),
        """
        event | start       | n | outcome                | gross
        a     | 03-01 12:00 | 2 | rejected look_back_gap | 0
        b     | 03-04 12:00 | 2 | credited               | 12
        c     | 03-08 12:00 | 2 | rejected look_back_gap | 0
        """,
    )


def test_a_look_back_reads_its_own_account_pack_and_item(judge: Judge) -> None:
    look_back = LookBack("before", "n", 1, "sum", "zero")
    meter = version(Linear({"before": 1}), look_backs=(look_back,))
    rules = book({"meter": meter, "other": version()})
    verify(
        judge,
        rules,
        """
        event | citizen | account | pack  | start       | n | item | mg
        a     | Li      | L1      | meter | 03-01 12:00 | 1 | m1   | 0
        b     | Li      | L2      | meter | 03-01 12:00 | 2 | m1   | 0
        c     | Li      | L1      | meter | 03-01 12:00 | 4 | m2   | 0
        d     | Li      | L1      | other | 03-01 12:00 | 8 | m1   | 8
        e     | Li      | L1      | meter | 03-02 12:00 | 0 | m1   | 1
        f     | Li      | L2      | meter | 03-02 12:00 | 0 | m1   | 2
        g     | Li      | L1      | meter | 03-02 12:00 | 0 | m2   | 4
        h     | Li      | L1      | meter | 03-02 12:00 | 0 | -    | 0
        """,
    )


def test_a_look_back_skips_losers_and_rejected_acts_and_reads_what_limits_cut(
    judge: Judge,
) -> None:
    look_back = LookBack("before", "n", 1, "sum", "zero")
    meter = version(
        Linear({"n": 1, "before": 10}),
        conflict=TRIP,
        inputs=(Input("n", "thing", 0, 50),),
        look_backs=(look_back,),
        limits=(limit("daily", Kind.AMOUNT, 5),),
    )
    verify(
        judge,
        book({"meter": meter}),
        """
        event | start       | end         | n  | state     | outcome             | gross | mg
        a     | 03-01 08:00 | 03-01 09:00 | 4  | live      | credited            | 4     | 4
        b     | 03-01 08:30 | 03-01 09:00 | 8  | live      | duplicate overlap a | 8     | 0
        c     | 03-01 10:00 | 03-01 11:00 | 51 | live      | rejected n          | 0     | 0
        d     | 03-01 11:00 | 03-01 12:00 | 16 | withdrawn | withdrawn           | 0     | 0
        e     | 03-01 12:00 | 03-01 13:00 | 32 | live      | credited            | 32    | 1
        f     | 03-02 08:00 | 03-02 09:00 | 0  | live      | credited            | 360   | 5
        """,
    )


def test_a_look_back_reads_acts_that_their_own_formula_rejected(judge: Judge) -> None:
    verify(
        judge,
        readings("sum", "reject", days=1),
        """
        event | start       | n | outcome                | gross
        a     | 03-01 12:00 | 7 | rejected look_back_gap | 0
        b     | 03-02 12:00 | 1 | credited               | 7
        """,
    )


def test_a_day_with_a_value_of_zero_is_no_gap(judge: Judge) -> None:
    verify(
        judge,
        readings("mean", "skip", days=2, scale=2),
        """
        event | start       | n | outcome                | gross
        a     | 03-01 12:00 | 0 | rejected look_back_gap | 0
        b     | 03-02 12:00 | 6 | credited               | 0
        c     | 03-03 12:00 | 6 | credited               | 6
        """,
    )


def test_a_duplicate_keeps_the_gross_that_its_own_history_gives(judge: Judge) -> None:
    look_back = LookBack("before", "n", 1, "sum", "reject")
    meter = version(Linear({"n": 1, "before": 10}), conflict=CARD, look_backs=(look_back,))
    loose = version(conflict=CARD)
    verify(
        judge,
        book({"meter": meter, "loose": loose}),
        """
        event | pack  | start       | n | item | outcome                | gross | mg
        a     | meter | 02-28 12:00 | 3 | m1   | rejected look_back_gap | 0     | 0
        b     | meter | 03-01 12:00 | 1 | m1   | credited               | 31    | 31
        c     | meter | 03-02 12:00 | 1 | m1   | duplicate once b       | 11    | 0
        d     | meter | 03-03 12:00 | 1 | m1   | duplicate once b       | 0     | 0
        """,
    )


def test_a_look_back_reads_across_versions_of_the_pack(judge: Judge) -> None:
    look_back = LookBack("before", "m", 2, "sum", "zero")
    rules = book(
        {
            "meter": (
                version(inputs=(N, OPTIONAL_M), until="03-03"),
                version(
                    Linear({"before": 1}),
                    inputs=(N, OPTIONAL_M),
                    look_backs=(look_back,),
                    since="03-03",
                ),
            )
        }
    )
    verify(
        judge,
        rules,
        """
        event | start       | n | m  | mg | version
        a     | 03-01 12:00 | 1 | 10 | 1  | 0
        b     | 03-02 12:00 | 2 | 20 | 2  | 0
        c     | 03-03 12:00 | 4 | -  | 30 | 1
        d     | 03-04 12:00 | 8 | 40 | 20 | 1
        """,
    )


def test_a_look_back_may_feed_a_limit_of_another_month(judge: Judge) -> None:
    """The window crosses the month's end; the limit's room does not."""
    look_back = LookBack("before", "n", 1, "sum", "zero")
    meter = version(
        Linear({"before": 1}),
        look_backs=(look_back,),
        limits=(limit("monthly", Kind.AMOUNT, 6, Period.MONTH),),
    )
    verify(
        judge,
        book({"meter": meter}, City((terms(),))),
        """
        event | start       | n | gross | mg
        a     | 03-30 12:00 | 5 | 0     | 0
        b     | 03-31 12:00 | 4 | 5     | 5
        c     | 03-31 13:00 | 4 | 5     | 1
        d     | 04-01 12:00 | 9 | 8     | 6
        """,
    )


def test_a_look_back_counts_an_unreported_input_as_its_default(judge: Judge) -> None:
    """The day has an act that won, so it is no gap; what the act did not say is its default."""
    optional = Input("m", "thing", 0, 9, required=False, default=3)
    meter = version(
        Linear({"before": 1}),
        inputs=(N, optional),
        look_backs=(LookBack("before", "m", 1, "sum", "reject"),),
    )
    verify(
        judge,
        book({"meter": meter}),
        """
        event | start       | n | m | outcome                | gross
        a     | 03-01 12:00 | 1 | 5 | rejected look_back_gap | 0
        b     | 03-02 12:00 | 1 | - | credited               | 5
        c     | 03-03 12:00 | 1 | 4 | credited               | 3
        """,
    )
