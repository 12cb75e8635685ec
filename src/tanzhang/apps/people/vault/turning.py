"""A new master key: every person's key and the secret go under it, and no field is touched.

Anybody may stop this at any moment, or die: each key says which master key it is under, the old
and the new one both open, and whoever begins again goes on with those that are left.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import psycopg

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.vault import indexes
from tanzhang.apps.people.vault.boxes import close_box, open_box
from tanzhang.apps.people.vault.masters import (
    Master,
    is_behind,
    make_master,
    newest_master,
    unwrapped,
)
from tanzhang.apps.people.vault.person_keys import installation_id, key_place
from tanzhang.apps.people.vault.secret import secret_place
from tanzhang.faults import fault_point
from tanzhang.problems import Problem

AT_ONCE: Final = 1000

#: Key table -> its own number's column, and what a key of it is bound to.
_TABLES: Final[dict[str, tuple[str, Callable[[str, int, int], bytes]]]] = {
    "index_key": ("id", indexes.key_place),
    "person_key": ("subject_id", key_place),
    "installation_secret": ("id", lambda _name, _one, master_id: secret_place(master_id)),
}


@dataclass(slots=True)
class Turned:
    """What one run did: keys put under the newest master key, and keys that do not open."""

    moved: int = 0
    broken: int = 0
    is_whole: bool = False  #: whether it came to the end


def turn_keys(*, anew: bool = False, should_stop: Callable[[], bool] = lambda: False) -> Turned:
    """Put every key under the newest master key, some at a time.

    A new master key is made first if the key store's key has a successor, or if it is wanted
    ``anew``. Keys that do not open are left as they are and counted: somebody tampered with them.
    """
    done = Turned()
    with bulk_transaction() as cursor:
        if anew or is_behind(cursor):
            make_master(cursor)
    fault_point("turn.master_made")
    for table in _TABLES:
        last: int | None = -1
        while last is not None:
            if should_stop():
                return done
            with bulk_transaction() as cursor:
                last = _turn_some(cursor, table, last, done)
                fault_point("turn.before_commit")
            fault_point("turn.after_commit")
    done.is_whole = True
    return done


def keys_left(cursor: psycopg.Cursor[Any]) -> int:
    """How many keys are still under an older master key."""
    cursor.execute(
        "select (select count(*) from person_key where master_id < newest)"
        " + (select count(*) from index_key where master_id < newest)"
        " + (select count(*) from installation_secret where master_id < newest)"
        " from (select max(id) as newest from master_key) masters"
    )
    return int(cursor.fetchall()[0][0] or 0)


def _turn_some(cursor: psycopg.Cursor[Any], table: str, after: int, done: Turned) -> int | None:
    """Turn some keys of a table; the number of the last one, or None if there was none."""
    number, place_of = _TABLES[table]
    newest, installation = newest_master(cursor), installation_id(cursor)
    cursor.execute(
        f"select one.{number}, sealed, master_id, key_id, wrapped from {table} one"
        " join master_key on master_key.id = master_id"
        f" where master_id < %s and one.{number} > %s order by one.{number} limit %s"
        " for update of one skip locked",
        [newest.id, after, AT_ONCE],
    )
    rows = cursor.fetchall()
    turned: list[tuple[int, bytes]] = []
    for own, sealed, master_id, key_id, wrapped in rows:
        old = Master(master_id, unwrapped(key_id, bytes(wrapped)))
        try:
            key = open_box(old.key, bytes(sealed), place_of(installation, own, old.id))
        except Problem:
            done.broken += 1
            continue
        turned.append((own, close_box(newest.key, key, place_of(installation, own, newest.id))))
    cursor.execute(
        f"update {table} set master_id = %s, sealed = turned.sealed"
        " from unnest(%s::bigint[], %s::bytea[]) turned (own, sealed)"
        f" where {number} = own",
        [newest.id, [own for own, _ in turned], [sealed for _, sealed in turned]],
    )
    done.moved += len(turned)
    return rows[-1][0] if rows else None
