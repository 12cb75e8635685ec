"""Operators' lists of who may join: an erased person is on none of them any more."""

from __future__ import annotations

from typing import Any

import psycopg

from tanzhang.apps.people.phone_logins import phone_indexes
from tanzhang.apps.people.privacy import when_erased
from tanzhang.apps.people.vault.keeping import own


def register_lists() -> None:
    """Tell the register to ask us; by our name, before her phone and references are gone."""
    when_erased("lists", strike_from_lists)


def strike_from_lists(cursor: psycopg.Cursor[Any], subject_id: int) -> int:
    """Take her phone and her partners' references off every list; how many entries."""
    cursor.execute("select person_ref from partner_link where subject_id = %s", [subject_id])
    entries = [bytes(row[0]) for row in cursor.fetchall()]
    phone = own(cursor, subject_id, ["phone"]).get("phone")
    if phone is not None:
        entries += phone_indexes(cursor, phone).every
    cursor.execute("delete from people_list_entry where entry_index = any(%s)", [entries])
    return cursor.rowcount
