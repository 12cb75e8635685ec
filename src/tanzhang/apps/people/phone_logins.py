"""Which account a phone opens: found by a blind index of its number, which is sealed beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import psycopg

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.erasure.meanwhile import stay
from tanzhang.apps.people.identity.events import note_identity
from tanzhang.apps.people.identity.models import EventKind
from tanzhang.apps.people.phones import phone_index
from tanzhang.apps.people.vault import api as vault
from tanzhang.apps.people.vault.secret import installation_secret

Cursor = psycopg.Cursor[Any]

#: One number at a time for one account: two at once would both open it.
_LOCK: Final = 0x70686F6E


@dataclass(frozen=True, slots=True)
class PhoneIndexes:
    """By what a number is found: the index to write, by which key, and all to look for."""

    key_id: int
    newest: bytes
    every: list[bytes]


def phone_indexes(cursor: Cursor, number: str) -> PhoneIndexes:
    """A number's indexes, the one under the installation's secret (from before the vault) last.

    Raises ``people.phone_malformed``.
    """
    blind = vault.blind_index(cursor, "phone", number)
    older = phone_index(installation_secret(), number)
    return PhoneIndexes(blind.key_id, blind.newest, [*blind.every, older])


def account_of_phone(number: str) -> int | None:
    """The account that a phone opens."""
    with bulk_transaction() as cursor:
        every = phone_indexes(cursor, number).every
        cursor.execute("select account_id from phone_login where phone_index = any(%s)", [every])
        row = cursor.fetchone()
    return None if row is None else int(row[0])


def lock_number(cursor: Cursor, number: str) -> PhoneIndexes:
    """A number's indexes, and what it opens nobody else changes until the transaction ends.

    Raises ``people.phone_malformed``.
    """
    indexes = phone_indexes(cursor, number)
    lock = int.from_bytes(indexes.every[-1][:8], "big", signed=True)  # this one never changes
    cursor.execute("select pg_advisory_xact_lock(%s)", [lock])
    return indexes


def link_number(cursor: Cursor, number: str, account_id: int, subject_id: int) -> bool:
    """Let a number open an account and no other; whether it did not before.

    Another number opens the account no more. Numbers are given out again: the one that she gave up
    must not open her account to a stranger, and the one that somebody else gave up opens hers.
    Raises ``people.phone_malformed`` and ``personal.key_destroyed``.
    """
    stay(cursor, [subject_id])
    indexes = lock_number(cursor, number)
    cursor.execute("select pg_advisory_xact_lock(%s, %s)", [_LOCK, account_id % 2**31])
    cursor.execute(
        "select phone_index, account_id from phone_login"
        " where phone_index = any(%s) or account_id = %s",
        [indexes.every, account_id],
    )
    known = [(bytes(index), opens) for index, opens in cursor.fetchall()]
    if known == [(indexes.newest, account_id)]:
        return False  # she comes from her bank every day
    for earlier in {opens for _, opens in known} - {account_id}:
        note_identity(cursor, earlier, EventKind.NUMBER_LOST, by="number given out")
    cursor.execute(
        "delete from phone_login where phone_index = any(%s) or account_id = %s",
        [indexes.every, account_id],
    )
    vault.store(cursor, subject_id, {"phone": number})
    plain = vault.field_named("phone").plain(number)
    cursor.execute(
        "insert into phone_login (phone_index, index_key_id, account_id, subject_id, sealed)"
        " values (%s, %s, %s, %s, %s) on conflict (phone_index) do update"
        " set account_id = excluded.account_id, subject_id = excluded.subject_id,"
        " sealed = excluded.sealed, linked_at = now()",
        [
            indexes.newest,
            indexes.key_id,
            account_id,
            subject_id,
            vault.seal(cursor, subject_id, number_place(account_id), plain.encode()),
        ],
    )
    return not any(index in indexes.every and opens == account_id for index, opens in known)


def number_place(account_id: int) -> str:
    """What the sealed number of a log-in is bound to, besides its person."""
    return f"phone-login|{account_id}"
