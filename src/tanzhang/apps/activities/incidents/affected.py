"""Who is affected when a key, a partner, a pack or a member of staff went wrong since an instant.

Reports lie in pieces, and every posted row names its piece; so the rows of one key's batches are
found through an index over pieces, however many acts there are. A row counts for the acts and
people that the pieces reported, and for what they changed in grams and points, neighbours included.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import numpy as np
import psycopg
from psycopg import sql

from tanzhang.apps.activities.incidents.models import Suspect
from tanzhang.apps.activities.models import Cause, PieceKind
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.apps.copying import array_literal, copy_out
from tanzhang.apps.partners.api import key_owner, partner
from tanzhang.engine.rules import Ints
from tanzhang.problems import Problem

Cursor = psycopg.Cursor[Any]

_EPOCH: Final = date(1970, 1, 1)

#: What a report does to its own act; anything else is done to a neighbour of it.
_OWN: Final = (Cause.REPORTED, Cause.CORRECTED, Cause.WITHDRAWN, Cause.MOVED)

_PIECES: Final = {
    Suspect.KEY: "select unnest(piece_ids) from batch where partner_id = %(partner)s"
    " and key_id = %(name)s and received_at >= %(since)s and received_at < %(until)s",
    Suspect.PARTNER: f"select id from piece where partner_id = %(partner)s"
    f" and received_at >= %(since)s and received_at < %(until)s and kind = {PieceKind.REPORT}",
    Suspect.PACK: "select id from piece"
    f" where received_at >= %(since)s and received_at < %(until)s and kind = {PieceKind.REPORT}",
}

_ROWS: Final = """
select subject_id, day, scene_id, cause in ({own}), credited_mg, points from activity
where piece_id between {first} and {last} and piece_id = any({pieces}) and {pack}
"""

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

#: Pieces whose rows are read at once: a million rows at most, some tens of megabytes.
_PIECES_AT_ONCE: Final = 100

#: A day and a scene in one number, and a person beside: scenes are below 2^16.
_SCENES: Final = 1 << 16


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
    cursor.execute(_PIECES[query.suspect], _given(query))
    pieces = np.unique(np.array([row[0] for row in cursor.fetchall()], np.int64))
    pack: sql.Composable = sql.SQL("true")
    if query.suspect is Suspect.PACK:
        if query.name not in rules.pack_ids:
            raise Problem("incidents.pack_unknown", pack=query.name)
        pack = sql.SQL("pack_id = {}").format(rules.pack_ids[query.name])
    tally = _Tally()
    for first in range(0, len(pieces), _PIECES_AT_ONCE):
        tally.add(_rows(cursor, pieces[first : first + _PIECES_AT_ONCE], pack))
    scenes = {number: code for (_, code), number in rules.scene_ids.items()}
    return tally.told(scenes)


def _rows(cursor: Cursor, pieces: Ints, pack: sql.Composable) -> dict[str, Ints]:
    """The rows that these pieces posted."""
    query = sql.SQL(_ROWS).format(
        own=sql.SQL(", ").join(sql.Literal(int(cause)) for cause in _OWN),
        first=sql.Literal(int(pieces[0])),
        last=sql.Literal(int(pieces[-1])),
        pieces=array_literal(pieces, "bigint"),
        pack=pack,
    )
    return copy_out(cursor, query, _TYPES)


@dataclass
class _Tally:
    """Sums by day and scene, in whole numbers, and who is in them, part after part."""

    sums: dict[int, list[int]] = field(default_factory=dict)
    people: list[Ints] = field(default_factory=list)  #: (place, person) of each, once a part

    def add(self, rows: dict[str, Ints]) -> None:
        """Count one part in."""
        places, inverse = np.unique(rows["day"] * _SCENES + rows["scene"], return_inverse=True)
        sums = np.zeros((len(places), 3), np.int64)
        for column, name in enumerate(("own", "mg", "points")):
            np.add.at(sums[:, column], inverse, rows[name].astype(np.int64))
        for place, more in zip(places.tolist(), sums.tolist(), strict=True):
            known = self.sums.setdefault(place, [0, 0, 0])
            self.sums[place] = [one + other for one, other in zip(known, more, strict=True)]
        order = np.lexsort((rows["subject"], inverse))
        pairs = np.column_stack([places[inverse[order]], rows["subject"][order]])
        self.people.append(_distinct(pairs))

    def told(self, scenes: Mapping[int, str]) -> Affected:
        """The lines by day and scene, and everybody in them."""
        if not self.people:
            return Affected([], [])
        pairs = np.concatenate(self.people)
        pairs = _distinct(pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))])
        places, counts = np.unique(pairs[:, 0], return_counts=True)
        lines = []
        for place, people in zip(places.tolist(), counts.tolist(), strict=True):
            day, scene = divmod(place, _SCENES)
            acts, mg, points = self.sums[place]
            when = _EPOCH + timedelta(days=day)
            lines.append(AffectedLine(when, scenes[scene], acts, people, mg, points))
        return Affected(lines, np.unique(pairs[:, 1]).tolist())


def _distinct(pairs: Ints) -> Ints:
    """Sorted pairs, each once."""
    fresh = np.ones(len(pairs), bool)
    fresh[1:] = (pairs[1:] != pairs[:-1]).any(axis=1)
    return pairs[fresh]


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
