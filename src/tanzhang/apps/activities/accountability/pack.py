"""The compliance-audit pack: evidence of consents, assessments, disclosures, requests, readings.

The same instant gives the same files, byte for byte: rows are in their own order, and what came or
ended later is left out. Nothing that people wrote is in it, and nobody's name.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import psycopg

from tanzhang.apps.activities.accountability.record import ProcessingRecord
from tanzhang.apps.people.api import Chain, follow_accesses
from tanzhang.stored_time import microseconds

Cursor = psycopg.Cursor[Any]

#: File -> the rows in it. ``{us}`` and ``{at}`` are the pack's instant, written by us.
_FILES: Final = {
    "consents.csv": "select id, subject_id, account_id, partner_id, purpose, from_us,"
    " case when to_us <= {us} then to_us end as to_us, text_id, kinds from consent"
    " where from_us <= {us} order by id",
    "consent-presses.csv": "select id, subject_id, account_id, given_us, purpose, text_id, channel,"
    " button, handler, given_by_id from consent_giving where given_us <= {us} order by id",
    "consent-texts.csv": "select id, code, version, issued_at, encode(digest, 'hex') as sm3"
    " from consent_text where issued_at <= {at} order by id",
    "impact-assessments.csv": "select id, partner_id, purpose, fields, country, mechanism,"
    " contract, sub_processors, necessity, impact, measures, owner, valid_from, valid_until,"
    " proposed_by, proposed_at from impact_assessment where proposed_at <= {at} order by id",
    "disclosures.csv": "select id, subject_id, consent_id, partner_id, at, what from disclosure"
    " where at <= {at} order by id",
    "rights-requests.csv": "select id, subject_id, account_id, kind, made_at, due_on, made_by"
    " from rights_request where made_at <= {at} order by id",
    "rights-steps.csv": "select id, request_id, at, state, made_by from rights_step"
    " where at <= {at} order by id",
    "appeals.csv": "select id, subject_id, account_id, about, made_at, due_on, event_key, status,"
    " worth_mg, partner_id from appeal where made_at <= {at} order by id",
    "appeal-steps.csv": "select id, appeal_id, at, move, remedy, revision, made_by from appeal_step"
    " where at <= {at} order by id",
    "incidents.csv": "select id, suspect, name, since, until, noticed_at, opened_at, opened_by,"
    " people, cause from incident where opened_at <= {at} order by id",
    "incident-steps.csv": "select id, incident_id, at, move, made_by from incident_step"
    " where at <= {at} order by id",
    "access-log.csv": "select position, subject_id, at, reader_kind, reader, purpose, fields,"
    " encode(reason_digest, 'hex') as reason_sm3, encode(digest, 'hex') as sm3 from access_log"
    " where at <= {at} order by position",
}


def write_audit_pack(
    cursor: Cursor, folder: Path, record: ProcessingRecord
) -> tuple[list[str], Chain]:
    """Write the files of the pack as of the record's instant; their names, and the log's chain."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    chain = follow_accesses(cursor)
    us = microseconds(record.at)
    given = {"us": str(us), "at": f"timestamptz '{record.at.isoformat()}'"}
    for name, query in _FILES.items():
        with (folder / name).open("wb") as out:
            for part in _rows(cursor, query.format(**given)):
                out.write(part)
    text = json.dumps(record.as_json(), ensure_ascii=False, sort_keys=True, indent=1)
    (folder / "processing-record.json").write_text(text + "\n", encoding="utf-8")
    return [*_FILES, "processing-record.json"], chain


def _rows(cursor: Cursor, query: str) -> Iterator[bytes]:
    cursor.execute("set local timezone to 'UTC'")
    with cursor.copy(f"copy ({query}) to stdout with (format csv, header)") as copied:
        for part in copied:
            yield bytes(part)
