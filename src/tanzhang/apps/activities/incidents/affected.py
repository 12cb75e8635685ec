"""Who is affected when a key, a partner, a pack or a member of staff went wrong since an instant.

Reports lie in pieces, and every posted row names its piece; so the rows of one key's batches are
found through an index over pieces, however many acts there are. A row counts for the acts and
people that the pieces reported, and for what they changed in grams and points, neighbours included.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import psycopg

from tanzhang.apps.activities.incidents.models import Suspect
from tanzhang.apps.activities.models import Cause, PieceKind
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.apps.partners.api import key_owner, partner
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

_ACTS: Final = """
create temporary table affected_part on commit drop as
select subject_id, day, scene_id, count(*) filter (where cause = any(%(own)s)) as acts,
       sum(credited_mg)::bigint as mg, sum(points)::bigint as points
from activity
where piece_id between %(first)s and %(last)s and piece_id = any(%(pieces)s) {pack}
group by subject_id, day, scene_id
"""

_READINGS: Final = """
create temporary table affected_part on commit drop as
select subject_id, (at at time zone 'UTC')::date - date '1970-01-01' as day,
       purpose as scene_id, count(*) as acts, 0::bigint as mg, 0::bigint as points
from access_log
where reader_kind = 'staff' and (reader = %(name)s or reader like '%%:' || %(name)s)
  and at >= %(since)s and at < %(until)s
group by subject_id, 2, purpose
"""

_LINES: Final = """
select day, scene_id, sum(acts)::bigint, count(distinct subject_id), sum(mg)::bigint,
       sum(points)::bigint
from affected_part group by day, scene_id order by day, scene_id
"""


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
        cursor.execute(_READINGS, _given(query))
    elif not _gather_acts(cursor, query, rules):
        return Affected([], [])
    cursor.execute(_LINES)
    scenes = {number: code for (_, code), number in rules.scene_ids.items()}
    lines = [
        AffectedLine(_EPOCH + timedelta(days=day), scenes.get(scene, scene), *counts)
        for day, scene, *counts in cursor.fetchall()
    ]
    cursor.execute("select distinct subject_id from affected_part order by subject_id")
    people = [row[0] for row in cursor.fetchall()]
    cursor.execute("drop table affected_part")
    return Affected(lines, people)


def _gather_acts(cursor: Cursor, query: IncidentQuery, rules: RulesInForce) -> bool:
    """Sum up what the pieces posted, by person, day and scene; False if there is no piece."""
    given = _given(query)
    cursor.execute(_PIECES[query.suspect], given)
    pieces = sorted({row[0] for row in cursor.fetchall()})
    if not pieces:
        return False
    pack = ""
    if query.suspect is Suspect.PACK:
        if query.name not in rules.pack_ids:
            raise Problem("incidents.pack_unknown", pack=query.name)
        given["pack"] = rules.pack_ids[query.name]
        pack = "and pack_id = %(pack)s"
    given |= {"pieces": pieces, "first": pieces[0], "last": pieces[-1]}
    cursor.execute(_ACTS.format(pack=pack), given | {"own": [int(cause) for cause in _OWN]})
    return True


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
