"""Who is affected when a key, a partner, a pack or a member of staff went wrong since an instant.

Reports lie in pieces, and every posted row names its piece. Each month's rows are gone through
once, in the order in which they lie; an index over pieces leaves out months in which all was posted
before these pieces, or after. A row counts for the acts and people that the pieces reported, and
for what they changed in grams and points, neighbours included.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

import numpy as np
import polars as pl
import psycopg
from psycopg import sql

from tanzhang.apps.activities.incidents.models import Suspect
from tanzhang.apps.activities.models import Cause, PieceKind
from tanzhang.apps.activities.scan import stored_months
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.apps.copying import copy_out_at_once
from tanzhang.apps.partners.api import key_owner, partner
from tanzhang.engine.rules import Ints
from tanzhang.problems import Problem
from tanzhang.stored_time import date_of

Cursor = psycopg.Cursor[Any]


#: What a report does to its own act; anything else is done to a neighbour of it.
_OWN: Final = (Cause.REPORTED, Cause.CORRECTED, Cause.WITHDRAWN, Cause.MOVED)

_PIECES: Final = {
    Suspect.KEY: "select unnest(piece_ids) as id,"
    " 1 + item_count / greatest(cardinality(piece_ids), 1) as items"
    " from batch where partner_id = %(partner)s"
    " and key_id = %(name)s and received_at >= %(since)s and received_at < %(until)s",
    Suspect.PARTNER: f"select id, item_count as items from piece where partner_id = %(partner)s"
    f" and received_at >= %(since)s and received_at < %(until)s and kind = {PieceKind.REPORT}",
    Suspect.PACK: "select id, item_count as items from piece"
    f" where received_at >= %(since)s and received_at < %(until)s and kind = {PieceKind.REPORT}",
}

#: How many blocks a month's table has, if it has any row that may be meant.
_SIZE: Final = """
select pg_relation_size(%(table)s::regclass) / current_setting('block_size')::bigint
where exists (
    select from activity where month = %(month)s and piece_id between %(first)s and %(last)s)
"""

# Pieces of one key are seldom neighbours, and after a long wait those of a shard are posted one
# after the other: asked for piece by piece, or part by part, the same rows would be read again and
# again. So rows are looked at once, block after block (or where the index finds the bounds, if that
# is less), and one bit says whether a row's piece is meant. A case is the way to have the bounds
# looked at before the bit.
_ROWS: Final = """
select subject_id, day, scene_id, cause in ({own}), credited_mg, points from activity
where month = {month} and ctid >= {begin}::tid and ctid < {end}::tid and {pack}
    and piece_id between {first} and {last}
    and case when piece_id between {first} and {last}
        then get_bit({bits}::bytea, piece_id - {first}) = 1 end
"""

#: So many acts come in one part; of more, so many blocks of some fifty rows each.
_AT_ONCE: Final = 1_000_000
_BLOCKS: Final = 4_096

#: Two processes would do no more than hand the arrays to one another.
_ALONE: Final = "set local max_parallel_workers_per_gather = 0"

_READINGS: Final = """
select (at at time zone 'UTC')::date, purpose, count(*), array_agg(distinct subject_id)
from access_log
where reader_kind = 'staff' and (reader = %(name)s or reader like '%%:' || %(name)s)
  and at >= %(since)s and at < %(until)s
group by 1, purpose order by 1, purpose
"""


_TYPES: Final = {
    "subject": "int8",
    "day": "int4",
    "scene": "int2",
    "own": "bool",
    "mg": "int8",
    "points": "int4",
}


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Some pieces: bit n of ``bits`` says whether piece ``first`` + n is among them."""

    first: int
    last: int
    bits: bytes
    items: int  #: about how many reports they hold


@dataclass(frozen=True, slots=True)
class IncidentQuery:
    """What went wrong, and over which time: [since, until)."""

    suspect: Suspect
    name: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class AffectedLine:
    """One local day and scene (for staff: a purpose of reading); grams are differences."""

    day: date
    scene: str
    acts: int
    people: int
    reduction_mg: int
    points: int


@dataclass(frozen=True, slots=True)
class Affected:
    """Whom and what it concerns; people are the books' own numbers."""

    lines: Sequence[AffectedLine]
    people: Sequence[int]

    @property
    def acts(self) -> int:
        """How many acts, or readings."""
        return sum(line.acts for line in self.lines)

    @property
    def reduction_mg(self) -> int:
        """What was posted because of them, in milligrams CO2e."""
        return sum(line.reduction_mg for line in self.lines)

    @property
    def points(self) -> int:
        """The same in points."""
        return sum(line.points for line in self.lines)


