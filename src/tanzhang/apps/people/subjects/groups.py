"""Making a household or another group, inviting into it by a code, joining and leaving."""

from __future__ import annotations

import hmac
import os
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import psycopg
from django.utils import timezone

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.handles import SIGNS, drawn_handle
from tanzhang.apps.people.selectors import AccountEntry, account_numbered
from tanzhang.apps.people.subjects.kinds import MADE_BY_CITIZENS, AccountKind
from tanzhang.apps.people.subjects.membership import (
    Joining,
    add_member,
    change_membership,
    end_membership,
)
from tanzhang.apps.people.subjects.models import Role
from tanzhang.apps.people.subjects.reading import members_of, role_in
from tanzhang.apps.people.vault.secret import installation_secret
from tanzhang.problems import Problem

#: How long a code of invitation can be used.
LIFE: Final = timedelta(days=7)

#: Codes of one group that can be open at once; more would only make guessing easier.
MOST_OPEN: Final = 20

CODE_LENGTH: Final = 10


@dataclass(frozen=True, slots=True)
class NewGroup:
    """What opening a group's account needs.

    ``today`` is the programme's local day, ``points_unit`` the ledger's number of what the kind
    counts its points in (the programme's file says it).
    """

    kind: AccountKind
    programme: str
    programme_id: int
    points_unit: int
    today: int


def make_group(founder: AccountEntry, wanted: NewGroup) -> AccountEntry:
    """A new group with an account of its own, which its founder belongs to and manages from today.

    Raises ``subjects.kind_not_yours`` for what only an operator opens, and what ``add_member``
    raises.
    """
    if wanted.kind not in MADE_BY_CITIZENS:
        raise Problem("subjects.kind_not_yours")
    with bulk_transaction() as cursor:
        group = _open(cursor, wanted)
        add_member(cursor, Joining(group, founder, wanted.today, role=Role.MANAGER))
    return group


def open_group(wanted: NewGroup, *, by: str) -> AccountEntry:
    """A new group without members, opened by an operator."""
    assert by
    with bulk_transaction() as cursor:
        return _open(cursor, wanted)


def _open(cursor: psycopg.Cursor[Any], wanted: NewGroup) -> AccountEntry:
    cursor.execute("insert into subject (key) values (%s) returning id", [os.urandom(32)])
    subject_id = cursor.fetchall()[0][0]
    cursor.execute(
        "insert into account (programme_id, joined_day, subject_id, handle, kind, points_unit)"
        " values (%s, %s, %s, %s, %s, %s) returning id",
        [
            *(wanted.programme_id, wanted.today, subject_id, drawn_handle(wanted.programme)),
            *(wanted.kind.value, wanted.points_unit),
        ],
    )
    opened = account_numbered(int(cursor.fetchall()[0][0]))
    assert opened is not None
    return opened


def invite(group: AccountEntry, manager: AccountEntry, at: datetime | None = None) -> str:
    """A code that lets one account join the group, for seven days: ``7k3m9-x2q4v``.

    Raises ``subjects.not_manager`` and ``subjects.invitations_too_many``.
    """
    now = at or timezone.now()
    _refuse_stranger(group, manager)
    code = "".join(secrets.choice(SIGNS) for _ in range(CODE_LENGTH))
    with bulk_transaction() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [group.id])
        cursor.execute(
            "select count(*) from invitation where group_id = %s and used_at is null"
            " and withdrawn_at is null and expires_at > %s",
            [group.id, now],
        )
        if cursor.fetchall()[0][0] >= MOST_OPEN:
            raise Problem("subjects.invitations_too_many")
        cursor.execute(
            "insert into invitation (group_id, made_by_id, made_at, expires_at, code_hash)"
            " values (%s, %s, %s, %s, %s)",
            [group.id, manager.id, now, now + LIFE, _code_hash(code)],
        )
    return f"{code[:5]}-{code[5:]}"


