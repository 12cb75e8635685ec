"""What stands in the books, read with plain queries and told by the partners' own names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from tanzhang.apps.activities.keys import event_keys
from tanzhang.apps.activities.models import Cause
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners.api import IdTime
from tanzhang.engine.acts import Reason, Status


@dataclass(frozen=True)
class Posted:
    """One row of ``activity``: what was added, and what is said of the event."""

    month: int
    no: int
    cause: str
    status: str
    mg: int
    points: int
    gross_mg: int = 0
    reason: str = ""
    cuts: tuple[tuple[str, int], ...] = ()
    lost_to: bytes = b""


def ask(query: str, values: list[Any] | None = None) -> list[tuple[Any, ...]]:
    """The rows of a query."""
    with bulk_transaction() as cursor:
        cursor.execute(query.encode(), values)
        return cursor.fetchall()


def key(partner: str, external_id: str) -> bytes:
    """The event key of what a partner calls ``external_id``."""
    high, low = event_keys(partner, pl.Series([external_id]), IdTime.NONE)
    return int(high[0]).to_bytes(8, "big") + int(low[0]).to_bytes(8, "big")


def rows_of(partner: str, external_id: str) -> list[Posted]:
    """Everything ever posted for an event, in the order of posting."""
    event_key = key(partner, external_id)
    cuts: dict[tuple[int, int], list[tuple[str, int]]] = {}
    for month, number, name, mg in ask(
        "select month, outcome_no, name, mg from cut join limit_name l on l.id = limit_id"
        " where event_key = %s::uuid order by name",
        [event_key.hex()],
    ):
        cuts.setdefault((month, number), []).append((name, mg))
    found = ask(
        "select month, outcome_no, cause, status, credited_mg, points, gross_mg, reason, lost_to"
        " from activity where event_key = %s::uuid order by piece_id, month, outcome_no",
        [event_key.hex()],
    )
    return [
        Posted(
            month,
            number,
            Cause(cause).name.lower(),
            Status(status).name.lower(),
            mg,
            points,
            gross_mg,
            Reason(min(reason, Reason.BOUND)).name.lower() if reason else "",
            tuple(cuts.get((month, number), ())),
            lost_to.bytes if lost_to else b"",
        )
        for month, number, cause, status, mg, points, gross_mg, reason, lost_to in found
    ]


def balance(handle: str) -> tuple[int, int]:
    """An account's milligrams and points; nothing before the first posting."""
    found = ask(
        "select reduction_mg, points from balance join account on account.id = account_id"
        " where handle = %s",
        [handle],
    )
    return found[0] if found else (0, 0)


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """All rows of everything that settlement writes, to see whether anything was written."""
    tables = (
        "activity",
        "balance",
        "claim",
        "claim_rival",
        "cut",
        "event_identity",
        "points_lot",
        "source_balance",
    )
    return {table: sorted(map(repr, ask(f"select * from {table}"))) for table in tables}


def account_and_month(partner: str, external_id: str) -> tuple[bytes, int, int]:
    """How a hold names an event: key, subject and the month where it stands."""
    event_key = key(partner, external_id)
    ((subject_id, month),) = ask(
        "select subject_id, month from activity where event_key = %s::uuid and cause <> %s"
        " and outcome_no = (select max(outcome_no) from activity last where"
        " last.event_key = activity.event_key and last.month = activity.month)"
        " and (select cause from activity last where last.event_key = activity.event_key"
        " and last.month = activity.month order by outcome_no desc limit 1) <> %s",
        [event_key.hex(), int(Cause.MOVED), int(Cause.MOVED)],
    )
    return event_key, subject_id, month
