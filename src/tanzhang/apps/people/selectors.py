"""Reads: accounts by handle and by partner's reference."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl
import psycopg
from django.db.models import QuerySet

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.erasure.states import account_state, refuse_restricted
from tanzhang.apps.people.models import Account
from tanzhang.apps.people.subjects.kinds import AccountKind
from tanzhang.engine.packs.accounts import FIRST_POINTS_UNIT


@dataclass(frozen=True, slots=True)
class AccountEntry:
    """An account as the rooms above see it."""

    id: int
    subject_id: int
    programme_id: int
    joined_day: int
    handle: str
    kind: AccountKind = AccountKind.PERSON
    points_unit: int = FIRST_POINTS_UNIT  #: the ledger's number of what its points count in


#: An account's columns in the order of ``AccountEntry``.
COLUMNS: Final = (
    *("id", "subject_id", "programme_id", "joined_day", "handle"),
    *("kind", "points_unit"),
)


def account(name: str, *, even_restricted: bool = False) -> AccountEntry | None:
    """The account with this handle or number.

    ``even_restricted``: for whoever stores, protects or erases. Raises
    ``people.account_restricted``, as the other two do.
    """
    found = Account.objects.filter(handle=name)
    if name.isascii() and name.isdecimal() and int(name) < 2**63:
        found = found | Account.objects.filter(id=int(name))
    return _first(found, even_restricted=even_restricted)


def account_numbered(account_id: int, *, even_restricted: bool = False) -> AccountEntry | None:
    """The account with this number; ``even_restricted`` and what it raises as for ``account``."""
    return _first(Account.objects.filter(id=account_id), even_restricted=even_restricted)


def account_by_ref(partner_id: int, ref: bytes) -> AccountEntry | None:
    """The account that a partner's reference (``person_refs``) means."""
    return _first(
        Account.objects.filter(partnerlink__partner_id=partner_id, partnerlink__person_ref=ref)
    )


def _first(found: QuerySet[Account], *, even_restricted: bool = False) -> AccountEntry | None:
    row = found.values_list(*COLUMNS).first()
    if row is None:
        return None
    entry = entry_of(row)
    if not even_restricted:
        with bulk_transaction() as cursor:
            refuse_restricted(account_state(cursor, [entry.id]))
    return entry


def entry_of(row: Sequence[Any]) -> AccountEntry:
    """The account behind a row of its columns in the order of ``AccountEntry``."""
    number, subject_id, programme_id, joined_day, handle, kind, points_unit = row
    return AccountEntry(
        number, subject_id, programme_id, joined_day, handle, AccountKind(kind), points_unit
    )


def accounts() -> list[AccountEntry]:
    """Every account, by handle."""
    rows = Account.objects.order_by("handle").values_list(*COLUMNS)
    return [entry_of(row) for row in rows.iterator()]


def accounts_of_subject(subject_id: int) -> list[AccountEntry]:
    """Every account of one subject."""
    rows = Account.objects.filter(subject_id=subject_id).order_by("id")
    return [entry_of(row) for row in rows.values_list(*COLUMNS)]


def handles_of_subjects(cursor: psycopg.Cursor[Any], subject_ids: Sequence[int]) -> list[str]:
    """The handles of every account of these subjects, the subjects in their order."""
    cursor.execute(
        "select handle from account where subject_id = any(%s) order by subject_id, id",
        [[*subject_ids]],
    )
    return [handle for (handle,) in cursor.fetchall()]


def handles_by_account(cursor: psycopg.Cursor[Any], account_ids: Collection[int]) -> dict[int, str]:
    """The handles of these accounts by their numbers."""
    cursor.execute("select id, handle from account where id = any(%s)", [[*account_ids]])
    return dict(cursor.fetchall())


def linked_accounts(
    cursor: psycopg.Cursor[Any], partner_id: int, refs: Sequence[bytes]
) -> pl.DataFrame:
    """The accounts behind a partner's references: ref, subject_id, account_id, joined_day."""
    cursor.execute(
        "select person_ref, partner_link.subject_id, account_id, joined_day"
        " from partner_link join account on account.id = account_id"
        " where partner_id = %s and person_ref = any(%s)",
        [partner_id, [*refs]],
    )
    schema = {
        "ref": pl.Binary,
        "subject_id": pl.Int64,
        "account_id": pl.Int64,
        "joined_day": pl.Int32,
    }
    return pl.DataFrame(cursor.fetchall(), schema, orient="row")
