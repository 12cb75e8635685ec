"""How events stand now: the last outcome of each, with its differences summed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import psycopg

from tanzhang.apps.activities.models import Cause
from tanzhang.apps.activities.reasons import reason_name
from tanzhang.apps.catalogue.api import RulesInForce, rulebook_in_force
from tanzhang.engine.acts import Reason, Status

# An event lies in the months of its revisions; the one that it has moved away from is left out.
_STANDING: Final = """
with asked as (
    select distinct subject_id, month, event_key
    from event_identity where event_key = any(%s::uuid[])
), standing as (
    select event_key, month, sum(credited_mg)::bigint as credited_mg,
           sum(points)::bigint as points, max(outcome_no) as outcome_no
    from activity join asked using (subject_id, month, event_key)
    group by event_key, month
)
select encode(uuid_send(event_key), 'hex'), last.revision, last.status, last.reason, last.pack_id,
       last.pack_version_id, standing.credited_mg, standing.points, log_entry.position
from standing
join asked using (event_key, month)
join activity last using (subject_id, month, event_key, outcome_no)
left join log_entry on log_entry.piece_id = last.piece_id
where last.cause <> %s
"""


@dataclass(frozen=True, slots=True)
class Settled:
    """An event's current outcome. ``position`` is the place in the log of the piece that made it;
    None for the moment between settling and logging."""

    revision: int
    status: str
    reason: str | None
    reduction_mg: int
    points: int
    position: int | None

    def told(self) -> dict[str, Any]:
        """The same as a partner reads it."""
        return {name: getattr(self, name) for name in self.__slots__}


def settled(cursor: psycopg.Cursor[Any], event_keys: Iterable[str]) -> dict[str, Settled]:
    """The current outcome of each of these events (32 hex digits) that has one."""
    rules = rulebook_in_force()
    codes = {number: code for code, number in rules.pack_ids.items()}
    cursor.execute(_STANDING, [list(event_keys), int(Cause.MOVED)])
    return {key: _settled(row, rules, codes) for key, *row in cursor.fetchall()}


def _settled(row: list[Any], rules: RulesInForce, codes: dict[int, str]) -> Settled:
    revision, status, reason, pack_id, version_id, reduction_mg, points, position = row
    name = None
    if reason != Reason.NONE:
        name = reason_name(reason, rules.edition(codes[pack_id], version_id))
    return Settled(revision, Status(status).name.lower(), name, reduction_mg, points, position)
