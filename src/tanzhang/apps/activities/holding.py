"""Which acts are held now, and what an order to hold or release needs to name one."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from tanzhang.apps.activities.models import EventIdentity
from tanzhang.apps.database import bulk_transaction
from tanzhang.engine.acts import Status

# The index "activity_held" holds the rows that ever said "held", and no other.
_HELD = """
select encode(uuid_send(event_key), 'hex'), account_id, scene_id, partner_id, started_us
from activity
where status = %s and not exists (
    select from activity later
    where later.subject_id = activity.subject_id and later.month = activity.month
      and later.event_key = activity.event_key and later.outcome_no > activity.outcome_no)
order by started_us limit %s
"""


@dataclass(frozen=True, slots=True)
class HeldLine:
    """An act that takes part in nothing until it is released."""

    event: str
    account_id: int
    scene_id: int
    partner_id: int
    started_us: int


def held_events(count: int) -> list[HeldLine]:
    """The acts that are held, the earliest first."""
    with bulk_transaction() as cursor:
        cursor.execute(_HELD, [int(Status.HELD), count])
        return [HeldLine(*row) for row in cursor.fetchall()]


def whereabouts(key: uuid.UUID) -> tuple[bytes, int, int] | None:
    """What ``hold`` and ``release`` take: event key, subject, month of the highest revision."""
    known = EventIdentity.objects.filter(event_key=key).order_by("-revision")
    found = known.values_list("subject_id", "month").first()
    return None if found is None else (key.bytes, *found)
