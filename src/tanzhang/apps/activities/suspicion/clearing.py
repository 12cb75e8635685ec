"""What clears a suspect event: the partner brings it again, signed with a good key."""

from __future__ import annotations

import uuid
from typing import Any, Final

import polars as pl
import psycopg

from tanzhang.apps.activities.posting.unsettled import lift, restate
from tanzhang.apps.activities.suspicion.models import Resolution, SuspectClearance, Treatment
from tanzhang.apps.activities.suspicion.sources import vouched
from tanzhang.apps.activities.suspicion.stored_facts import facts_of

_SUSPECT: Final = """
select e.suspicion_id, e.event_key, e.subject_id, e.month, e.revision, e.treatment
from suspect_event e
where e.event_key = any(%s)
and not exists (select from suspect_clearance c
    where c.suspicion_id = e.suspicion_id and c.event_key = e.event_key)
and not exists (select from suspicion_decision d
    join suspicion_proposal p on p.id = d.proposal_id
    where d.suspicion_id = e.suspicion_id and d.decision = 'approved' and p.resolution = %s)
"""


def clear(
    cursor: psycopg.Cursor[Any], partner_id: int, batch_id: uuid.UUID, results: pl.DataFrame
) -> None:
    """Clear the suspect events that a batch vouches for, in the transaction that takes it.

    It does so by the suspect revision's own content or by a higher revision. Only keys that are
    good get here (``opening.refuse_revoked``).
    """
    cursor.execute("select exists (select from suspicion where partner_id = %s)", [partner_id])
    if cursor.fetchone() != (True,):
        return
    rows = vouched(results).select("event_key", "revision")
    highest = {
        uuid.UUID(key): revision
        for key, revision in rows.group_by("event_key").agg(pl.col("revision").max()).iter_rows()
    }
    cursor.execute(_SUSPECT, [list(highest), Resolution.CONFIRM])
    cleared = [row for row in cursor.fetchall() if highest[row[1]] >= row[4]]
    SuspectClearance.objects.bulk_create(
        SuspectClearance(suspicion_id=row[0], event_key=row[1], batch_id=batch_id)
        for row in cleared
    )
    lift(
        cursor,
        [
            (key.bytes, subject_id, month)
            for _, key, subject_id, month, _, treatment in cleared
            if treatment == Treatment.HELD
        ],
    )
    # A higher revision stands for itself; the suspect one itself has to be brought back.
    again = {
        key: revision
        for _, key, _, _, revision, treatment in cleared
        if treatment == Treatment.REPLACED and highest[key] == revision
    }
    restate(cursor, facts_of(cursor, again))
