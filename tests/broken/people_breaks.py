"""Consent, links and totals with one thing broken each, for random people to notice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import polars as pl
from psycopg import Cursor

from tanzhang.apps.activities import linking, permitted, rollup
from tanzhang.apps.activities.posting import settlement
from tanzhang.apps.activities.posting.kin import Kin
from tanzhang.apps.people import api as people
from tanzhang.apps.people.subjects import membership
from tanzhang.engine.rules import Ints


@dataclass(frozen=True)
class PeopleBreak:
    """Something in the place of a function, or of a statement."""

    where: Any
    name: str
    broken: Any
    says: str


HOLD_KIN: Callable[..., Kin] = settlement.hold_kin
COVERED = permitted._covered
LACKING = permitted._lacking
MEMBERS_OVER = people.members_over
ACTS_SINCE = linking._acts_since


def without(statement: str, part: str, instead: str = "") -> str:
    """A statement that lacks a part, which must be there."""
    assert part in statement
    return statement.replace(part, instead)


# Who is one person.


def links_are_ignored(cursor: Cursor[Any], shard: int, subjects: Ints) -> Kin:
    HOLD_KIN(cursor, shard, subjects)
    return Kin.of(())


def links_hold_from_the_beginning(cursor: Cursor[Any], shard: int, subjects: Ints) -> Kin:
    kin = HOLD_KIN(cursor, shard, subjects)
    return Kin.of(replace(link, from_day=0) for link in kin.links)


def links_never_end(cursor: Cursor[Any], shard: int, subjects: Ints) -> Kin:
    kin = HOLD_KIN(cursor, shard, subjects)
    return Kin.of(replace(link, to_day=2**31 - 1) for link in kin.links)


def nobody_is_settled_again(*given: Any) -> pl.DataFrame:
    return ACTS_SINCE(*given).clear()


# Consent.


def who_once_agreed_agrees(
    acts: pl.DataFrame, windows: pl.DataFrame, purpose: str, now: pl.Expr, *by: str
) -> pl.DataFrame:
    """Live over the act, and never mind whether it was withdrawn since."""
    start = pl.max_horizontal(pl.col("started_us").min(), pl.col("from_us"))
    return COVERED(acts, windows, purpose, start, *by)


def who_agrees_now_always_did(
    acts: pl.DataFrame, windows: pl.DataFrame, purpose: str, now: pl.Expr, *by: str
) -> pl.DataFrame:
    """Live on arrival, whenever the act was."""
    at_once = acts.with_columns(started_us=now, ended_us=now)
    return COVERED(at_once, windows, purpose, now, *by)


def every_source_is_meant(
    cursor: Cursor[Any], partner_id: int, accounts: pl.Series, wanted: Any
) -> pl.DataFrame:
    """Consent to one source is consent to all."""
    numbers = range(1, 9)
    return pl.concat([CONSENT_WINDOWS(cursor, n, accounts, wanted) for n in numbers])


CONSENT_WINDOWS = people.consent_windows


def steps_are_like_the_rest(needed: pl.DataFrame, *rest: Any) -> pl.DataFrame:
    return LACKING(needed, *rest).clear()


# Totals.


def only_direct_members_count(
    cursor: Cursor[Any], roots: list[int], first: int, end: int | None
) -> list[people.MemberDays]:
    found = MEMBERS_OVER(cursor, roots, first, end)
    cursor.execute("select member_id from membership where parent_id = any(%s)", [roots])
    near = {*roots, *(row[0] for row in cursor.fetchall())}
    return [each for each in found if each.account_id in near]


EACH_WAY = without(
    membership._MEMBERS,
    "unnest(range_agg(days)) as span from reach group by account_id",
    "days as span from reach",
)
ANY_DAY = without(rollup._SUMS, " and day >= first_day and day < end_day")
FIRST_SAID = without(rollup._SUMS, "outcome_no > 0", "outcome_no > 99")

BREAKS = (
    PeopleBreak(settlement, "hold_kin", links_are_ignored, "links are ignored"),
    PeopleBreak(settlement, "hold_kin", links_hold_from_the_beginning, "links reach back"),
    PeopleBreak(settlement, "hold_kin", links_never_end, "links never end"),
    PeopleBreak(linking, "_acts_since", nobody_is_settled_again, "nobody is settled again"),
    PeopleBreak(permitted, "_covered", who_once_agreed_agrees, "a withdrawal is forgotten"),
    PeopleBreak(permitted, "_covered", who_agrees_now_always_did, "consent reaches back"),
    PeopleBreak(people, "consent_windows", every_source_is_meant, "a source is like another"),
    PeopleBreak(permitted, "_lacking", steps_are_like_the_rest, "a purpose is like another"),
    PeopleBreak(people, "members_over", only_direct_members_count, "children are left out"),
    PeopleBreak(membership, "_MEMBERS", EACH_WAY, "each way to an act counts it"),
    PeopleBreak(rollup, "_SUMS", ANY_DAY, "members always belonged"),
    PeopleBreak(rollup, "_SUMS", FIRST_SAID, "what was first said stands"),
)
