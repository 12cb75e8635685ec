"""What became of a batch or an event, for the partner that sent it and for nobody else."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import polars as pl
import psycopg

from tanzhang.apps.activities import keys
from tanzhang.apps.activities.door import VERDICTS
from tanzhang.apps.activities.intake.receipt import instant_text, item_lines, make_receipt
from tanzhang.apps.activities.intake.settled import settled
from tanzhang.apps.activities.intake.storing import read_results
from tanzhang.apps.activities.report import LONGEST_ID_CHARACTERS
from tanzhang.apps.database import bulk_transaction, uuid_bytes
from tanzhang.apps.partners.api import PartnerEntry, partner, partner_codes
from tanzhang.apps.people.api import ReaderKind, note_access
from tanzhang.engine.log import SM3, sm3
from tanzhang.problems import Problem

#: Of an event that came again and again, so many of its latest deliveries are told.
MOST_DELIVERIES: Final = 100

_BATCH: Final = """
select received_at, accepted, duplicate, conflict, rejected, held, dropped, results,
       receipt_digest, (select count(*) from piece_queue where piece_id = any(piece_ids))
from batch where id = %s and partner_id = %s
"""
_DELIVERIES: Final = """
select batch.id, batch.received_at, batch_item.row, batch.results
from batch_item join batch on batch.id = batch_item.batch_id
where batch_item.event_key = %s and batch.partner_id = %s
order by batch.received_at desc, batch.id desc, batch_item.row desc limit %s
"""
_BATCHES: Final = """
select id, received_at, channel, key_id, item_count, accepted, duplicate, conflict, rejected, held
from batch where partner_id = %s and received_at >= %s and received_at < %s
order by received_at, id
"""


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A batch as a list shows it."""

    id: uuid.UUID
    received_at: datetime
    channel: str
    key_id: str | None
    item_count: int
    accepted: int
    duplicate: int
    conflict: int
    rejected: int
    held: int


def batch_receipt(partner_id: int, batch_id: str) -> dict[str, Any]:
    """The receipt of a batch as it was given, and beside it, under ``settled``, what came of it.

    ``settled`` says whether all is settled (``complete``), and of each event that has an outcome
    its status, reason, ``reduction_mg``, points and place in the log as they are now. Raises
    ``intake.batch_unknown``, for another partner's batch too.
    """
    with bulk_transaction() as cursor:
        body, results, waiting = _stored(cursor, partner_id, batch_id)
        found = settled(cursor, results["event_key"].drop_nulls())
    told: dict[str, Any] = json.loads(body)
    pairs = results.select("external_id", "event_key").iter_rows()
    # An erased person's event has no id any more, and nothing more is told of it.
    items = [{"id": name} | found[key].told() for name, key in pairs if name and key in found]
    return told | {"settled": {"complete": waiting == 0, "items": items}}


def receipt_body(partner_id: int, batch_id: str) -> bytes:
    """The receipt of a batch, to the byte as it was given. Raises ``intake.batch_unknown``.

    Lines about persons who were erased since have neither id nor digest.
    """
    with bulk_transaction() as cursor:
        return _stored(cursor, partner_id, batch_id)[0]


def batch_results(partner_id: int, batch_id: str) -> pl.DataFrame:
    """What was answered to each event of a batch (``intake.receipt.RESULTS``)."""
    with bulk_transaction() as cursor:
        return _stored(cursor, partner_id, batch_id)[1]


