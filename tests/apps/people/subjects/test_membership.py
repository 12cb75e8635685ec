"""Belonging is dated, never twice on one day, never in a circle; it ends and is not rewritten."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import psycopg
import pytest
from people_groups import DAY, account, group, member

from clean_database import Database
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people
from tanzhang.apps.people.subjects.kept import leave_everything
from tanzhang.problems import Problem
from tanzhang.stored_time import day_number

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]

Kind = people.AccountKind


def belong(
    parent: people.AccountEntry,
    whom: people.AccountEntry,
    first: int = DAY,
    end: int | None = None,
    role: people.Role = people.Role.MEMBER,
) -> None:
    with bulk_transaction() as cursor:
        people.add_member(cursor, people.Joining(parent, whom, first, end, role))


def days_of(*roots: people.AccountEntry) -> list[tuple[int, int, int]]:
    with bulk_transaction() as cursor:
        found = people.members_over(cursor, [root.id for root in roots], DAY - 10, DAY + 90)
    return [(one.account_id, one.from_day - DAY, one.to_day - DAY) for one in found]


def test_a_member_counts_from_her_first_day_to_her_last() -> None:
    team, ada = group(Kind.TEAM), account("ada")
    belong(team, ada, DAY + 1, DAY + 5)
    belong(team, ada, DAY + 8)
    assert days_of(team) == sorted([(team.id, -10, 90), (ada.id, 1, 5), (ada.id, 8, 90)])


def test_of_whoever_is_erased_no_day_that_is_over_counts_less() -> None:
    team, ada, somewhere = group(Kind.TEAM), account("ada"), ZoneInfo("Pacific/Kiritimati")
    belong(team, ada)
    before = day_number(datetime.now(somewhere).date())
    with bulk_transaction() as cursor:
        assert leave_everything(cursor, ada.subject_id) == 1
        cursor.execute("select to_day from membership where member_id = %s", [ada.id])
        ((to_day,),) = cursor.fetchall()
    assert before <= to_day <= day_number(datetime.now(somewhere).date())


def test_two_ways_to_one_member_are_told_once() -> None:
    whole, east, west, ada = (group(Kind.UNIT), *(group(Kind.TEAM) for _ in "ew"), account("ada"))
    belong(whole, east, DAY, DAY + 10)
    belong(whole, west)
    belong(east, ada)
    belong(west, ada, DAY + 8, DAY + 20)
    assert [one for one in days_of(whole) if one[0] == ada.id] == [(ada.id, 0, 20)]
    assert [one for one in days_of(whole, east) if one[0] == east.id] == [(east.id, -10, 90)]


def test_nobody_belongs_twice_on_one_day() -> None:
    team, ada = group(Kind.TEAM), account("ada")
    belong(team, ada, DAY, DAY + 5)
    with pytest.raises(Problem, match="member_already"):
        belong(team, ada, DAY + 4)
    belong(team, ada, DAY + 5)


def test_the_database_itself_refuses_a_second_membership(database: Database) -> None:
    team, ada = group(Kind.TEAM), account("ada")
    belong(team, ada)
    with database.connect() as app, pytest.raises(psycopg.errors.ExclusionViolation):
        app.execute(
            "insert into membership (parent_id, member_id, from_day, role, made_by)"
            " values (%s, %s, %s, 'member', 'self')",
            [team.id, ada.id, DAY + 50],
        )


def test_groups_that_would_belong_to_each_other_are_refused() -> None:
    first, second, third = (group(Kind.TEAM) for _ in range(3))
    belong(first, second, DAY, DAY + 10)
    belong(second, third)
    with pytest.raises(Problem, match="member_circle"):
        belong(third, first, DAY + 9)
    belong(third, first, DAY + 10)  # the way down was closed by then


def test_a_person_takes_in_accounts_of_her_own_alone() -> None:
    ada, bo = account("ada"), account("bo")
    with pytest.raises(Problem, match="group_needed"):
        belong(ada, bo)
    belong(ada, bo, role=people.Role.CHILD)


def test_a_person_is_in_one_household_at_a_time() -> None:
    home, other, ada = group(Kind.HOUSEHOLD), group(Kind.HOUSEHOLD), account("ada")
    belong(home, ada, DAY, DAY + 10)
    with pytest.raises(Problem, match="household_already"):
        belong(other, ada, DAY + 9)
    belong(other, ada, DAY + 10)
    with pytest.raises(Problem, match="household_of_persons"):
        belong(home, group(Kind.TEAM))


def test_a_membership_ends_and_its_past_stays() -> None:
    team, ada = group(Kind.TEAM), account("ada")
    belong(team, ada)
    with bulk_transaction() as cursor:
        people.end_membership(cursor, team.id, ada.id, on_day=DAY + 3)
    assert (ada.id, 0, 3) in days_of(team)
    with bulk_transaction() as cursor, pytest.raises(Problem, match="member_unknown"):
        people.end_membership(cursor, team.id, ada.id, on_day=DAY + 4)


def test_who_leaves_on_her_first_day_never_counted() -> None:
    team, ada = group(Kind.TEAM), account("ada")
    belong(team, ada)
    with bulk_transaction() as cursor:
        people.end_membership(cursor, team.id, ada.id, on_day=DAY)
    assert [one for one in days_of(team) if one[0] == ada.id] == []
    belong(team, ada)


def test_what_she_shows_changes_by_a_new_row() -> None:
    team, ada = group(Kind.TEAM), account("ada")
    belong(team, ada)
    shown = people.Joining(team, ada, DAY + 4, shows_share=True)
    with bulk_transaction() as cursor:
        people.change_membership(cursor, shown, on_day=DAY + 4)
    rows = people.members_of(team.id)
    assert [(row.from_day, row.to_day, row.shows_share) for row in rows] == [
        (DAY + 4, None, True),
        (DAY, DAY + 4, False),
    ]
    assert people.shown_shares(team.id, DAY, DAY + 9) == set()
    assert people.shown_shares(team.id, DAY + 4, DAY + 9) == {ada.id}


def test_a_large_group_is_read_once_and_not_once_for_each_member(database: Database) -> None:
    team, count = group(Kind.TEAM), 1_000
    with database.connect("owner") as owner:
        owner.execute(
            "with made as (insert into subject (key)"
            " select sha256(n::text::bytea) from generate_series(1, %s) as n returning id)"
            " insert into account (programme_id, joined_day, subject_id, handle, kind, points_unit)"
            " select %s, %s, id, 'lake-made-' || id, 0, 2 from made",
            [count, team.programme_id, DAY],
        )
        owner.execute(
            "insert into membership (parent_id, member_id, from_day, role, made_by)"
            " select %s, id, %s, 'member', 'test' from account where kind = 0",
            [team.id, DAY],
        )
        owner.commit()
        owner.execute("analyze membership, account")
        owner.commit()
    with bulk_transaction() as cursor:
        assert len(people.members_over(cursor, [team.id], DAY, DAY + 30)) == count + 1
        cursor.execute(
            "select coalesce(idx_tup_fetch, 0) + seq_tup_read from pg_stat_xact_user_tables"
            " where relname = 'membership'"
        )
        assert cursor.fetchall()[0][0] <= 4 * count


@pytest.mark.parametrize(
    "change", ["from_day = 0", "member_id = member_id", "role = 'manager'", "shows_share = true"]
)
def test_only_the_end_of_a_membership_is_ever_written(database: Database, change: str) -> None:
    belong(group(Kind.TEAM), account("ada"))
    with database.connect() as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(f"update membership set {change}")


def test_both_ends_of_a_membership_can_be_read() -> None:
    team, ada = group(Kind.TEAM), account("ada")
    belong(team, ada, role=people.Role.MANAGER)
    (up,), (down,) = people.belongs_to(ada.id), people.members_of(team.id)
    assert (up.account, down.account) == (team, ada)
    assert (up.is_open, up.role, up.made_by) == (True, people.Role.MANAGER, "self")
    assert people.role_in(team.id, ada.id) is people.Role.MANAGER
    assert people.role_in(team.id, member("bo").id) is None
