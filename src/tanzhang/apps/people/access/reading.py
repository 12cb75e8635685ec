"""Reading the access log: who read what of a person, the latest first.

Clicking through a person's pages for a minute is one visit to her, so the list shows it as one
line; the log keeps every row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import psycopg

#: Readings of one reader for one purpose that follow one another this closely are one line.
_ONE_VISIT: Final = timedelta(minutes=1)

#: Rows that are read for each line that is wanted; a visit has a few rows, seldom many.
_ROWS_A_LINE: Final = 8

# Readings by partners were noted as disclosures before there was this log, and still are.
_BOTH: Final = """
select at, reader_kind, reader, null::smallint as partner_id, purpose, fields, reason
from access_log where subject_id = %(subject)s and at < %(before)s
union all
select at, 'partner', '', partner_id, 'share_balance', array[what], ''
from disclosure where subject_id = %(subject)s and at < %(before)s
order by at desc limit %(rows)s
"""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who read, what for, and what: one visit of ``rows`` readings from ``first`` to ``at``.

    ``reader`` is ``role:log-in`` for staff and a partner's code for partners. ``reason`` is None
    if what staff wrote was taken away.
    """

    at: datetime
    first: datetime
    reader_kind: str
    reader: str
    purpose: str
    fields: Sequence[str]
    reason: str | None
    rows: int


@dataclass(frozen=True, slots=True)
class ReaderPage:
    """Some lines, the latest first; ``before`` is where the next page begins, if there is one."""

    lines: Sequence[Reader]
    before: datetime | None


def readers_of(
    cursor: psycopg.Cursor[Any],
    subject_id: int,
    partner_codes: Mapping[int, str],
    *,
    before: datetime,
    lines: int,
) -> ReaderPage:
    """The latest visits before an instant; ``partner_codes`` names partners by number."""
    wanted = lines * _ROWS_A_LINE
    cursor.execute(_BOTH, {"subject": subject_id, "before": before, "rows": wanted})
    rows = cursor.fetchall()
    visits: list[Reader] = []
    for at, kind, reader, partner_id, purpose, fields, reason in rows:
        name = reader if partner_id is None else partner_codes[partner_id]
        one = Reader(at, at, kind, name, purpose, tuple(fields), reason, 1)
        same = _visit_of(one, visits)
        if same is not None:
            visits[same] = _joined(visits[same], one)
        elif len(visits) == lines:
            return ReaderPage(visits, visits[-1].first)
        else:
            visits.append(one)
    return ReaderPage(visits, rows[-1][0] if len(rows) == wanted else None)


def _visit_of(one: Reader, visits: Sequence[Reader]) -> int | None:
    """The place of the visit that a reading belongs to; only the last one can be."""
    if not visits:
        return None
    last = visits[-1]
    same = (last.reader_kind, last.reader, last.purpose, last.reason) == (
        one.reader_kind,
        one.reader,
        one.purpose,
        one.reason,
    )
    return len(visits) - 1 if same and last.at - one.at < _ONE_VISIT else None


def _joined(visit: Reader, one: Reader) -> Reader:
    fields = tuple(dict.fromkeys((*visit.fields, *one.fields)))
    return Reader(
        visit.at,
        one.at,
        visit.reader_kind,
        visit.reader,
        visit.purpose,
        fields,
        visit.reason,
        visit.rows + 1,
    )
