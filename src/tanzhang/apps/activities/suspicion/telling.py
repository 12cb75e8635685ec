"""What a suspicion means for one act: to its owner, in plain words, and to who would release it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tanzhang.apps.activities.suspicion.models import Resolution, Treatment
from tanzhang.apps.activities.words import say
from tanzhang.apps.database import bulk_transaction
from tanzhang.problems import Problem

_SUSPECTED: Final = """
select e.suspicion_id, e.treatment, (
    select p.resolution from suspicion_decision d join suspicion_proposal p on p.id = d.proposal_id
    where d.suspicion_id = e.suspicion_id and d.decision = 'approved')
from suspect_event e
where e.event_key = %s and not exists (
    select from suspect_clearance c
    where c.suspicion_id = e.suspicion_id and c.event_key = e.event_key)
order by e.suspicion_id desc
"""


@dataclass(frozen=True, slots=True)
class Suspected:
    """That a suspicion says how an act stands. ``resolution`` is None while nothing is decided."""

    suspicion_id: int
    event: str
    treatment: Treatment
    resolution: Resolution | None

    def sentences(self, usual: Sequence[str], lang: str) -> list[str]:
        """What its owner reads, in ``zh`` or ``en``, instead of what is usually said, or after."""
        if self.treatment is Treatment.REPLACED:
            return [*usual, say("suspicion", "replaced", lang)]
        if self.resolution is None:
            return [say("suspicion", "open", lang)]
        appeal = say("suspicion", "appeal", lang, event=self.event)
        return [say("suspicion", "reversed", lang), appeal]


def suspected(event: uuid.UUID) -> Suspected | None:
    """How a suspicion touches an act now; None if none does, or none does any more."""
    with bulk_transaction() as cursor:
        cursor.execute(_SUSPECTED, [event])
        rows = cursor.fetchall()
    for number, treatment, resolution in rows:
        if resolution != Resolution.CONFIRM and treatment != Treatment.RESTING:
            decided = None if resolution is None else Resolution(resolution)
            return Suspected(number, event.hex, Treatment(treatment), decided)
    return None


def refuse_release(event: uuid.UUID) -> None:
    """Raise ``suspicion.not_one_persons`` for an act that a suspicion holds."""
    found = suspected(event)
    if found is not None and found.treatment is Treatment.HELD:
        raise Problem("suspicion.not_one_persons", event=event.hex, suspicion=found.suspicion_id)