def event_by_id(partner_id: int, external_id: str) -> dict[str, Any]:
    """What became of the event that a partner names so, of whatever age.

    ``revisions`` are those that were accepted, ``outcome`` is how the event stands (null until it
    is settled), ``deliveries`` the batches that brought it, the latest first, with their answers.
    The reading is noted for whoever did the act. Raises ``intake.event_unknown``.
    """
    if not external_id.strip() or len(external_id) > LONGEST_ID_CHARACTERS:
        raise Problem("intake.event_unknown")
    asker = _entry(partner_id)
    key = _event_key(asker, external_id)
    with bulk_transaction() as cursor:
        cursor.execute(
            "select revision, subject_id from event_identity where event_key = %s"
            " order by revision",
            [key],
        )
        known = cursor.fetchall()
        revisions = [revision for revision, _ in known]
        cursor.execute(_DELIVERIES, [key, partner_id, MOST_DELIVERIES])
        deliveries = [_delivery(*row) for row in cursor.fetchall()]
        outcome = settled(cursor, [key.hex]).get(key.hex)
        if known:
            note_access(
                cursor,
                known[-1][1],
                reader_kind=ReaderKind.PARTNER,
                reader=asker.code,
                purpose="event",
                fields=["outcome"],
            )
    if not revisions and not deliveries:
        raise Problem("intake.event_unknown")
    return {
        "id": external_id,
        "event_key": key.hex,
        "revisions": revisions,
        "outcome": None if outcome is None else outcome.told(),
        "deliveries": deliveries,
    }


def batches(partner_id: int, since: datetime, until: datetime) -> list[BatchLine]:
    """A partner's batches that arrived in [since, until), in their order."""
    with bulk_transaction() as cursor:
        cursor.execute(_BATCHES, [partner_id, since, until])
        return [BatchLine(*row) for row in cursor.fetchall()]


def _stored(
    cursor: psycopg.Cursor[Any], partner_id: int, batch_id: str
) -> tuple[bytes, pl.DataFrame, int]:
    """A batch's receipt, its results, and how many of its pieces wait."""
    try:
        number = uuid.UUID(batch_id)
    except ValueError:
        raise Problem("intake.batch_unknown", batch=batch_id[:40]) from None
    cursor.execute(_BATCH, [number, partner_id])
    row = cursor.fetchone()
    if row is None:
        raise Problem("intake.batch_unknown", batch=str(number))
    received_at, *counts, dropped, packed, digest, waiting = row
    results = read_results(bytes(packed))
    receipt = make_receipt(
        results,
        batch_id=str(number),
        partner=_entry(partner_id).code,
        received_at=received_at,
        counts=dict(zip(VERDICTS, counts, strict=True)),
        dropped=dropped,
    )
    body = receipt.body
    if sm3(body) != bytes(digest):
        given = _root_given(cursor, number, results)
        if given is None:
            raise Problem("intake.receipt_differs", batch=str(number))
        body = body.replace(receipt.merkle_root.hex().encode(), given.hex().encode())
    return body, results, waiting


def _root_given(
    cursor: psycopg.Cursor[Any], number: uuid.UUID, results: pl.DataFrame
) -> bytes | None:
    """The root that was answered, if a receipt lost nothing but lines of persons erased since.

    The hashes of those lines were kept; with them the root still follows.
    """
    cursor.execute("select row, line_hash from erased_line where batch_id = %s", [number])
    kept = {row: bytes(line_hash) for row, line_hash in cursor.fetchall()}
    hashes = SM3.leaves(line.encode() for line in item_lines(results))
    joined = [kept.get(row, own) for row, own in zip(results["row"].to_list(), hashes, strict=True)]
    cursor.execute("select merkle_root from batch where id = %s", [number])
    given = bytes(cursor.fetchall()[0][0])
    return given if kept and SM3.join(joined) == given else None


def _delivery(number: uuid.UUID, received_at: datetime, row: int, packed: bytes) -> dict[str, Any]:
    revision, verdict, code = (
        read_results(bytes(packed)).row(row, named=True)[name]
        for name in ("revision", "verdict", "code")
    )
    return {
        "batch_id": str(number),
        "received_at": instant_text(received_at),
        "revision": revision,
        "outcome": verdict,
        "code": code,
    }


def _event_key(entry: PartnerEntry, external_id: str) -> uuid.UUID:
    hi, lo = keys.event_keys(entry.code, pl.Series([external_id]), entry.id_time)
    return uuid.UUID(bytes=uuid_bytes(hi, lo).tobytes())


def _entry(partner_id: int) -> PartnerEntry:
    return partner(partner_codes()[partner_id])
