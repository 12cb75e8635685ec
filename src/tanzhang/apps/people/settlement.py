"""What settlement must know of people: when they joined, and the keys of their leaves."""

from __future__ import annotations

from typing import Any

import numpy as np
import psycopg

from tanzhang.apps.database import int8_array
from tanzhang.engine.packs.accounts import FIRST_POINTS_UNIT
from tanzhang.engine.rules import Ints


def joined_days(cursor: psycopg.Cursor[Any], account_ids: Ints) -> Ints:
    """The joining day of each account, in the order given; every account must be there."""
    wanted, place = np.unique(account_ids, return_inverse=True)
    cursor.execute(
        "select joined_day from account where id = any(%s) order by id",
        [int8_array(wanted)],
        binary=True,
    )
    days = np.array([row[0] for row in cursor.fetchall()], np.int64)
    return days[place]


def points_units(cursor: psycopg.Cursor[Any], account_ids: Ints) -> Ints:
    """The ledger's number of what each account's points are counted in, in the order given.

    Only accounts that count in another unit than most are looked for, by an index of theirs.
    """
    cursor.execute(
        "select id, points_unit from account where id = any(%s) and points_unit <> 2 order by id",
        [int8_array(np.unique(account_ids))],
        binary=True,
    )
    found = cursor.fetchall()
    units = np.full(len(account_ids), FIRST_POINTS_UNIT, np.int64)
    if found:
        known, unit = np.array(found, np.int64).T
        place = np.minimum(np.searchsorted(known, account_ids), len(known) - 1)
        units = np.where(known[place] == account_ids, unit[place], units)
    return units


def person_keys(cursor: psycopg.Cursor[Any], subject_ids: Ints) -> list[bytes]:
    """The key of each subject's log leaves, in the order given; every subject must be there."""
    wanted, place = np.unique(subject_ids, return_inverse=True)
    cursor.execute(
        "select key from subject where id = any(%s) order by id",
        [int8_array(wanted)],
        binary=True,
    )
    keys = [bytes(row[0]) for row in cursor.fetchall()]
    return [keys[number] for number in place.tolist()]
