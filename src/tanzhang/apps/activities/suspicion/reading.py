"""Suspicions as operators see them: what is at stake, how far the work is, who decided what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tanzhang.apps.activities.suspicion.models import SuspicionProposal
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners.api import partner_codes
from tanzhang.problems import Problem

_SUSPICIONS: Final = """
select s.id, s.partner_id, s.key_id, s.since, s.until, s.opened_at, s.opened_by, s.note,
    exists (select from suspicion_step where suspicion_id = s.id and stage = 'list' and last),
    exists (select from suspicion_step where suspicion_id = s.id and stage = 'release' and last),
    (select p.resolution from suspicion_decision d join suspicion_proposal p on p.id = d.proposal_id
        where d.suspicion_id = s.id and d.decision = 'approved'),
    (select p.resolution from suspicion_proposal p
        where p.suspicion_id = s.id
        and not exists (select from suspicion_decision d where d.proposal_id = p.id)),
    count(e.event_key), coalesce(sum(e.reduction_mg), 0)::bigint,
    coalesce(sum(e.points), 0)::bigint, count(distinct e.subject_id),
    count(e.event_key) filter (where e.treatment = 'held'),
    count(e.event_key) filter (where e.treatment = 'replaced'), count(c.event_key)
from suspicion s
left join suspect_event e on e.suspicion_id = s.id
left join suspect_clearance c on c.suspicion_id = s.id and c.event_key = e.event_key
where %s::bigint is null or s.id = %s
group by s.id order by s.id
"""


@dataclass(frozen=True, slots=True)
class SuspicionEntry:
    """A suspicion, and what its events were worth when they were listed.

    ``state`` is ``listing``, ``open``, ``proposed``, ``releasing``, ``confirmed`` or ``reversed``.
    ``cleared`` of the events came again from a good key; ``replaced`` have an earlier revision in
    their place, ``held`` are held.
    """

    id: int
    partner: str
    key_id: str
    since: datetime
    until: datetime | None
    opened_at: datetime
    opened_by: str
    note: str
    state: str
    proposed: str | None
    events: int
    reduction_mg: int
    points: int
    people: int
    held: int
    replaced: int
    cleared: int


@dataclass(frozen=True, slots=True)
class ProposalEntry:
    """What somebody proposed, and what became of it; ``decision`` is None while it is open."""

    id: int
    resolution: str
    proposed_at: datetime
    proposed_by: str
    note: str
    decision: str | None
    decided_at: datetime | None
    decided_by: str | None
    decision_note: str | None


def suspicions() -> list[SuspicionEntry]:
    """Every suspicion, the oldest first."""
    return _entries(None)


def suspicion(suspicion_id: int) -> SuspicionEntry:
    """One of them. Raises ``suspicion.number_unknown``."""
    found = _entries(suspicion_id)
    if not found:
        raise Problem("suspicion.number_unknown", suspicion=suspicion_id)
    return found[0]


def proposals_about(suspicion_id: int) -> Sequence[ProposalEntry]:
    """What was proposed about a suspicion, the oldest first."""
    made = SuspicionProposal.objects.filter(suspicion_id=suspicion_id).order_by("id")
    rows = made.values_list(
        "id",
        "resolution",
        "proposed_at",
        "proposed_by",
        "note",
        "suspiciondecision__decision",
        "suspiciondecision__decided_at",
        "suspiciondecision__decided_by",
        "suspiciondecision__note",
    )
    return [ProposalEntry(*row) for row in rows]


def _entries(suspicion_id: int | None) -> list[SuspicionEntry]:
    codes = partner_codes()
    with bulk_transaction() as cursor:
        cursor.execute(_SUSPICIONS, [suspicion_id, suspicion_id])
        rows = cursor.fetchall()
    entries = []
    for number, partner_id, *rest in rows:
        key, since, until, opened_at, opened_by, note, listed, released, resolution, *counts = rest
        proposed, *amounts = counts
        state = _state(listed, released, resolution, proposed)
        head = (number, codes[partner_id], key, since, until, opened_at, opened_by, note)
        entries.append(SuspicionEntry(*head, state, proposed, *amounts))
    return entries


def _state(listed: bool, released: bool, resolution: str | None, proposed: str | None) -> str:
    if resolution == "reverse":
        return "reversed"
    if resolution == "confirm":
        return "confirmed" if released else "releasing"
    if not listed:
        return "listing"
    return "open" if proposed is None else "proposed"
