"""Who belongs to whom: joining, leaving, and everybody who belonged over some days.

Belonging moves nothing. A member's acts stay in her account; the group's total is a read over who
belonged on the day of each act (``members_over``), however many paths lead to her.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import psycopg

from tanzhang.apps.people.identity.events import SELF
from tanzhang.apps.people.selectors import AccountEntry
from tanzhang.apps.people.subjects.kinds import AccountKind
from tanzhang.apps.people.subjects.models import Role
from tanzhang.problems import Problem

#: One writer at a time: two memberships that close a circle together must not miss each other.
_LOCK: Final = 0x6D656D62657273

#: No day of a membership is later.
_LAST_DAY: Final = 2**31 - 2

#: Everybody who can be reached downwards from accounts, with the days on which the way is open.
#: Asked whether ranges overlap (``&&``), PostgreSQL would seek members by their days alone, and
#: read a group of n as many as n times.
_REACH: Final = """
with recursive reach(account_id, days) as (
    select root, int4range(%(first)s, %(end)s) from unnest(%(roots)s::bigint[]) as root
    union
    select m.member_id, reach.days * int4range(m.from_day, m.to_day)
    from reach join membership m on m.parent_id = reach.account_id
    where not isempty(reach.days * int4range(m.from_day, m.to_day))
)
"""

_MEMBERS: Final = f"""{_REACH}
select account.id, subject_id, points_unit, lower(span), coalesce(upper(span), {_LAST_DAY})
from (select account_id, unnest(range_agg(days)) as span from reach group by account_id) way
join account on account.id = way.account_id
order by account.id, lower(span)
"""

_CLOSES_A_CIRCLE: Final = f"{_REACH} select from reach where account_id = %(parent)s limit 1"


@dataclass(frozen=True, slots=True)
class MemberDays:
    """An account whose acts of the local days [from_day, to_day) count in a total."""

    account_id: int
    subject_id: int
    points_unit: int
    from_day: int
    to_day: int


def members_over(
    cursor: psycopg.Cursor[Any], account_ids: list[int], from_day: int, to_day: int | None
) -> list[MemberDays]:
    """The accounts themselves and everybody below them, over [from_day, to_day).

    The days of one account never overlap, so that whoever adds up over this counts an act once,
    though the account be reached by many paths.
    """
    given = {"roots": account_ids, "first": from_day, "end": to_day}
    cursor.execute(_MEMBERS, given)
    return [MemberDays(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Joining:
    """That ``member`` shall count in ``parent`` from a local day on (until another)."""

    parent: AccountEntry
    member: AccountEntry
    from_day: int
    to_day: int | None = None
    role: Role = Role.MEMBER
    shows_share: bool = False
    staff: str | None = None  #: who of the staff does it; None is the person herself

    @property
    def by(self) -> str:
        """Whom the row names."""
        return SELF if self.staff is None else self.staff


def add_member(cursor: psycopg.Cursor[Any], joining: Joining) -> int:
    """Let an account count in another; the number of the membership.

    Raises ``subjects.member_already`` (over some of these days), ``subjects.member_circle``,
    ``subjects.group_needed`` (a person has only children, accounts of her own),
    ``subjects.household_already``, ``subjects.household_of_persons`` and
    ``subjects.household_by_itself`` (everybody in a household sees everything of it, so that nobody
    else puts a person into one).
    """
    cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
    _refuse(cursor, joining)
    try:
        cursor.execute(
            "insert into membership"
            " (parent_id, member_id, from_day, to_day, ended_at, ended_by, role, shows_share,"
            " made_by) values (%s, %s, %s, %s, case when %s then now() end,"
            " case when %s then %s end, %s, %s, %s) returning id",
            [
                *(joining.parent.id, joining.member.id, joining.from_day, joining.to_day),
                *(joining.to_day is not None, joining.to_day is not None, joining.by),
                *(joining.role.value, joining.shows_share, joining.by),
            ],
        )
    except psycopg.errors.ExclusionViolation:
        raise Problem("subjects.member_already") from None
    return int(cursor.fetchall()[0][0])


def end_membership(
    cursor: psycopg.Cursor[Any], parent_id: int, member_id: int, *, on_day: int, by: str = SELF
) -> None:
    """Let an account count no more from a local day on; what counted before stays counted.

    A membership that has not begun by then never counts. Raises ``subjects.member_unknown``.
    """
    cursor.execute(
        "update membership set to_day = greatest(from_day, %s), ended_at = now(), ended_by = %s"
        " where parent_id = %s and member_id = %s and to_day is null returning id",
        [on_day, by, parent_id, member_id],
    )
    if cursor.fetchone() is None:
        raise Problem("subjects.member_unknown")


def change_membership(cursor: psycopg.Cursor[Any], joining: Joining, *, on_day: int) -> None:
    """Give a member another role, or let her show or hide her share: one row ends, one begins."""
    end_membership(cursor, joining.parent.id, joining.member.id, on_day=on_day, by=joining.by)
    add_member(cursor, joining)


def _refuse(cursor: psycopg.Cursor[Any], joining: Joining) -> None:
    parent, member = joining.parent, joining.member
    if parent.kind is AccountKind.PERSON and joining.role is not Role.CHILD:
        raise Problem("subjects.group_needed")
    given = {
        "roots": [member.id],
        "first": joining.from_day,
        "end": joining.to_day,
        "parent": parent.id,
    }
    cursor.execute(_CLOSES_A_CIRCLE, given)
    if cursor.fetchone() is not None:
        raise Problem("subjects.member_circle")
    if parent.kind is AccountKind.HOUSEHOLD:
        if joining.staff is not None:  # whatever her log-in is called
            raise Problem("subjects.household_by_itself")
        _refuse_second_household(cursor, joining)


def _refuse_second_household(cursor: psycopg.Cursor[Any], joining: Joining) -> None:
    """A person lives in one household on one day; a household is of persons."""
    if joining.member.kind is not AccountKind.PERSON:
        raise Problem("subjects.household_of_persons")
    cursor.execute(
        "select from membership m join account on account.id = m.parent_id"
        " where m.member_id = %s and m.parent_id <> %s and kind = %s"
        " and int4range(m.from_day, m.to_day) && int4range(%s, %s)",
        [
            *(joining.member.id, joining.parent.id, AccountKind.HOUSEHOLD.value),
            *(joining.from_day, joining.to_day),
        ],
    )
    if cursor.fetchone() is not None:
        raise Problem("subjects.household_already")
