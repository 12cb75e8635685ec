"""Where the ids of a batch's events were copied to: days' files, comparisons, messages, answers."""

from __future__ import annotations

import csv
import io
import json
import zlib
from collections.abc import Collection, Sequence
from typing import Any, Final

import psycopg

from tanzhang.apps.activities.erasing.batches import Reduced
from tanzhang.apps.activities.intake.telling import BATCH_SETTLED
from tanzhang.apps.activities.reconciliation.detail import DETAIL
from tanzhang.apps.partners import api as partners
from tanzhang.stored_time import day_number

Cursor = psycopg.Cursor[Any]

#: What a list says in the place of an id that was taken out.
ERASED: Final = "erased"

_BATCH, _ROW, _ID, _SM3 = ([*DETAIL].index(name) for name in ("batch_id", "row", "id", "sm3"))
_TEXTS: Final = [place for place, dtype in enumerate(DETAIL.values()) if dtype.is_(DETAIL["id"])]


def reduce_copies(
    cursor: Cursor, subject_id: int, reduced: Sequence[Reduced], rows: Collection[tuple[str, int]]
) -> int:
    """Take out of every copy what was taken out of the batches; ``rows``: (batch id, row)."""
    touched = 0
    days = {(one.partner_id, day) for one in reduced for day in _days(one)}
    ids = {text for one in reduced for text in one.ids}
    for partner_id, day in sorted(days):
        touched += _reduce_parts(cursor, subject_id, partner_id, day, rows)
        touched += _reduce_counts(cursor, subject_id, partner_id, day, ids)
    batches = [str(one.batch_id) for one in reduced]
    touched += partners.reduce_messages(
        cursor, subject_id, BATCH_SETTLED, batches, lambda told: _without(told, ids)
    )
    return touched + partners.forget_answers(cursor, batches)


def _days(one: Reduced) -> range:
    """The day on which a batch came, whichever zone counts it."""
    day = day_number(one.received_at.date())
    return range(day - 1, day + 2)


def _reduce_parts(
    cursor: Cursor, subject_id: int, partner_id: int, day: int, rows: Collection[tuple[str, int]]
) -> int:
    cursor.execute(
        "select part, body from reconciliation_part where partner_id = %s and day = %s",
        [partner_id, day],
    )
    touched = 0
    for part, packed in cursor.fetchall():
        body = zlib.decompress(bytes(packed))
        reduced = reduced_lines(body, rows)
        if reduced != body:
            cursor.execute(
                "select reduce_part(%s, %s::smallint, %s, %s, %s)",
                [subject_id, partner_id, day, part, zlib.compress(reduced, level=6)],
            )
            touched += 1
    return touched


def reduced_lines(body: bytes, rows: Collection[tuple[str, int]]) -> bytes:
    """The lines of a day's detail, without id and digest where they are of these rows."""
    out = []
    for line in body.decode().splitlines(keepends=True):
        cells = next(csv.reader(io.StringIO(line)), [])
        is_line = len(cells) == len(DETAIL) and cells[_ROW].isdecimal()
        if is_line and (cells[_BATCH], int(cells[_ROW])) in rows:
            cells[_ID] = cells[_SM3] = ""
            line = ",".join(_written(place, cell) for place, cell in enumerate(cells)) + "\n"
        out.append(line)
    return "".join(out).encode()


def _written(place: int, cell: str) -> str:
    """A cell as the file has it: texts quoted, numbers and nothing plain."""
    if place not in _TEXTS or not cell:
        return cell
    return '"' + cell.replace('"', '""') + '"'


def _reduce_counts(
    cursor: Cursor, subject_id: int, partner_id: int, day: int, ids: Collection[str]
) -> int:
    cursor.execute(
        "select id, comparison from own_count where partner_id = %s and day = %s",
        [partner_id, day],
    )
    touched = 0
    for number, body in cursor.fetchall():
        told = json.loads(bytes(body))
        reduced = _without(told, ids)
        if reduced != told:
            text = json.dumps(reduced, ensure_ascii=False).encode()
            cursor.execute("select reduce_count(%s, %s, %s)", [subject_id, number, text])
            touched += 1
    return touched


def _without(told: Any, ids: Collection[str]) -> Any:
    """The same document with another word wherever one of these ids stands alone."""
    match told:
        case dict():
            return {name: _without(value, ids) for name, value in told.items()}
        case list():
            return [_without(value, ids) for value in told]
        case str() if told in ids:
            return ERASED
    return told
