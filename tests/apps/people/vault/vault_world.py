"""People of whom something is kept in the vault."""

from __future__ import annotations

import os

from tanzhang.apps.database import bulk_transaction

NAME, PHONE = "欧阳小满", "13800000000"


def somebody() -> int:
    """A subject without an account."""
    with bulk_transaction() as cursor:
        cursor.execute("insert into subject (key) values (%s) returning id", [os.urandom(32)])
        return int(cursor.fetchall()[0][0])
