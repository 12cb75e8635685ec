"""A new index key: what people are found by is computed anew from what is sealed.

While this goes on, and after it was broken off, look-ups ask under every index key there is. A key
goes when nothing is found by it any more. What is kept as a keyed hash alone (partners' references,
channels' log-ins, lists of people) cannot be computed anew and stays under the key that made it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import psycopg
from django.db import IntegrityError, transaction
from django.utils import timezone

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.phone_logins import number_place
from tanzhang.apps.people.vault.boxes import bound_to, open_box
from tanzhang.apps.people.vault.indexes import IndexKeys, index_keys, index_of, make_index_key
from tanzhang.apps.people.vault.keeping import field_place
from tanzhang.apps.people.vault.person_keys import installation_id, keys_of
from tanzhang.faults import fault_point
from tanzhang.problems import Problem

Cursor = psycopg.Cursor[Any]

AT_ONCE: Final = 1000

#: Whoever began to look before the new key was there asks under the old one alone.
KNOWN_AFTER: Final = timedelta(minutes=1)

_FIELDS: Final = """
select subject_id, field, field, sealed from personal_field
where index_key_id < %s and (subject_id, field) > (%s, %s)
order by subject_id, field limit %s for update skip locked
"""
_PHONES: Final = """
select subject_id, account_id::text, 'phone', sealed from phone_login
where index_key_id < %s and (subject_id, account_id::text) > (%s, %s)
order by subject_id, account_id::text limit %s for update skip locked
"""
_FIELDS_ANEW: Final = """
update personal_field set index_key_id = %s, blind_index = anew.found_by
from unnest(%s::bigint[], %s::text[], %s::bytea[]) anew (subject_id, field, found_by)
where personal_field.subject_id = anew.subject_id and personal_field.field = anew.field
"""
_PHONES_ANEW: Final = """
update phone_login set index_key_id = %s, phone_index = anew.found_by
from unnest(%s::bigint[], %s::text[], %s::bytea[]) anew (subject_id, account_id, found_by)
where phone_login.subject_id = anew.subject_id and phone_login.account_id = anew.account_id::bigint
"""


@dataclass(slots=True)
class Reindexed:
    """What one run did: indexes computed anew, boxes that do not open, index keys that went."""

    moved: int = 0
    broken: int = 0
    keys_gone: int = 0


def reindex(
    *,
    anew: bool = False,
    should_stop: Callable[[], bool] = lambda: False,
    at: datetime | None = None,
) -> Reindexed:
    """Put what people are found by under the newest index key, some at a time.

    ``anew`` makes a new key first. Rows move once a key is a minute old, so the run that makes it
    moves none.
    """
    done = Reindexed()
    with bulk_transaction() as cursor:
        if anew:
            make_index_key(cursor)
        keys = index_keys(cursor)
        cursor.execute("select made_at from index_key where id = %s", [keys.ids[0]])
        made_at = cursor.fetchall()[0][0]
    if len(keys.ids) == 1 or (at or timezone.now()) < made_at + KNOWN_AFTER:
        return done
    for reading, writing in ((_FIELDS, _FIELDS_ANEW), (_PHONES, _PHONES_ANEW)):
        last: tuple[int, str] | None = (-1, "")
        while last is not None:
            if should_stop():
                return done
            with bulk_transaction() as cursor:
                last = _move_some(cursor, keys, (reading, writing), last, done)
                fault_point("reindex.before_commit")
            fault_point("reindex.after_commit")
    for key_id in keys.ids[1:]:
        done.keys_gone += _is_gone(key_id)
    return done


def indexes_left(cursor: Cursor) -> int:
    """How many indexes are still under an older key."""
    cursor.execute(
        "select (select count(*) from personal_field where index_key_id < newest)"
        " + (select count(*) from phone_login where index_key_id < newest or index_key_id is null)"
        " from (select max(id) as newest from index_key) keys"
    )
    return int(cursor.fetchall()[0][0] or 0)


def _move_some(
    cursor: Cursor,
    keys: IndexKeys,
    statements: tuple[str, str],
    after: tuple[int, str],
    done: Reindexed,
) -> tuple[int, str] | None:
    """Compute some indexes anew; the last row that was looked at, or None if there was none."""
    reading, writing = statements
    cursor.execute(reading, [keys.ids[0], *after, AT_ONCE])
    rows = cursor.fetchall()
    person_keys = keys_of(cursor, [row[0] for row in rows])
    installation = installation_id(cursor)
    moved: list[tuple[int, str, bytes]] = []
    for subject_id, own, field, sealed in rows:
        label = field_place(field) if reading is _FIELDS else number_place(int(own))
        place = bound_to(installation, subject_id, label)
        try:
            plain = open_box(person_keys[subject_id], bytes(sealed), place).decode()
        except (KeyError, Problem):
            done.broken += 1
            continue
        moved.append((subject_id, own, index_of(keys.keys[0], field, plain)))
    columns = [list(column) for column in zip(*moved, strict=True)] or [[], [], []]
    cursor.execute(writing, [keys.ids[0], *columns])
    done.moved += len(moved)
    return (rows[-1][0], rows[-1][1]) if rows else None


def _is_gone(key_id: int) -> bool:
    """Remove an index key, unless something is still found by it."""
    try:
        with transaction.atomic(), bulk_transaction() as cursor:
            cursor.execute("delete from index_key where id = %s", [key_id])
            cursor.execute("set constraints all immediate")
            return True
    except (IntegrityError, psycopg.IntegrityError):
        return False
