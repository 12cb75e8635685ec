"""Finding what is suspect and taking it out of the books, some batches in each transaction."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, Final

import polars as pl
import psycopg

from tanzhang.apps.activities.intake.storing import read_results
from tanzhang.apps.activities.posting.facts import HOLD
from tanzhang.apps.activities.posting.unsettled import hold, restate
from tanzhang.apps.activities.suspicion.models import (
    Stage,
    SuspectEvent,
    Suspicion,
    SuspicionStep,
    Treatment,
)
from tanzhang.apps.activities.suspicion.sources import Suspect, suspects, vouched
from tanzhang.apps.activities.suspicion.stored_facts import Standing, facts_of, standings

#: Batches looked at in one transaction: at most ten thousand events.
BATCHES_AT_ONCE: Final = 10

_BATCHES: Final = """
select id, results,
    exists (select from piece_queue where piece_id = any(batch.piece_ids))
from batch
where partner_id = %s and key_id = %s and received_at >= %s
    and (%s::timestamptz is null or received_at < %s) and (%s::uuid is null or id > %s)
order by id limit %s
"""


def list_some(cursor: psycopg.Cursor[Any], suspicion: Suspicion, after: uuid.UUID | None) -> bool:
    """List the suspect events of the next batches and have them held; False while they wait.

    Nothing is listed that is not settled yet, so that every fact of it can be found in the books.
    The caller holds the partner's door.
    """
    cursor.execute(
        _BATCHES,
        [
            suspicion.partner_id,
            suspicion.key_id,
            suspicion.since,
            suspicion.until,
            suspicion.until,
            after,
            after,
            BATCHES_AT_ONCE,
        ],
    )
    found = cursor.fetchall()
    if any(waits for _, _, waits in found):
        return False
    events = _list(cursor, suspicion, found) if found else 0
    SuspicionStep.objects.create(
        suspicion=suspicion,
        stage=Stage.LIST,
        up_to=found[-1][0] if found else after,
        events=events,
        last=len(found) < BATCHES_AT_ONCE,
    )
    return True


def _list(
    cursor: psycopg.Cursor[Any], suspicion: Suspicion, batches: Sequence[tuple[Any, ...]]
) -> int:
    results = pl.concat([read_results(bytes(packed)) for _, packed, _ in batches])
    taken = vouched(results).filter(pl.col("verdict") != "duplicate")
    keys = [uuid.UUID(key) for key in taken["event_key"].unique().to_list()]
    found = suspects(cursor, keys, {batch_id for batch_id, _, _ in batches})
    standing = standings(cursor, [suspect.event_key for suspect in found])
    trusted = {
        suspect.event_key: suspect.trusted for suspect in found if suspect.trusted is not None
    }
    facts = facts_of(cursor, trusted)
    known = {uuid.UUID(int=hi << 64 | lo) for hi, lo in facts.select("key_hi", "key_lo").rows()}
    listed = [_event(suspicion, suspect, standing[suspect.event_key], known) for suspect in found]
    SuspectEvent.objects.bulk_create(listed, batch_size=2_000)
    hold(
        cursor,
        [
            (event.event_key.bytes, event.subject_id, event.month)
            for event in listed
            if event.treatment == Treatment.HELD
        ],
    )
    restate(cursor, facts)
    return len(listed)


def _event(
    suspicion: Suspicion, suspect: Suspect, standing: Standing, known: set[uuid.UUID]
) -> SuspectEvent:
    """A suspect event and what becomes of it."""
    replaced = suspect.event_key in known
    resting = not replaced and standing.state & HOLD
    treatment = Treatment.RESTING if resting else Treatment.HELD
    return SuspectEvent(
        suspicion=suspicion,
        event_key=suspect.event_key,
        subject_id=standing.subject_id,
        account_id=standing.account_id,
        month=standing.month,
        revision=suspect.revision,
        stands=suspect.trusted if replaced else None,
        treatment=Treatment.REPLACED if replaced else treatment,
        reduction_mg=standing.reduction_mg,
        points=standing.points,
    )
