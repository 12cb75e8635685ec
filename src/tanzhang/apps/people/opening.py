"""Opening a carbon account for one citizen whom a host vouches for."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import psycopg

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.handles import drawn_handle
from tanzhang.apps.people.selectors import AccountEntry, account_by_ref, account_numbered
from tanzhang.apps.people.subjects.kinds import AccountKind
from tanzhang.engine.packs.accounts import FIRST_POINTS_UNIT
from tanzhang.problems import Problem


@dataclass(frozen=True, slots=True)
class Opening:
    """What opening an account needs.

    ``refs`` are her references (``person_refs``) by partner, the host's among them: each partner
    gets a link and, from ``at_us`` on, her consent to the wording ``text_id``. ``joined_day`` is
    the programme's local day of ``at_us``. A handle is drawn unless one is given, which only a
    demonstration does. ``kind`` and the ledger's number of the points that it counts in are the
    programme's file's.
    """

    programme: str
    programme_id: int
    host_id: int
    refs: Mapping[int, bytes]
    text_id: int
    at_us: int
    joined_day: int
    phone_index: bytes | None = None
    handle: str | None = None
    kind: AccountKind = AccountKind.PERSON
    points_unit: int = FIRST_POINTS_UNIT


def open_account(wanted: Opening) -> tuple[AccountEntry, bool]:
    """Her account in the programme, and whether it is new. A second call finds the first's.

    Everything is written in one transaction or nothing is. Raises ``people.person_elsewhere`` if a
    partner already knows her by another account.
    """
    host_ref = wanted.refs[wanted.host_id]
    with bulk_transaction() as cursor:
        lock = int.from_bytes(host_ref[:8], "big", signed=True)
        cursor.execute("select pg_advisory_xact_lock(%s)", [lock])
        known = account_by_ref(wanted.host_id, host_ref)
        if known is not None:
            return known, False
        account_id = _open(cursor, wanted)
    opened = account_numbered(account_id)
    assert opened is not None
    return opened, True


def _open(cursor: psycopg.Cursor[Any], wanted: Opening) -> int:
    cursor.execute("insert into subject (key) values (%s) returning id", [os.urandom(32)])
    subject_id = cursor.fetchall()[0][0]
    cursor.execute(
        "insert into account (programme_id, joined_day, subject_id, handle, kind, points_unit)"
        " values (%s, %s, %s, %s, %s, %s) returning id",
        [
            wanted.programme_id,
            wanted.joined_day,
            subject_id,
            wanted.handle or drawn_handle(wanted.programme),
            wanted.kind.value,
            wanted.points_unit,
        ],
    )
    account_id = int(cursor.fetchall()[0][0])
    partners, refs = [*wanted.refs], [*wanted.refs.values()]
    cursor.execute(
        "insert into partner_link (account_id, subject_id, partner_id, person_ref)"
        " select %s, %s, * from unnest(%s::smallint[], %s::bytea[])"
        " on conflict do nothing returning partner_id",
        [account_id, subject_id, partners, refs],
    )
    if len(cursor.fetchall()) < len(partners):
        raise Problem("people.person_elsewhere")
    cursor.execute(
        "insert into consent (account_id, subject_id, text_id, from_us, partner_id)"
        " select %s, %s, %s, %s, * from unnest(%s::smallint[])",
        [account_id, subject_id, wanted.text_id, wanted.at_us, partners],
    )
    if wanted.phone_index is not None:
        _link(cursor, wanted.phone_index, account_id, subject_id)
    return account_id


def link_phone(account: AccountEntry, phone_index: bytes) -> None:
    """Let a phone, whose number a host has checked, open this account from now on."""
    with bulk_transaction() as cursor:
        _link(cursor, phone_index, account.id, account.subject_id)


def _link(
    cursor: psycopg.Cursor[Any], phone_index: bytes, account_id: int, subject_id: int
) -> None:
    """A number that was given to somebody else opens the newer account; an old one opens none.

    Numbers are given out again: the one that she gave up must not open her account to a stranger.
    """
    cursor.execute(
        "delete from phone_login where account_id = %s and phone_index <> %s",
        [account_id, phone_index],
    )
    cursor.execute(
        "insert into phone_login (phone_index, account_id, subject_id) values (%s, %s, %s)"
        " on conflict (phone_index) do update set account_id = excluded.account_id,"
        " subject_id = excluded.subject_id, linked_at = now()",
        [phone_index, account_id, subject_id],
    )
