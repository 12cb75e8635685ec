"""Lists of people that an operator keeps: of a phone or a reference only a keyed hash is stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import psycopg

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.selectors import AccountEntry
from tanzhang.apps.people.services import person_refs
from tanzhang.apps.people.vault.declared import field_named
from tanzhang.apps.people.vault.indexes import index_keys, index_of
from tanzhang.apps.people.vault.keeping import own
from tanzhang.apps.people.vault.secret import installation_secret
from tanzhang.engine.packs.joining.section import PeopleList
from tanzhang.engine.packs.joining.words import BY_PHONE
from tanzhang.problems import Problem

Cursor = psycopg.Cursor[Any]

#: The longest reference of a person that a list may hold, as in partners' links.
MOST_LETTERS = 200


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one line: ``added``, ``known`` already, or the code of what is wrong."""

    line: int
    result: str


def load_list(
    programme_id: int, wanted: PeopleList, rows: Iterable[str], *, replace: bool = False
) -> list[RowResult]:
    """Put people on a list, one a line; a blank line is nobody. One transaction.

    ``replace`` takes whoever is not in ``rows`` off the list, and changes nothing if any line is
    wrong: a slip of the pen must not cost half of a list its access.
    """
    results: list[RowResult] = []
    with bulk_transaction() as cursor:
        index = _Indexer(cursor, wanted)
        kept: list[bytes] = []
        for line, row in enumerate(rows, 1):
            text = row.strip().lstrip("\ufeff")
            if not text:
                continue
            try:
                entry = index.of(text)
            except Problem as problem:
                results.append(RowResult(line, problem.code))
                continue
            cursor.execute(
                "insert into people_list_entry (programme_id, list, entry_index, index_key_id)"
                " values (%s, %s, %s, %s) on conflict do nothing returning list",
                [programme_id, wanted.id, entry, index.key_id],
            )
            added = cursor.fetchone() is not None
            results.append(RowResult(line, "added" if added else "known"))
            kept.append(entry)
        if replace:
            if any(row.result not in ("added", "known") for row in results):
                raise Problem("joining.list_rows_wrong", list=wanted.id)
            cursor.execute(
                "delete from people_list_entry where programme_id = %s and list = %s"
                " and entry_index <> all(%s)",
                [programme_id, wanted.id, kept],
            )
    return results


@dataclass(frozen=True, slots=True)
class _Indexer:
    """Turns a line of a list into what is stored of it."""

    cursor: Cursor
    wanted: PeopleList

    @property
    def key_id(self) -> int | None:
        """The number of the vault's key under which a phone is stored."""
        return index_keys(self.cursor).ids[0] if self.wanted.by == BY_PHONE else None

    def of(self, text: str) -> bytes:
        """Raises ``people.phone_malformed`` and ``joining.reference_too_long``."""
        if self.wanted.by == BY_PHONE:
            plain = field_named("phone").plain(text)
            return index_of(index_keys(self.cursor).keys[0], "phone", plain)
        if len(text) > MOST_LETTERS:
            raise Problem("joining.reference_too_long", most=MOST_LETTERS)
        return person_refs(installation_secret(), self.wanted.partner, [text])[0]


def phone_is_listed(cursor: Cursor, programme_id: int, name: str, phone: str) -> bool:
    """Whether a phone, which was shown to be hers, is on a list by phone."""
    plain = field_named("phone").plain(phone)
    every = [index_of(key, "phone", plain) for key in index_keys(cursor).keys]
    return _is_listed(cursor, programme_id, name, every)


def ref_is_listed(cursor: Cursor, programme_id: int, name: str, ref: bytes) -> bool:
    """Whether a partner's reference (``person_refs``) is on a list by person."""
    return _is_listed(cursor, programme_id, name, [ref])


def account_is_listed(
    cursor: Cursor, account: AccountEntry, wanted: PeopleList, partner_id: int | None
) -> bool:
    """Whether the owner of an account is on a list, by her own phone or a partner's reference."""
    if wanted.by == BY_PHONE:
        phone = own(cursor, account.subject_id, ["phone"]).get("phone")
        return phone is not None and phone_is_listed(cursor, account.programme_id, wanted.id, phone)
    cursor.execute(
        "select person_ref from partner_link where account_id = %s and partner_id = %s",
        [account.id, partner_id],
    )
    known = [bytes(index) for (index,) in cursor.fetchall()]
    return _is_listed(cursor, account.programme_id, wanted.id, known)


def list_sizes(programme_id: int) -> dict[str, int]:
    """How many people are on each list; none on those that are not there."""
    with bulk_transaction() as cursor:
        cursor.execute(
            "select list, count(*) from people_list_entry where programme_id = %s group by list",
            [programme_id],
        )
        return dict(cursor.fetchall())


def _is_listed(cursor: Cursor, programme_id: int, name: str, indexes: list[bytes]) -> bool:
    cursor.execute(
        "select from people_list_entry"
        " where programme_id = %s and list = %s and entry_index = any(%s) limit 1",
        [programme_id, name, indexes],
    )
    return cursor.fetchone() is not None
