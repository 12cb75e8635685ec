# ruff: noqa: E501 (a table's rows are wider than prose)
"""Hand-written cases: accounts on several platforms that are one person's (design §10.4)."""

from __future__ import annotations

from tanzhang.engine.rules import Kind, Period, Points, Scope

from .cases import (
    BILL,
    CARD,
    NEW_YORK,
    TRIP,
    City,
    Judge,
    book,
    limit,
    one_person,
    terms,
    verify,
    version,
)

TRIPS = book({"bike": version(conflict=TRIP), "metro": version(conflict=TRIP)})
TWO_CITIES = {"city": City(), "bank": City()}


def test_a_ride_that_two_platforms_report_counts_once_from_the_day_of_the_link(
    judge: Judge,
) -> None:
    """The day before the link both count, as they always did."""
    table = """
        event | citizen | start       | end         | n | outcome             | mg
        a     | Li      | 03-01 08:00 | 03-01 09:00 | 5 | credited            | 5
        b     | Lee     | 03-01 08:10 | 03-01 09:00 | 7 | credited            | 7
        c     | Li      | 03-02 08:00 | 03-02 09:00 | 5 | credited            | 5
        d     | Lee     | 03-02 08:10 | 03-02 09:00 | 7 | duplicate overlap c | 0
        e     | Wang    | 03-02 08:10 | 03-02 09:00 | 7 | credited            | 7
        """
    verify(judge, TRIPS, table, [one_person("Li", "Lee", "03-02")])


def test_an_act_from_before_meets_her_own_later_ones_and_nobody_elses(judge: Judge) -> None:
    """All three overlap: b loses to a, so that it blocks nobody, and c does not meet a."""
    table = """
        event | citizen | start       | end         | n | outcome
        a     | Li      | 03-01 23:00 | 03-02 02:00 | 5 | credited
        b     | Li      | 03-02 00:30 | 03-02 01:00 | 5 | duplicate overlap a
        c     | Lee     | 03-02 00:40 | 03-02 01:30 | 5 | credited
        d     | Li      | 03-02 01:10 | 03-02 01:20 | 5 | duplicate overlap a
        """
    verify(judge, TRIPS, table, [one_person("Li", "Lee", "03-02")])


def test_what_an_act_from_before_the_link_blocks_blocks_no_other(judge: Judge) -> None:
    table = """
        event | citizen | start       | end         | n | outcome
        a     | Li      | 03-01 23:00 | 03-02 00:10 | 5 | credited
        b     | Lee     | 03-02 00:00 | 03-02 00:40 | 5 | credited
        c     | Li      | 03-02 00:20 | 03-02 00:30 | 5 | duplicate overlap b
        """
    verify(judge, TRIPS, table, [one_person("Li", "Lee", "03-02")])


def test_a_loser_names_the_first_kept_act_that_meets_and_blocks_it(judge: Judge) -> None:
    """c overlaps a, which it does not meet, and both b and d, which it does; b is stronger."""
    table = """
        event | citizen | start       | end         | n | grade | outcome
        a     | Lee     | 03-01 23:50 | 03-02 03:00 | 5 | 3     | credited
        b     | Li      | 03-02 02:00 | 03-02 02:30 | 5 | 2     | credited
        c     | Li      | 03-02 00:30 | 03-02 02:10 | 5 | 1     | duplicate overlap b
        d     | Lee     | 03-02 00:40 | 03-02 00:50 | 5 | 2     | duplicate overlap a
        """
    verify(judge, TRIPS, table, [one_person("Li", "Lee", "03-02")])


def test_a_link_that_has_ended_leaves_later_days_apart(judge: Judge) -> None:
    table = """
        event | citizen | start       | end         | n | outcome
        a     | Li      | 03-02 08:00 | 03-02 09:00 | 5 | credited
        b     | Lee     | 03-02 08:10 | 03-02 09:00 | 7 | duplicate overlap a
        c     | Li      | 03-03 08:00 | 03-03 09:00 | 5 | credited
        d     | Lee     | 03-03 08:10 | 03-03 09:00 | 7 | credited
        """
    verify(judge, TRIPS, table, [one_person("Li", "Lee", "03-02", "03-03")])


