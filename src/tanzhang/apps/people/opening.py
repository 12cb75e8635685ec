"""Opening a carbon account for one citizen: a host vouches for her, or a phone is hers."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import psycopg

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.consenting.children import note_birth
from tanzhang.apps.people.consenting.giving import Press, collect_from
from tanzhang.apps.people.erasure.meanwhile import refuse_erased
from tanzhang.apps.people.handles import drawn_handle
from tanzhang.apps.people.identity.events import note_identity
from tanzhang.apps.people.identity.models import EventKind
from tanzhang.apps.people.identity.vouching import vouch
from tanzhang.apps.people.joining.recording import JoinedBy, record_joining
from tanzhang.apps.people.phone_logins import account_of_phone, link_number, lock_number
from tanzhang.apps.people.selectors import AccountEntry, account_by_ref, account_numbered
from tanzhang.apps.people.subjects.kinds import AccountKind
from tanzhang.apps.people.told_numbers import is_news
from tanzhang.engine.packs.accounts import FIRST_POINTS_UNIT
from tanzhang.problems import Problem


@dataclass(frozen=True, slots=True)
class Opening:
    """What opening an account needs.

    ``refs`` are her references (``person_refs``) by partner, the host's among them: each partner
    gets a link and, from ``at_us`` on, her consent to the wording ``text_id``. Without a host there
    are none, and the phone is what she is known by. ``joined_day`` is the programme's local day of
    ``at_us``. A handle is drawn unless one is given, which only a demonstration does. ``kind`` and
    the ledger's number of the points that it counts in are the programme's file's.
    """

    programme: str
    programme_id: int
    host_id: int | None
    refs: Mapping[int, bytes]
    text_id: int
    at_us: int
    joined_day: int
    phone: str | None = field(default=None, repr=False)
    is_phone_told: bool = False  #: by the host; else a code has shown it to be hers
    handle: str | None = None
    press: Press = field(default_factory=Press)  #: how she agreed
    kind: AccountKind = AccountKind.PERSON
    points_unit: int = FIRST_POINTS_UNIT
    joined: JoinedBy | None = None  #: why she may join, and what she was asked


def open_account(wanted: Opening) -> tuple[AccountEntry, bool]:
    """Her account in the programme, and whether it is new. A second call finds the first's.

    Everything is written in one transaction or nothing is. Raises ``people.person_elsewhere`` if a
    partner already knows her by another account, ``joining.phone_elsewhere`` if she comes by a
    phone that opens an account of another programme, and what ``record_joining`` raises.
    """
    with bulk_transaction() as cursor:
        known = _known(cursor, wanted)
        if known is not None:
            return known, False
        account_id = _open(cursor, wanted)
    opened = account_numbered(account_id)
    assert opened is not None
    return opened, True


def _known(cursor: psycopg.Cursor[Any], wanted: Opening) -> AccountEntry | None:
    """Her account, if she has one; nobody else opens one for her until the transaction ends."""
    if wanted.host_id is not None:
        host_ref = wanted.refs[wanted.host_id]
        _lock(cursor, host_ref)
        return account_by_ref(wanted.host_id, host_ref)
    assert wanted.phone is not None  # without a host she comes by a phone
    lock_number(cursor, wanted.phone)
    number = account_of_phone(wanted.phone)
    found = None if number is None else account_numbered(number)
    if found is not None and found.programme_id != wanted.programme_id:
        raise Problem("joining.phone_elsewhere")
    return found


def _lock(cursor: psycopg.Cursor[Any], index: bytes) -> None:
    lock = int.from_bytes(index[:8], "big", signed=True)
    cursor.execute("select pg_advisory_xact_lock(%s)", [lock])


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
    _make_known(cursor, account_id, subject_id, wanted)
    if wanted.phone is not None:
        link_number(cursor, wanted.phone, account_id, subject_id)
        if wanted.is_phone_told and wanted.host_id is not None:
            is_news(cursor, account_id, wanted.host_id, wanted.phone)  # what it says from now on
    if wanted.joined is not None:
        entry = account_numbered(account_id)
        assert entry is not None
        record_joining(cursor, entry, wanted.joined, host_id=wanted.host_id, text_id=wanted.text_id)
        if year := wanted.joined.fields.get("birth_year"):
            note_birth(cursor, account_id, int(year), at_us=wanted.at_us)
    return account_id


def _make_known(
    cursor: psycopg.Cursor[Any], account_id: int, subject_id: int, wanted: Opening
) -> None:
    """Let the partners report for an account, and note her consent to each."""
    partners, refs = [*wanted.refs], [*wanted.refs.values()]
    cursor.execute(
        "insert into partner_link (account_id, subject_id, partner_id, person_ref)"
        " select %s, %s, * from unnest(%s::smallint[], %s::bytea[])"
        " on conflict do nothing returning partner_id",
        [account_id, subject_id, partners, refs],
    )
    if len(cursor.fetchall()) < len(partners):
        raise Problem("people.person_elsewhere")
    collect_from(
        cursor,
        (account_id, subject_id),
        partners,
        text_id=wanted.text_id,
        at_us=wanted.at_us,
        press=wanted.press,
    )


def add_host(account: AccountEntry, wanted: Opening, digests: Iterable[tuple[str, str]]) -> None:
    """Let a second host know an account, whose owner is logged in to it and was handed over.

    ``digests`` (``identity_digest``) are of what the host vouches for, with factors; they are noted
    before it is let in, so that of two hosts that contradict each other one comes too late. Raises
    ``people.person_elsewhere`` if the host knows her by another account, or the phone that it
    checked opens another, ``people.account_erased`` and ``identity.vouched_otherwise``.
    """
    assert wanted.host_id is not None  # somebody has to vouch for the second door
    with bulk_transaction() as cursor:
        _lock(cursor, wanted.refs[wanted.host_id])
        refuse_erased(cursor, account.subject_id)
        if wanted.phone:
            lock_number(cursor, wanted.phone)
            if account_of_phone(wanted.phone) not in (None, account.id):
                raise Problem("people.person_elsewhere")
        for factor, digest in digests:
            vouch(account, wanted.host_id, factor, digest)
        _make_known(cursor, account.id, account.subject_id, wanted)
        note_identity(cursor, account.id, EventKind.HOST_ADDED, about=wanted.host_id)


def link_phone(account: AccountEntry, number: str) -> bool:
    """Let a phone, whose number a host or a code has checked, open this account from now on.

    Whether it did not before.
    """
    with bulk_transaction() as cursor:
        return link_number(cursor, number, account.id, account.subject_id)
