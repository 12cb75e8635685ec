"""Making the files of days that are over: once each, signed, and never changed."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import polars as pl
import psycopg

from tanzhang.apps.activities.intake.receipt import instant_text
from tanzhang.apps.activities.reconciliation.days import PartnerDay, days_without_file
from tanzhang.apps.activities.reconciliation.detail import read_detail, write_detail
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners import api as partners
from tanzhang.apps.people.api import installation
from tanzhang.crypto import sm3
from tanzhang.proofs import Document, Seal, canonical

FORMAT: Final = "tanzhang-reconciliation/1"

#: The kind of message that tells a partner of its new file.
READY: Final = "cn.tanzhang.reconciliation.ready.v1"

OUTCOMES: Final = ("accepted", "duplicate", "conflict", "rejected", "held")

_INSERT: Final = """
insert into reconciliation_file
    (partner_id, day, made_at, row_count, detail_sm3, statement, detail)
values (%s, %s, %s, %s, %s, %s, %s) on conflict do nothing
"""
_WAITING: Final = """
select exists (select from batch join piece_queue on piece_queue.piece_id = any(batch.piece_ids)
where batch.partner_id = %s and batch.received_at >= %s and batch.received_at < %s)
"""


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was made now."""

    partner: str
    day: date
    rows: int


def day_text(day: int) -> str:
    """``2026-11-20`` for a number of days since 1970-01-01."""
    return (date(1970, 1, 1) + timedelta(days=day)).isoformat()


def make_due_files(seal: Seal, at: datetime | None = None) -> list[Made]:
    """Make the file of every closed day that has none; days with unsettled pieces wait."""
    now = at or datetime.now(UTC)
    with bulk_transaction() as cursor:
        cursor.execute("select exists (select from batch)")
        if cursor.fetchone() == (False,):  # perhaps nothing is loaded yet that has rules
            return []
        due = days_without_file(cursor, rulebook_in_force(), now)
    made = []
    stuck: set[int] = set()
    for day in due:
        if day.partner_id in stuck:
            continue
        with bulk_transaction() as cursor:
            cursor.execute(_WAITING, [day.partner_id, day.begins, day.ends])
            if cursor.fetchone() == (True,):
                stuck.add(day.partner_id)  # files are made in the order of their days
                continue
            rows = _make(cursor, day, seal, now)
        made.append(Made(day.partner, date.fromisoformat(day_text(day.day)), rows))
    return made


def _make(cursor: psycopg.Cursor[Any], day: PartnerDay, seal: Seal, now: datetime) -> int:
    rows = read_detail(cursor, day)
    detail = write_detail(rows)
    statement = seal.put_on(_statement(day, rows, detail, now))
    packed = zlib.compress(detail, level=6)
    digest = sm3(detail)
    cursor.execute(
        _INSERT,
        [day.partner_id, day.day, now, len(rows), digest, canonical(statement), packed],
    )
    partners.tell(
        day.partner_id,
        READY,
        day_text(day.day),
        {name: statement[name] for name in ("day", "received", *OUTCOMES, "detail_sm3")},
    )
    return len(rows)


def _statement(day: PartnerDay, rows: pl.DataFrame, detail: bytes, now: datetime) -> Document:
    """The totals of a day; ``received`` is the sum of the five outcomes."""
    found = dict(rows["outcome"].value_counts().iter_rows())
    counts = {name: int(found.get(name, 0)) for name in OUTCOMES}
    return {
        "format": FORMAT,
        "installation": installation().id_text,
        "partner": day.partner,
        "day": day_text(day.day),
        "time_zone": day.time_zone,
        "begins": instant_text(day.begins),
        "ends": instant_text(day.ends),
        "made_at": instant_text(now),
        "batches": rows["batch_id"].n_unique(),
        "received": len(rows),
        **counts,
        "reduction_mg": int(rows["reduction_mg"].sum() or 0),
        "points": int(rows["points"].sum() or 0),
        "detail_bytes": len(detail),
        "detail_sm3": sm3(detail).hex(),
    }