def affected(cursor: Cursor, query: IncidentQuery, rules: RulesInForce) -> Affected:
    """Whom it concerns.

    Raises ``incidents.key_unknown``, ``incidents.pack_unknown`` and what ``partner`` raises.
    """
    if query.suspect is Suspect.OTHER:
        return Affected([], [])
    if query.suspect is Suspect.STAFF:
        return _read_by(cursor, query)
    pieces = _pieces(cursor, query)
    pack: sql.Composable = sql.SQL("true")
    if query.suspect is Suspect.PACK:
        if query.name not in rules.pack_ids:
            raise Problem("incidents.pack_unknown", pack=query.name)
        pack = sql.SQL("pack_id = {}").format(rules.pack_ids[query.name])
    scenes = {number: code for (_, code), number in rules.scene_ids.items()}
    lines: list[AffectedLine] = []
    people: list[Ints] = []
    for rows in _months(cursor, pieces, pack) if pieces is not None else ():
        lines += _lines(rows, scenes)
        people.append(rows["subject"].unique().to_numpy())
    everybody = np.unique(np.concatenate(people)).tolist() if people else []
    return Affected(lines, everybody)


def _pieces(cursor: Cursor, query: IncidentQuery) -> _Pieces | None:
    """The pieces that are meant, if any."""
    meant = f"select array_agg(id), sum(items)::bigint from ({_PIECES[query.suspect]}) as meant"
    cursor.execute(meant.encode(), _given(query))
    ((found, items),) = cursor.fetchall()
    if found is None:
        return None
    numbers = np.array(found, np.int64)
    first, last = int(numbers.min()), int(numbers.max())
    is_meant = np.zeros(last - first + 1, np.bool_)
    is_meant[numbers - first] = True
    return _Pieces(first, last, np.packbits(is_meant, bitorder="little").tobytes(), items)


def _months(cursor: Cursor, pieces: _Pieces, pack: sql.Composable) -> Iterator[pl.DataFrame]:
    """What these pieces posted, a month at a time."""
    cursor.execute(_ALONE)
    given = {"first": pieces.first, "last": pieces.last}
    for month in stored_months(cursor):
        cursor.execute(_SIZE, given | {"month": month, "table": f"activity_{month}"})
        parts = [
            _rows(cursor, month, range(begin, begin + step), pieces, pack)
            for (blocks,) in cursor.fetchall()
            for step in [blocks if pieces.items <= _AT_ONCE else _BLOCKS]
            for begin in range(0, blocks, step)
        ]
        if parts:
            yield pl.concat(parts)


def _rows(
    cursor: Cursor, month: int, blocks: range, pieces: _Pieces, pack: sql.Composable
) -> pl.DataFrame:
    """What they posted in some blocks of one month."""
    query = sql.SQL(_ROWS).format(
        own=sql.SQL(", ").join(sql.Literal(int(cause)) for cause in _OWN),
        month=sql.Literal(month),
        begin=sql.Literal(f"({blocks.start},0)"),
        end=sql.Literal(f"({blocks.stop},0)"),
        first=sql.Literal(pieces.first),
        last=sql.Literal(pieces.last),
        bits=sql.Literal(pieces.bits),
        pack=pack,
    )
    return pl.DataFrame(copy_out_at_once(cursor, query, _TYPES))


def _lines(rows: pl.DataFrame, scenes: Mapping[int, str]) -> list[AffectedLine]:
    """The rows of one month by day and scene; a day lies in one month alone."""
    found = (
        rows.group_by("day", "scene")
        .agg(
            pl.col("own").cast(pl.Int64).sum(),
            pl.col("subject").n_unique(),
            pl.col("mg").sum(),
            pl.col("points").sum(),
        )
        .sort("day", "scene")
    )
    return [
        AffectedLine(date_of(day), scenes[scene], acts, people, mg, points)
        for day, scene, acts, people, mg, points in found.iter_rows()
    ]


def _read_by(cursor: Cursor, query: IncidentQuery) -> Affected:
    """What a member of staff read, by day and purpose."""
    cursor.execute(_READINGS, _given(query))
    lines, people = [], set()
    for day, purpose, count, subjects in cursor.fetchall():
        lines.append(AffectedLine(day, purpose, count, len(subjects), 0, 0))
        people |= set(subjects)
    return Affected(lines, sorted(people))


def _given(query: IncidentQuery) -> dict[str, Any]:
    given: dict[str, Any] = {"name": query.name, "since": query.since, "until": query.until}
    if query.suspect is Suspect.KEY:
        key = key_owner(query.name)
        if key is None:
            raise Problem("incidents.key_unknown", key=query.name)
        given["partner"] = key.partner_id
    if query.suspect is Suspect.PARTNER:
        given["partner"] = partner(query.name).id
    return given


def instant_given(text: str) -> datetime:
    """An instant with its offset, or a date in UTC. Raises ``incidents.instant_malformed``."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Problem("incidents.instant_malformed", given=text[:40]) from None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
