"""Carrying suspicions on: whatever is left to do, a part in each transaction.

Anybody may call it, at any time and together with others: a part is done under the partner's door,
and the next one begins where the last committed one ended. A process that dies leaves nothing half
done.
"""

from __future__ import annotations

import uuid
from typing import Any, Final

import psycopg

from tanzhang.apps.activities.door import lock_door
from tanzhang.apps.activities.posting.unsettled import lift, restate
from tanzhang.apps.activities.suspicion.deciding import resolution_of
from tanzhang.apps.activities.suspicion.listing import list_some
from tanzhang.apps.activities.suspicion.models import (
    Resolution,
    Stage,
    Suspicion,
    SuspicionStep,
    Treatment,
)
from tanzhang.apps.activities.suspicion.stored_facts import facts_of
from tanzhang.apps.database import bulk_transaction
from tanzhang.faults import fault_point

#: Events released in one transaction.
EVENTS_AT_ONCE: Final = 10_000

_UNFINISHED: Final = """
select s.id, s.partner_id from suspicion s
where not exists (select from suspicion_step where suspicion_id = s.id and stage = 'list' and last)
or exists (
    select from suspicion_decision d join suspicion_proposal p on p.id = d.proposal_id
    where d.suspicion_id = s.id and d.decision = 'approved' and p.resolution = %s
) and not exists (
    select from suspicion_step where suspicion_id = s.id and stage = 'release' and last)
order by s.id
"""

# What a good key has brought since stands for itself: it is not touched any more. A later revision
# from elsewhere (a file) may be held, and stays the one that counts.
_TO_RELEASE: Final = """
select event_key, subject_id, month, revision, treatment,
    exists (select from suspect_clearance c
        where c.suspicion_id = e.suspicion_id and c.event_key = e.event_key),
    exists (select from event_identity i
        where i.event_key = e.event_key and i.revision > e.revision)
from suspect_event e
where suspicion_id = %s and (%s::uuid is null or event_key > %s)
order by event_key limit %s
"""


def carry_on_suspicions() -> int:
    """Do what can be done for every suspicion now; how many have something left to do.

    What waits for settlement is left for the next time.
    """
    with bulk_transaction() as cursor:
        cursor.execute(_UNFINISHED, [Resolution.CONFIRM])
        unfinished = cursor.fetchall()
    return sum(not _carry(*row) for row in unfinished)


def _carry(suspicion_id: int, partner_id: int) -> bool:
    """Part after part; whether everything is done."""
    while True:
        with bulk_transaction() as cursor:
            lock_door(cursor, partner_id)
            stage, after = _next(suspicion_id)
            if stage is None:
                return True
            suspicion = Suspicion.objects.get(pk=suspicion_id)
            if stage is Stage.LIST:
                moved = list_some(cursor, suspicion, after)
            else:
                moved = _release_some(cursor, suspicion, after)
            fault_point("suspicion.before_commit")
        fault_point("suspicion.after_commit")
        if not moved:
            return False


def _next(suspicion_id: int) -> tuple[Stage | None, uuid.UUID | None]:
    """Which stage goes on, and after what; no stage if there is nothing to do."""
    for stage in Stage:
        steps = SuspicionStep.objects.filter(suspicion_id=suspicion_id, stage=stage)
        last = steps.order_by("-id").first()
        if last is None or not last.last:
            if stage is Stage.RELEASE and resolution_of(suspicion_id) != Resolution.CONFIRM:
                return None, None
            return stage, None if last is None else last.up_to
    return None, None


def _release_some(
    cursor: psycopg.Cursor[Any], suspicion: Suspicion, after: uuid.UUID | None
) -> bool:
    """Let the next events count again as they were reported."""
    cursor.execute(_TO_RELEASE, [suspicion.pk, after, after, EVENTS_AT_ONCE])
    found = cursor.fetchall()
    left = [row for row in found if not row[5]]
    lift(
        cursor,
        [
            (key.bytes, subject_id, month)
            for key, subject_id, month, _, treatment, *_ in left
            if treatment == Treatment.HELD
        ],
    )
    replaced = {row[0]: row[3] for row in left if row[4] == Treatment.REPLACED and not row[6]}
    restate(cursor, facts_of(cursor, replaced))
    SuspicionStep.objects.create(
        suspicion=suspicion,
        stage=Stage.RELEASE,
        up_to=found[-1][0] if found else after,
        events=len(left),
        last=len(found) < EVENTS_AT_ONCE,
    )
    return True
