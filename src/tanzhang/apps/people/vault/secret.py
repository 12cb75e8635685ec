"""The installation's secret: the key of its hashes, sealed like people's own keys.

Partners' references, channels' log-ins and codes are kept as hashes under it alone. The database
holds it only in a box, so that whoever has a whole dump, and not the key store, can test no guess.
It is drawn when it is first needed and is never another: what is kept as a keyed hash alone cannot
be computed anew. A new master key takes the same secret over (``turning``).
"""

from __future__ import annotations

import os
from typing import Any, Final

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.vault.boxes import bound_to, close_box
from tanzhang.apps.people.vault.masters import newest_master, opened_under, stored_master

SECRET_BYTES: Final = 32

# Box and master come from one statement: between two, the secret could go under another master.
_SECRET: Final = """
select sealed, master_id, key_id, wrapped
from installation_secret join master_key on master_key.id = master_id
"""


def installation_secret() -> bytes:
    """The secret, 32 bytes; keep it out of logs and answers.

    Its row is read each time, its box is opened once a process. Raises ``personal.box_broken`` and
    ``personal.master_key_lost``.
    """
    with connection.cursor() as cursor:
        found = _stored(cursor)
        if found is None:
            _draw()
            found = _stored(cursor)
    assert found is not None  # somebody's is there now, and nobody takes it away
    return found


def refuse_locked(cursor: psycopg.Cursor[Any]) -> None:
    """Raise if the key store does not open what is sealed here, as the cursor sees it.

    ``personal.master_key_lost`` if it lacks the key, ``personal.box_broken`` if the secret's box
    was changed.
    """
    stored_master(cursor)
    _stored(cursor)


def secret_place(master_id: int) -> bytes:
    """What the secret is bound to: its master key alone, which no other installation has."""
    return bound_to("installation-secret", master_id)


def _stored(cursor: psycopg.Cursor[Any] | CursorWrapper) -> bytes | None:
    cursor.execute(_SECRET)
    row = cursor.fetchone()
    if row is None:
        return None
    sealed, master_id, key_id, wrapped = row
    return opened_under(key_id, bytes(wrapped), bytes(sealed), secret_place(master_id))


def _draw() -> None:
    """Keep a new secret, unless somebody else is faster: then hers is the one."""
    with bulk_transaction() as cursor:
        master = newest_master(cursor)
        box = close_box(master.key, os.urandom(SECRET_BYTES), secret_place(master.id))
        cursor.execute(
            "insert into installation_secret (id, master_id, sealed) values (1, %s, %s)"
            " on conflict (id) do nothing",
            [master.id, box],
        )
