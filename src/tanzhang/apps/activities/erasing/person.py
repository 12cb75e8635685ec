"""What this room does when a person is erased, in the transaction that erases her."""

from __future__ import annotations

import uuid
from typing import Any, Final

import numpy as np
import psycopg

from tanzhang.apps.activities.door import lock_door
from tanzhang.apps.activities.erasing.batches import reduce_batch, rows_naming
from tanzhang.apps.activities.erasing.copies import reduce_copies
from tanzhang.apps.activities.erasing.leaves import keep_hashes
from tanzhang.apps.activities.models import PieceKind
from tanzhang.apps.activities.pieces import read_piece
from tanzhang.apps.activities.posting import locks
from tanzhang.apps.activities.reconciliation.making import lock_files
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.database import uuid_bytes
from tanzhang.apps.distribution import shards
from tanzhang.apps.partners.api import hold_promises
from tanzhang.apps.people import api as people

Cursor = psycopg.Cursor[Any]

_WAITING: Final = """
select body from piece join piece_queue on piece_id = id where piece_queue.shard = %s and kind = %s
"""


def erase_acts(cursor: Cursor, subject_id: int) -> int:
    """Keep the hashes of her leaves, and take what names her events from everywhere; rows touched.

    Nobody is at a door of her partners meanwhile, settles in her shard, or makes files and messages
    of her batches: what they would write is written before and found, or after and without her.
    """
    refs = people.references_of(cursor, subject_id)
    for partner_id in sorted(refs):
        lock_door(cursor, partner_id)
    for partner_id in sorted(refs):
        lock_files(cursor, partner_id)
    locks.share_rules(cursor)
    shard = int(shards(np.array([subject_id]))[0])
    locks.lock_shards(cursor, [shard])
    kept = keep_hashes(cursor, subject_id, rulebook_in_force())
    named = rows_naming(cursor, _event_keys(cursor, subject_id, shard), refs)
    hold_promises(cursor, [str(batch_id) for batch_id in named])
    reduced = [reduce_batch(cursor, subject_id, *each) for each in sorted(named.items())]
    cursor.execute("select forget_signals_of(%s), forget_notes(%s)", [subject_id, subject_id])
    rows = {(str(batch_id), row) for batch_id, own in named.items() for row in own}
    return kept + len(rows) + reduce_copies(cursor, subject_id, reduced, rows)


def _event_keys(cursor: Cursor, subject_id: int, shard: int) -> set[uuid.UUID]:
    """The keys of all events of a subject, settled or waiting."""
    cursor.execute("select distinct event_key from activity where subject_id = %s", [subject_id])
    found = {row[0] for row in cursor.fetchall()}
    cursor.execute(_WAITING, [shard, int(PieceKind.REPORT)])
    for (body,) in cursor.fetchall():
        items = read_piece(bytes(body))
        own = items.filter(items["subject_id"] == subject_id)
        halves = uuid_bytes(own["key_hi"].to_numpy(), own["key_lo"].to_numpy())
        found |= {uuid.UUID(bytes=bytes(key)) for key in halves}
    return found
