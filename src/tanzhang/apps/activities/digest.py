"""One digest of what the books say: the same for the same facts, however they arrived.

Times of recording, pieces, database numbers and the path by which an outcome was reached stay out.
The digest is SM3 over three sections, each a text line with its count and then its records:

- ``events <n>``: by event key, 49 bytes each: key (16), status (1), credited mg (8), points (8),
  key of the event it lost to (16, zeros for none); integers are big-endian
- ``cuts <n>``: by event key, owner and name: ``<key in hex> <owner> <name> <mg>`` and a line end
- ``balances <n>``: by account handle: ``<handle> <mg> <points>`` and a line end
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg import sql

from tanzhang.apps.activities.scan import Events, key_text, scan, stored_months
from tanzhang.apps.database import bulk_transaction

_RECORD: Final = np.dtype(
    [
        ("key", "S16"),
        ("status", "u1"),
        ("credited_mg", ">i8"),
        ("points", ">i8"),
        ("lost_to", "S16"),
    ]
)


def digest() -> str:
    """The digest of one moment of the database, in hexadecimal."""
    found = hashlib.new("sm3")
    with bulk_transaction() as cursor:
        cursor.execute("set transaction isolation level repeatable read, read only")
        records = _records(cursor)
        found.update(f"events {len(records)}\n".encode())
        found.update(records.tobytes())
        for title, lines in (("cuts", _cuts(cursor)), ("balances", _balances(cursor))):
            found.update(f"{title} {len(lines)}\n".encode())
            found.update("".join(f"{line}\n" for line in lines).encode())
    return found.hexdigest()


def _records(cursor: psycopg.Cursor[Any]) -> NDArray[np.void]:
    parts = [np.empty(0, _RECORD), *(_of_events(events) for events in scan(cursor))]
    records = np.concatenate(parts)
    return records[np.argsort(records["key"], kind="stable")]


def _of_events(events: Events) -> NDArray[np.void]:
    records = np.empty(int(events.open.sum()), _RECORD)
    records["key"] = key_text(events.column("event_key")[events.open])
    records["status"] = events.column("status")[events.open]
    records["credited_mg"] = events.credited_mg[events.open]
    records["points"] = events.points[events.open]
    records["lost_to"] = key_text(events.column("lost_to")[events.open])
    return records


def _cuts(cursor: psycopg.Cursor[Any]) -> list[str]:
    """Cuts of current outcomes: those that stand under an event's last outcome in its month."""
    lines: list[str] = []
    for month in stored_months(cursor):
        cursor.execute(
            sql.SQL(
                "select encode(uuid_send(event_key), 'hex'), owner, name, mg"
                " from cut join limit_name on limit_name.id = limit_id"
                " where month = {0} and not exists (select from activity later"
                " where later.month = {0} and later.subject_id = cut.subject_id"
                " and later.event_key = cut.event_key and later.outcome_no > cut.outcome_no)"
            ).format(month)
        )
        lines += [f"{key} {owner} {name} {mg}" for key, owner, name, mg in cursor]
    return sorted(lines)


def _balances(cursor: psycopg.Cursor[Any]) -> list[str]:
    """Accounts with a balance; one that came back to nothing is like one that never had any."""
    cursor.execute(
        "select handle, reduction_mg, points from balance join account on account.id = account_id"
        " where reduction_mg <> 0 or points <> 0"
    )
    return sorted(f"{handle} {mg} {points}" for handle, mg, points in cursor)
