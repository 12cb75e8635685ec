"""Making the files of days that are over: once each, signed, and never changed."""

from __future__ import annotations

import logging
import zlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import polars as pl
import psycopg
from cryptography.hazmat.primitives import hashes

from tanzhang.apps.activities.door import lock_door
from tanzhang.apps.activities.intake.receipt import instant_text
from tanzhang.apps.activities.reconciliation.days import PartnerDay, days_without_file
from tanzhang.apps.activities.reconciliation.detail import read_detail, write_detail
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners import api as partners
from tanzhang.apps.people.api import installation
from tanzhang.crypto import sm3
from tanzhang.proofs import Document, Seal, canonical
from tanzhang.stored_time import date_of

FORMAT: Final = "tanzhang-reconciliation/1"

#: The kind of message that tells a partner of its new file.
READY: Final = "cn.tanzhang.reconciliation.ready.v1"

log = logging.getLogger("tanzhang.reconciliation")

#: Of two who make files of one partner one waits; the number keeps this lock apart from others.
_LOCK: Final = 0x66696C65

OUTCOMES: Final = ("accepted", "duplicate", "conflict", "rejected", "held")

_INSERT: Final = """
insert into reconciliation_file (partner_id, day, made_at, row_count, detail_sm3, statement)
values (%s, %s, %s, %s, %s, %s)
"""
_INSERT_PART: Final = """
insert into reconciliation_part (partner_id, day, part, body) values (%s, %s, %s, %s)
"""
_IS_MADE: Final = """
select exists (select from reconciliation_file where partner_id = %s and day = %s)
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
    return (date_of(day)).isoformat()


def make_due_files(seal: Seal, at: datetime | None = None) -> list[Made]:
    """Make the file of every closed day that has none; days with unsettled pieces wait.

    A day that fails keeps back the later days of its partner, and nobody else's. Raises an
    ``ExceptionGroup`` of all failures once everything else is made.
    """
    now = at or seal.at
    with bulk_transaction() as cursor:
        cursor.execute("select exists (select from batch)")
        if cursor.fetchone() == (False,):  # perhaps nothing is loaded yet that has rules
            return []
        due = days_without_file(cursor, rulebook_in_force(), now)
    made: list[Made] = []
    failed: list[Exception] = []
    stuck: set[int] = set()
    for day in due:
        if day.partner_id in stuck:
            continue
        try:
            file = _make_once(day, seal, now)
        except Exception as error:
            log.exception("The file of %s for %s could not be made.", day.partner, _date(day))
            failed.append(error)
            file = None
        if file is None:
            stuck.add(day.partner_id)  # files are made in the order of their days
        else:
            made.append(file)
    if failed:
        raise ExceptionGroup("Files of days could not be made.", failed)
    return made


def lock_files(cursor: psycopg.Cursor[Any], partner_id: int) -> None:
    """Wait until nobody makes a partner's files, and keep it so to the transaction's end."""
    cursor.execute("select pg_advisory_xact_lock(%s, %s)", [_LOCK, partner_id])


def _make_once(day: PartnerDay, seal: Seal, now: datetime) -> Made | None:
    """The file, made now or by somebody else just before; None if a piece still waits.

    Whoever is inside the partner's door is waited for. Nobody who comes later brings anything of
    this day: see ``take.LONGEST_STAY_US``.
    """
    with bulk_transaction() as cursor:
        lock_door(cursor, day.partner_id)
    with bulk_transaction() as cursor:
        lock_files(cursor, day.partner_id)
        cursor.execute(_WAITING, [day.partner_id, day.begins, day.ends])
        if cursor.fetchone() == (True,):
            return None
        cursor.execute(_IS_MADE, [day.partner_id, day.day])
        rows = 0 if cursor.fetchone() == (True,) else _make(cursor, day, seal, now)
    return Made(day.partner, _date(day), rows)


def _make(cursor: psycopg.Cursor[Any], day: PartnerDay, seal: Seal, now: datetime) -> int:
    """Write the parts as they are read, then the statement that holds them all together."""
    sums = _Sums()
    for part, rows in enumerate(read_detail(cursor, day), start=1):
        body = write_detail(rows, with_header=part == 1)
        sums.add(rows, body)
        cursor.execute(_INSERT_PART, [day.partner_id, day.day, part, zlib.compress(body, level=6)])
    statement = seal.put_on(_statement(day, sums, now))
    digest = bytes.fromhex(statement["detail_sm3"])
    cursor.execute(
        _INSERT,
        [day.partner_id, day.day, now, sums.rows, digest, canonical(statement)],
    )
    partners.tell(
        day.partner_id,
        READY,
        day_text(day.day),
        {name: statement[name] for name in ("day", "received", *OUTCOMES, "detail_sm3")},
    )
    return sums.rows


def _date(day: PartnerDay) -> date:
    return date.fromisoformat(day_text(day.day))


class _Sums:
    """What the statement says of all parts together."""

    def __init__(self) -> None:
        self.rows = self.size_bytes = self.reduction_mg = self.points = 0
        self.outcomes = dict.fromkeys(OUTCOMES, 0)
        self.batches: set[str] = set()
        self._counted: set[bytes] = set()  #: events whose worth is in the sums
        self.parts: list[dict[str, Any]] = []
        self.digest = hashes.Hash(hashes.SM3())

    def add(self, rows: pl.DataFrame, body: bytes) -> None:
        """One more part: its lines, and its bytes."""
        for name, count in rows["outcome"].value_counts().iter_rows():
            self.outcomes[name] += count
        self.rows += len(rows)
        self.size_bytes += len(body)
        self._add_worth(rows.filter(pl.col("reduction_mg").is_not_null()))
        self.batches.update(rows["batch_id"].unique())
        self.digest.update(body)
        self.parts.append({"part": len(self.parts) + 1, "rows": len(rows), "sm3": sm3(body).hex()})

    def _add_worth(self, lines: pl.DataFrame) -> None:
        """An event that was corrected on its day has two lines with its worth; it counts once."""
        first = lines.unique("event_key", keep="first")
        known = [bytes.fromhex(key) in self._counted for key in first["event_key"]]
        new = first.filter(~pl.Series(known, dtype=pl.Boolean))
        self._counted.update(map(bytes.fromhex, new["event_key"]))
        self.reduction_mg += int(new["reduction_mg"].sum() or 0)
        self.points += int(new["points"].sum() or 0)


def _statement(day: PartnerDay, sums: _Sums, now: datetime) -> Document:
    return {
        "format": FORMAT,
        "installation": installation().id_text,
        "partner": day.partner,
        "day": day_text(day.day),
        "time_zone": day.time_zone,
        "begins": instant_text(day.begins),
        "ends": instant_text(day.ends),
        "made_at": instant_text(now),
        "batches": len(sums.batches),
        "received": sums.rows,
        **sums.outcomes,
        "reduction_mg": sums.reduction_mg,
        "points": sums.points,
        "detail_bytes": sums.size_bytes,
        "detail_sm3": sums.digest.finalize().hex(),
        "parts": sums.parts,
    }
