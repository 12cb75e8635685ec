"""One key a person, made when something of hers is first sealed, gone when she is forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

import psycopg

from tanzhang.apps.people.vault.boxes import bound_to, close_box, open_box
from tanzhang.apps.people.vault.masters import newest_master, unwrapped
from tanzhang.crypto import new_data_key
from tanzhang.problems import Problem

# Key and master come from one statement: between two, the key could go under another master.
_KEYS: Final = """
select subject_id, person_key.sealed, master_id, key_id, wrapped, destroyed_at
from person_key left join master_key on master_key.id = master_id
where subject_id = any(%s)
"""


def installation_id(cursor: psycopg.Cursor[Any]) -> str:
    """The public name of this installation, to which everything sealed is bound."""
    cursor.execute("select encode(public_id, 'hex') from installation")
    return str(cursor.fetchall()[0][0])


def key_place(installation: str, subject_id: int, master_id: int) -> bytes:
    """What a person's key is bound to."""
    return bound_to(installation, "person-key", subject_id, master_id)


def keys_of(cursor: psycopg.Cursor[Any], subject_ids: Sequence[int]) -> dict[int, bytes]:
    """The keys of those who have one.

    Raises ``personal.box_broken`` and ``personal.master_key_lost``.
    """
    installation = installation_id(cursor)
    cursor.execute(_KEYS, [list(subject_ids)])
    return {
        subject_id: open_box(
            unwrapped(key_id, bytes(wrapped)),
            bytes(sealed),
            key_place(installation, subject_id, master_id),
        )
        for subject_id, sealed, master_id, key_id, wrapped, destroyed in cursor.fetchall()
        if destroyed is None
    }


def key_for_sealing(cursor: psycopg.Cursor[Any], subject_id: int) -> bytes:
    """A person's key, made if she has none.

    Raises ``personal.key_destroyed`` if hers was destroyed: whoever was forgotten stays forgotten.
    """
    found = keys_of(cursor, [subject_id])
    if found:
        return found[subject_id]
    master, key = newest_master(cursor), new_data_key()
    place = key_place(installation_id(cursor), subject_id, master.id)
    cursor.execute(
        "insert into person_key (subject_id, master_id, sealed) values (%s, %s, %s)"
        " on conflict do nothing",
        [subject_id, master.id, close_box(master.key, key, place)],
    )
    if cursor.rowcount == 1:
        return key
    found = keys_of(cursor, [subject_id])  # somebody else was faster, or it was destroyed
    if not found:
        raise Problem("personal.key_destroyed")
    return found[subject_id]


def destroy_key(cursor: psycopg.Cursor[Any], subject_id: int) -> int:
    """Destroy a person's key and take away all that was sealed under it; fields taken away.

    That there was a key, and when it went, stays: nothing is sealed for her again.
    """
    now = datetime.now(UTC)
    cursor.execute(
        "insert into person_key (subject_id, destroyed_at) values (%s, %s)"
        " on conflict (subject_id) do update set master_id = null, sealed = null,"
        " destroyed_at = coalesce(person_key.destroyed_at, excluded.destroyed_at)",
        [subject_id, now],
    )
    cursor.execute("delete from personal_field where subject_id = %s", [subject_id])
    return cursor.rowcount