def invited_to(code: str, at: datetime | None = None) -> AccountEntry:
    """The group into which a code invites; it is not used up.

    Raises ``subjects.invitation_unknown``, which does not say why.
    """
    with bulk_transaction() as cursor:
        cursor.execute(
            "select group_id from invitation where code_hash = %s and used_at is null"
            " and withdrawn_at is null and expires_at > %s",
            [_code_hash(code), at or timezone.now()],
        )
        row = cursor.fetchone()
    found = None if row is None else account_numbered(int(row[0]))
    if found is None:
        raise Problem("subjects.invitation_unknown")
    return found


def join_group(
    member: AccountEntry, code: str, *, today: int, shows_share: bool, at: datetime | None = None
) -> AccountEntry:
    """Belong to the group that a code invites into, from today on; the code is used up.

    Raises what ``invited_to`` and ``add_member`` raise, and ``subjects.other_programme``.
    """
    now = at or timezone.now()
    group = invited_to(code, now)
    if group.programme_id != member.programme_id:
        raise Problem("subjects.other_programme")
    with bulk_transaction() as cursor:
        cursor.execute(
            "update invitation set used_at = %s where code_hash = %s and used_at is null"
            " and withdrawn_at is null returning id",
            [now, _code_hash(code)],
        )
        if cursor.fetchone() is None:
            raise Problem("subjects.invitation_unknown")
        add_member(cursor, Joining(group, member, today, shows_share=shows_share))
    return group


def withdraw_invitations(group: AccountEntry, manager: AccountEntry) -> int:
    """Let no open code of the group be used any more; how many there were."""
    _refuse_stranger(group, manager)
    with bulk_transaction() as cursor:
        cursor.execute(
            "update invitation set withdrawn_at = now() where group_id = %s"
            " and used_at is null and withdrawn_at is null",
            [group.id],
        )
        return cursor.rowcount


def leave_group(group: AccountEntry, member: AccountEntry, *, today: int) -> None:
    """Belong to a group no more, from today on. Nobody can be kept.

    The last manager hands the group over first while others are in it
    (``subjects.manager_needed``). Raises ``subjects.member_unknown``.
    """
    with bulk_transaction() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [group.id])
        end_membership(cursor, group.id, member.id, on_day=today)
        cursor.execute(
            "select count(*), count(*) filter (where role = 'manager') from membership"
            " where parent_id = %s and to_day is null",
            [group.id],
        )
        others, managers = cursor.fetchall()[0]
        if others and not managers:
            raise Problem("subjects.manager_needed")


def remove_member(
    group: AccountEntry, manager: AccountEntry, member: AccountEntry, *, today: int
) -> None:
    """A manager ends somebody's membership from today on."""
    _refuse_stranger(group, manager)
    with bulk_transaction() as cursor:
        end_membership(cursor, group.id, member.id, on_day=today, by="manager")


def hand_over(
    group: AccountEntry, manager: AccountEntry, heir: AccountEntry, *, today: int
) -> None:
    """Let another member look after the group as well. Raises ``subjects.member_unknown``."""
    _refuse_stranger(group, manager)
    shows = next(
        (one.shows_share for one in members_of(group.id) if one.account.id == heir.id), False
    )
    with bulk_transaction() as cursor:
        joining = Joining(group, heir, today, role=Role.MANAGER, shows_share=shows)
        change_membership(cursor, joining, on_day=today)


def show_share(group: AccountEntry, member: AccountEntry, *, shows: bool, today: int) -> None:
    """Let those who look after the group see one's own part, or no more, from today on."""
    role = role_in(group.id, member.id)
    if role is None:
        raise Problem("subjects.member_unknown")
    with bulk_transaction() as cursor:
        joining = Joining(group, member, today, role=role, shows_share=shows)
        change_membership(cursor, joining, on_day=today)


def _refuse_stranger(group: AccountEntry, manager: AccountEntry) -> None:
    if role_in(group.id, manager.id) is not Role.MANAGER:
        raise Problem("subjects.not_manager")


def _code_hash(code: str) -> bytes:
    """Keyed, however the code was typed: with blanks, dashes, capitals."""
    plain = re.sub(r"[\s\-–—]", "", code).lower()
    return hmac.digest(installation_secret(), b"invitation\0" + plain.encode(), "sm3")
