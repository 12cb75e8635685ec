"""Books: the balances, lots and issuing sides that postings add up to.

Every amount is posted twice: to an account's balance and, negated, to what its programme issued
from the shard (``source_balance``). Both are written here, in the caller's transaction, each row
once however many postings it sums. Only relative updates: nobody reads a balance to write it back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from psycopg import Cursor

from tanzhang.apps.database import bytea_array, int8_array
from tanzhang.apps.ledger.models import Unit
from tanzhang.engine.rules import Ints


@dataclass(frozen=True, slots=True)
class Book:
    """The accounts of some subjects that have a balance row, by account id, with their state."""

    account_id: Ints
    subject_id: Ints
    running: list[bytes]


def read_books(cursor: Cursor[Any], subjects: Ints) -> Book:
    """The balance rows of these subjects."""
    cursor.execute(
        "select account_id, subject_id, running from balance where subject_id = any(%s)"
        " order by account_id",
        [int8_array(subjects)],
        binary=True,
    )
    rows = cursor.fetchall()
    return Book(
        np.array([row[0] for row in rows], np.int64),
        np.array([row[1] for row in rows], np.int64),
        [bytes(row[2]) for row in rows],
    )


def add_to_balances(
    cursor: Cursor[Any],
    *,
    account_id: Ints,
    subject_id: Ints,
    mg: Ints,
    points: Ints,
    running: list[bytes],
) -> None:
    """Add to each account's balance (opening it at nothing) and replace its running state."""
    # Sorted as the primary key is, so that rows and index pages are met in order.
    order = np.lexsort((account_id, subject_id))
    cursor.execute(
        "insert into balance as b (subject_id, account_id, reduction_mg, points, running)"
        " select * from unnest(%s, %s, %s, %s, %s)"
        " on conflict (subject_id, account_id) do update set"
        " reduction_mg = b.reduction_mg + excluded.reduction_mg,"
        " points = b.points + excluded.points, running = excluded.running",
        [
            int8_array(subject_id[order]),
            int8_array(account_id[order]),
            int8_array(mg[order]),
            int8_array(points[order]),
            bytea_array([running[place] for place in order.tolist()]),
        ],
    )


def add_to_lots(
    cursor: Cursor[Any],
    *,
    account_id: Ints,
    subject_id: Ints,
    available_from: Ints,
    expires_on: Ints,
    points: Ints,
) -> None:
    """Add points to the lots of accounts; rows of one lot are summed first."""
    keys = np.column_stack([subject_id, account_id, available_from, expires_on])
    lots, place = np.unique(keys, axis=0, return_inverse=True)
    sums = np.zeros(len(lots), np.int64)
    np.add.at(sums, place.reshape(-1), points)
    changed = np.flatnonzero(sums)
    if len(changed) == 0:
        return
    cursor.execute(
        "insert into points_lot as l"
        " (subject_id, account_id, available_from, expires_on, points)"
        " select s, a, f, e, p from unnest(%s, %s, %s, %s, %s) as u(s, a, f, e, p)"
        " on conflict (subject_id, account_id, available_from, expires_on) do update set"
        " points = l.points + excluded.points",
        [*(int8_array(lots[changed, column]) for column in range(4)), int8_array(sums[changed])],
    )


def issue(
    cursor: Cursor[Any],
    *,
    programme_id: Ints,
    shard: int,
    mg: Ints,
    points: Ints,
    points_unit: Ints,
) -> None:
    """Post the other side: what each programme gave out from this shard, below zero.

    ``points_unit`` says which points each row's are (``Unit``).
    """
    reduction = np.full(len(mg), int(Unit.REDUCTION_MG))
    rows = [
        (
            programme,
            number,
            shard,
            -int(amount[(programme_id == programme) & (unit == number)].sum()),
        )
        for programme in np.unique(programme_id).tolist()
        for unit, amount in ((reduction, mg), (points_unit, points))
        for number in np.unique(unit[programme_id == programme]).tolist()
    ]
    if rows:
        cursor.execute(
            "insert into source_balance as s (programme_id, unit, shard, amount)"
            " select * from unnest(%s, %s, %s, %s) on conflict (programme_id, unit, shard)"
            " do update set amount = s.amount + excluded.amount",
            [int8_array(column) for column in np.array(rows, np.int64).T],
        )
