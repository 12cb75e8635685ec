"""Reads: balances."""

from __future__ import annotations

from typing import Any

import psycopg


def balance_of(cursor: psycopg.Cursor[Any], subject_id: int, account_id: int) -> tuple[int, int]:
    """An account's milligrams and points; nothing was posted to it yet: (0, 0)."""
    cursor.execute(
        "select reduction_mg, points from balance where subject_id = %s and account_id = %s",
        [subject_id, account_id],
    )
    row = cursor.fetchone()
    return (0, 0) if row is None else (row[0], row[1])
