"""Everything that was posted, month by month, folded to what each event's outcome is now.

Nothing here trusts a balance: the arrays are read from the rows of ``activity`` alone. Rows come in
the order of their primary key, a hundred thousand subjects of one month at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg import sql

from tanzhang.apps.activities.models import Cause
from tanzhang.apps.activities.posting.lots import NEVER
from tanzhang.apps.copying import copy_out
from tanzhang.engine.rules import Flags, Ints

Keys = NDArray[np.void]
Rows = dict[str, NDArray[Any]]

SUBJECTS_AT_ONCE: Final = 100_000

_TYPES: Final = {
    "subject_id": "int8",
    "account_id": "int8",
    "started_us": "int8",
    "gross_mg": "int8",
    "credited_mg": "int8",
    "points": "int4",
    "event_key": "uuid",
    "lost_to": "uuid",
    "outcome_no": "int2",
    "month": "int4",
    "day": "int4",
    "programme_id": "int2",
    "status": "int2",
    "cause": "int2",
    "available_after_days": "int2",
    "expires_after_years": "int2",
}

#: What a null is read as; no event has this key.
NOBODY: Final = "00000000-0000-0000-0000-000000000000"

_WITHOUT_NULLS: Final = {
    "lost_to": f"coalesce(lost_to, '{NOBODY}'::uuid)",
    "available_after_days": "coalesce(available_after_days, 0::int2)",
    "expires_after_years": f"coalesce(expires_after_years, ({NEVER})::int2)",
}


@dataclass(frozen=True, slots=True)
class Events:
    """Events as they stand in one month: the last row of each, with its amounts summed.

    ``rows`` are all outcomes behind them, ``first`` and ``last`` the places of an event's first and
    last row in ``rows``. An event is ``open`` in the month unless it has moved away.
    """

    rows: Rows
    first: Ints
    last: Ints
    credited_mg: Ints
    points: Ints
    open: Flags

    def column(self, name: str) -> NDArray[Any]:
        """A column of each event's last row."""
        return self.rows[name][self.last]


def stored_months(cursor: psycopg.Cursor[Any]) -> list[int]:
    """Every month (YYYYMM) that has a partition."""
    cursor.execute(
        "select right(inhrelid::regclass::text, 6)::int from pg_inherits"
        " where inhparent = 'activity'::regclass order by 1"
    )
    return [row[0] for row in cursor.fetchall()]


def scan(cursor: psycopg.Cursor[Any]) -> Iterator[Events]:
    """All events, a part of a month at a time."""
    for month in stored_months(cursor):
        cursor.execute(
            "select min(subject_id), max(subject_id) from activity where month = %s", [month]
        )
        least, most = cursor.fetchone() or (None, None)
        if least is None or most is None:
            continue
        for start in range(least, most + 1, SUBJECTS_AT_ONCE):
            rows = _read(cursor, month, start, start + SUBJECTS_AT_ONCE)
            if len(rows["month"]):
                yield fold(rows)


def fold(rows: Rows) -> Events:
    """Events from their rows, which are in the order of (subject, event key, outcome number)."""
    changes = (rows["subject_id"][1:] != rows["subject_id"][:-1]) | np.any(
        rows["event_key"][1:] != rows["event_key"][:-1], axis=1
    )
    first = np.flatnonzero(np.append(True, changes))
    last = np.append(first[1:], len(rows["month"])) - 1
    return Events(
        rows=rows,
        first=first,
        last=last,
        credited_mg=np.add.reduceat(rows["credited_mg"], first),
        points=np.add.reduceat(rows["points"], first),
        open=rows["cause"][last] != Cause.MOVED,
    )


def key_text(halves: NDArray[np.uint64]) -> NDArray[np.bytes_]:
    """Keys as 16 bytes that numpy sorts and compares as unsigned bytes."""
    return np.ascontiguousarray(halves.astype(">u8")).view("S16").reshape(-1)


def _read(cursor: psycopg.Cursor[Any], month: int, start: int, end: int) -> Rows:
    expressions = [sql.SQL(_WITHOUT_NULLS.get(name, name)) for name in _TYPES]
    query = sql.SQL(
        "select {} from activity where month = {} and subject_id >= {} and subject_id < {}"
        " order by subject_id, event_key, outcome_no"
    ).format(sql.SQL(", ").join(expressions), month, start, end)
    return copy_out(cursor, query, _TYPES)