def test_three_platforms_are_one_person_link_by_link(judge: Judge) -> None:
    table = """
        event | citizen | start       | end         | n | outcome
        a     | Li      | 03-02 08:00 | 03-02 09:00 | 5 | credited
        b     | Lee     | 03-02 08:10 | 03-02 09:00 | 7 | duplicate overlap a
        c     | Lii     | 03-02 08:20 | 03-02 09:00 | 7 | credited
        d     | Li      | 03-03 08:00 | 03-03 09:00 | 5 | credited
        e     | Lee     | 03-03 08:10 | 03-03 09:00 | 7 | duplicate overlap d
        f     | Lii     | 03-03 08:20 | 03-03 09:00 | 7 | duplicate overlap d
        """
    links = [one_person("Li", "Lee", "03-02"), one_person("Lee", "Lii", "03-03")]
    verify(judge, TRIPS, table, links)


def test_an_account_that_changes_hands_joins_nobody_to_the_former_owner(judge: Judge) -> None:
    """Lee was Li's until the 3rd and is Wang's from then on: the two links are two people."""
    table = """
        event | citizen | start       | end         | n | outcome
        a     | Li      | 03-02 08:00 | 03-02 09:00 | 5 | credited
        b     | Lee     | 03-02 08:10 | 03-02 09:00 | 7 | duplicate overlap a
        c     | Li      | 03-02 23:00 | 03-03 01:00 | 5 | credited
        d     | Wang    | 03-03 00:10 | 03-03 00:30 | 7 | credited
        e     | Lee     | 03-03 00:20 | 03-03 00:30 | 7 | duplicate overlap d
        """
    links = [one_person("Li", "Lee", "03-02", "03-03"), one_person("Lee", "Wang", "03-03")]
    verify(judge, TRIPS, table, links)


def test_a_link_takes_effect_on_each_programmes_own_day(judge: Judge) -> None:
    """At one instant it is the 2nd in Shanghai and the 1st in New York, where nothing holds yet."""
    rules = book(
        {"bike": version(conflict=TRIP)}, {"bank": City(time_zone=NEW_YORK), "city": City()}
    )
    table = """
        event | citizen | programme | start                  | end                    | n | outcome
        a     | Li      | city      | 2025-03-02T08:00+08:00 | 2025-03-02T09:00+08:00 | 5 | credited
        b     | Lee     | bank      | 2025-03-02T08:10+08:00 | 2025-03-02T09:00+08:00 | 7 | credited
        c     | Li      | city      | 2025-03-03T08:00+08:00 | 2025-03-03T09:00+08:00 | 5 | credited
        d     | Lee     | bank      | 2025-03-03T08:10+08:00 | 2025-03-03T09:00+08:00 | 7 | duplicate overlap c
        """
    verify(judge, rules, table, [one_person("Li", "Lee", "03-02")])


def test_a_bill_of_ones_own_is_reported_twice_and_claimed_by_nobody_else(judge: Judge) -> None:
    """b loses to herself (once); c, who is somebody else, to the claim."""
    table = """
        event | citizen | start       | n | item | outcome
        a     | Li      | 03-02 08:00 | 5 | m1   | credited
        b     | Lee     | 03-03 08:00 | 5 | m1   | duplicate once a
        c     | Wang    | 03-04 08:00 | 5 | m1   | duplicate claim a
        """
    verify(judge, book({"bill": version(conflict=BILL)}), table, [one_person("Li", "Lee", "03-02")])


def test_a_bill_from_before_the_link_is_another_persons_still(judge: Judge) -> None:
    table = """
        event | citizen | start       | n | item | outcome
        a     | Li      | 03-01 08:00 | 5 | m1   | credited
        b     | Lee     | 03-03 08:00 | 5 | m1   | duplicate claim a
        c     | Li      | 03-04 08:00 | 5 | m1   | duplicate once a
        """
    verify(judge, book({"bill": version(conflict=BILL)}), table, [one_person("Li", "Lee", "03-02")])


def test_a_key_that_counts_once_a_person_counts_once_on_all_platforms(judge: Judge) -> None:
    table = """
        event | citizen | start       | n | item | outcome
        a     | Li      | 03-02 08:00 | 5 | c1   | credited
        b     | Lee     | 03-20 08:00 | 5 | c1   | duplicate once a
        c     | Lee     | 04-02 08:00 | 5 | c1   | credited
        d     | Wang    | 03-20 08:00 | 5 | c1   | credited
        """
    verify(judge, book({"card": version(conflict=CARD)}), table, [one_person("Li", "Lee", "03-02")])


