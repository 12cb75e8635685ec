"""Reads: what an account belongs to, and who belongs to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.selectors import COLUMNS, AccountEntry, entry_of
from tanzhang.apps.people.subjects.models import Role


@dataclass(frozen=True, slots=True)
class MembershipEntry:
    """A membership as seen from one end; ``account`` is at the other."""

    account: AccountEntry
    from_day: int
    to_day: int | None
    role: Role
    shows_share: bool
    made_at: datetime
    made_by: str
    ended_by: str | None

    @property
    def is_open(self) -> bool:
        """Whether it has no end yet."""
        return self.to_day is None


_ACCOUNT: Final = ", ".join(f"account.{name}" for name in COLUMNS)

_ENTRIES: Final = f"""
select {_ACCOUNT}, from_day, to_day, role, shows_share, made_at, made_by, ended_by
from membership join account on account.id = {{other}}
where {{own}} = %s order by to_day is not null, from_day, membership.id limit %s
"""

_ONLY_MANAGER: Final = f"""
select {_ACCOUNT} from membership own join account on account.id = own.parent_id
where own.member_id = %(account)s and own.to_day is null and own.role = 'manager'
and (select bool_and(role <> 'manager') from membership other
     where other.parent_id = own.parent_id and other.to_day is null
     and other.member_id <> %(account)s)
order by account.id
"""

MOST_LISTED: Final = 200


def belongs_to(account_id: int) -> list[MembershipEntry]:
    """What an account belongs to, or did; what is open first."""
    return _entries(_ENTRIES.format(own="member_id", other="parent_id"), account_id)


def members_of(account_id: int, most: int = MOST_LISTED) -> list[MembershipEntry]:
    """Who belongs to an account, or did, directly; who still does first."""
    return _entries(_ENTRIES.format(own="parent_id", other="member_id"), account_id, most)


def role_in(group_id: int, account_id: int) -> Role | None:
    """What an account is to a group now; None if nothing."""
    with bulk_transaction() as cursor:
        cursor.execute(
            "select role from membership where parent_id = %s and member_id = %s"
            " and to_day is null",
            [group_id, account_id],
        )
        row = cursor.fetchone()
    return None if row is None else Role(row[0])


def only_manager_of(account_id: int) -> list[AccountEntry]:
    """The groups that only this account looks after while others belong to them."""
    with bulk_transaction() as cursor:
        cursor.execute(_ONLY_MANAGER, {"account": account_id})
        return [entry_of(row) for row in cursor.fetchall()]


def shown_shares(group_id: int, from_day: int, to_day: int) -> set[int]:
    """The accounts that showed their own part to a group's managers on all days they belonged."""
    with bulk_transaction() as cursor:
        cursor.execute(
            "select member_id from membership where parent_id = %s"
            " and int4range(from_day, to_day) && int4range(%s, %s)"
            " group by member_id having bool_and(shows_share)",
            [group_id, from_day, to_day],
        )
        return {row[0] for row in cursor.fetchall()}


def _entries(statement: str, account_id: int, most: int = MOST_LISTED) -> list[MembershipEntry]:
    with bulk_transaction() as cursor:
        cursor.execute(statement, [account_id, most])
        return [_entry(row) for row in cursor.fetchall()]


def _entry(row: Sequence[Any]) -> MembershipEntry:
    from_day, to_day, role, *more = row[len(COLUMNS) :]
    return MembershipEntry(entry_of(row[: len(COLUMNS)]), from_day, to_day, Role(role), *more)
