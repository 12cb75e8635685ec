"""The book of calls: which partner asked for what, and with which verdict. It is kept for 183 days.

Nothing of what a call said is here, only its counts. Interfaces' logs are to be kept for six months
(JR/T 0185-2020), so the database refuses to remove a call before (``forget_calls``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import connection

from tanzhang.apps.partners.commits import lazy_transaction

#: The verdict code of a call that was served.
SERVED: Final = "OK"

COLUMNS: Final = (
    "request_id, key_id, endpoint, method, code, status, accepted, duplicate, conflict, rejected,"
    " held, duration_ms"
)


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of a batch's items at the door."""

    accepted: int = 0
    duplicate: int = 0
    conflict: int = 0
    rejected: int = 0
    held: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    """One call; ``key_id`` is as the call claimed it, empty if it named none."""

    request_id: str
    key_id: str
    endpoint: str
    method: str
    code: str
    status: int
    counts: Counts
    duration_ms: int


@dataclass(frozen=True, slots=True)
class CallLine:
    """A call as it is listed; ``id`` grows with time."""

    id: int
    at: datetime
    call: Call


@dataclass(frozen=True, slots=True)
class Usage:
    """How often a partner called an endpoint on one day (UTC), by verdict code."""

    day: date
    endpoint: str
    code: str
    calls: int
    counts: Counts


def note_call(partner_id: int, call: Call) -> None:
    """Write a call down. A power cut may lose the lines of the last second, and nothing else."""
    counts = call.counts
    values = [partner_id, call.request_id, call.key_id, call.endpoint, call.method, call.code]
    values += [call.status, counts.accepted, counts.duplicate, counts.conflict, counts.rejected]
    with lazy_transaction() as cursor:
        cursor.execute(
            f"insert into partner_call (partner_id, {COLUMNS})"
            " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [*values, counts.held, call.duration_ms],
        )


def calls(
    partner_id: int,
    count: int,
    *,
    before: int | None = None,
    code: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[CallLine]:
    """The latest calls of one partner, the youngest first.

    Before one of them, of one verdict, or of [since, until), if so asked.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"select id, at, {COLUMNS} from partner_call where partner_id = %(partner)s"
            " and (%(before)s::bigint is null or id < %(before)s)"
            " and (%(code)s::text is null or code = %(code)s)"
            " and (%(since)s::timestamptz is null or at >= %(since)s)"
            " and (%(until)s::timestamptz is null or at < %(until)s)"
            " order by id desc limit %(count)s",
            {
                "partner": partner_id,
                "before": before,
                "code": code,
                "since": since,
                "until": until,
                "count": count,
            },
        )
        return [_line(row) for row in cursor.fetchall()]


def usage(partner_id: int, since: datetime, until: datetime) -> list[Usage]:
    """What one partner used over [since, until), by day, endpoint and verdict code."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select (at at time zone 'UTC')::date as day, endpoint, code, count(*), sum(accepted),"
            " sum(duplicate), sum(conflict), sum(rejected), sum(held) from partner_call"
            " where partner_id = %s and at >= %s and at < %s"
            " group by day, endpoint, code order by day, endpoint, code",
            [partner_id, since, until],
        )
        return [
            Usage(day, endpoint, code, calls, Counts(*map(int, sums)))
            for day, endpoint, code, calls, *sums in cursor.fetchall()
        ]


def _line(row: Sequence[Any]) -> CallLine:
    number, at, request_id, key_id, endpoint, method, code, status, *counts, duration_ms = row
    call = Call(request_id, key_id, endpoint, method, code, status, Counts(*counts), duration_ms)
    return CallLine(number, at, call)