def test_a_limit_over_all_accounts_counts_the_acts_that_meet(judge: Judge) -> None:
    """b finds nothing of a, which it does not meet, c what both took before it."""
    monthly = limit("monthly", Kind.AMOUNT, 10, Period.MONTH, Scope.PROGRAMME)
    rules = book({"ride": version()}, City((terms(limits=(monthly,)),)))
    table = """
        event | citizen | start       | n | outcome  | mg | cuts
        a     | Li      | 03-01 08:00 | 4 | credited | 4  | -
        b     | Lee     | 03-02 08:00 | 5 | credited | 5  | -
        c     | Li      | 03-03 08:00 | 9 | credited | 1  | city.monthly 8
        d     | Lee     | 03-04 08:00 | 9 | credited | 4  | city.monthly 5
        e     | Li      | 03-05 08:00 | 1 | limited  | 0  | city.monthly 1
        """
    verify(judge, rules, table, [one_person("Li", "Lee", "03-02")])


def test_a_limit_that_closes_is_closed_for_whoever_meets_the_act_that_closed_it(
    judge: Judge,
) -> None:
    """a closes it for Li; Lee's acts do not meet a, and what a did not get is not used."""
    whole = limit("whole", Kind.AMOUNT, 10, Period.MONTH, Scope.PROGRAMME, whole=True)
    rules = book({"ride": version()}, City((terms(limits=(whole,)),)))
    table = """
        event | citizen | start       | n  | outcome  | mg
        a     | Li      | 03-01 08:00 | 12 | limited  | 0
        b     | Li      | 03-02 08:00 | 5  | limited  | 0
        c     | Lee     | 03-03 08:00 | 6  | credited | 6
        d     | Lee     | 03-04 08:00 | 6  | limited  | 0
        e     | Lee     | 03-05 08:00 | 1  | limited  | 0
        """
    verify(judge, rules, table, [one_person("Li", "Lee", "03-02")])


def test_no_room_is_shared_between_programmes_nor_between_accounts(judge: Judge) -> None:
    """Only a limit over all accounts of a programme counts her other subject's acts."""
    daily = limit("daily", Kind.AMOUNT, 6, scope=Scope.PROGRAMME)
    own = limit("own", Kind.AMOUNT, 5, scope=Scope.ACCOUNT)
    rules = book(
        {"ride": version(limits=(own,))},
        {name: City((terms(limits=(daily,)),)) for name in TWO_CITIES},
    )
    table = """
        event | citizen | programme | start       | n | mg
        a     | Li      | city      | 03-02 08:00 | 5 | 5
        b     | Lee     | bank      | 03-02 09:00 | 5 | 5
        c     | Lii     | city      | 03-02 10:00 | 5 | 1
        """
    links = [one_person("Li", "Lee", "03-01"), one_person("Li", "Lii", "03-01")]
    verify(judge, rules, table, links)


def test_each_account_earns_its_own_points(judge: Judge) -> None:
    rules = book({"ride": version()}, City((terms(points=Points(unit_mg=4)),)))
    table = """
        event | citizen | start       | n | points
        a     | Li      | 03-02 08:00 | 5 | 1
        b     | Lee     | 03-02 09:00 | 7 | 1
        c     | Li      | 03-02 10:00 | 3 | 1
        """
    verify(judge, rules, table, [one_person("Li", "Lee", "03-02")])


def test_a_withdrawn_or_held_act_leaves_the_other_platforms_report_to_count(judge: Judge) -> None:
    table = """
        event | citizen | start       | end         | n | state     | consent | outcome
        a     | Li      | 03-02 08:00 | 03-02 09:00 | 5 | withdrawn | yes     | withdrawn
        b     | Lee     | 03-02 08:10 | 03-02 09:00 | 7 | live      | yes     | credited
        c     | Li      | 03-03 08:00 | 03-03 09:00 | 5 | held      | yes     | held
        d     | Lee     | 03-03 08:10 | 03-03 09:00 | 7 | live      | yes     | credited
        e     | Li      | 03-04 08:00 | 03-04 09:00 | 5 | live      | no      | rejected no_consent
        f     | Lee     | 03-04 08:10 | 03-04 09:00 | 7 | live      | yes     | credited
        """
    verify(judge, TRIPS, table, [one_person("Li", "Lee", "03-02")])
