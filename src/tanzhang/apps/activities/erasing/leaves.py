"""Keeping the hashes of a person's leaves before her key is destroyed."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql

from tanzhang.apps.activities.proving.leaves import posted_rows
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.engine.log import SM3


def keep_hashes(cursor: psycopg.Cursor[Any], subject_id: int, rules: RulesInForce) -> int:
    """Store the hash of every leaf of a subject that is not stored yet; how many.

    A row that was altered before gets the hash of what it is now, which does not lead to its
    piece's root: damage is seen after an erasure as it was before.
    """
    rows = posted_rows(cursor, sql.SQL("subject_id = {}").format(subject_id), rules)
    if not rows.names:
        return 0
    hashes, digests = SM3.leaves(rows.leaves()), rows.row_digests()
    cursor.executemany(
        "insert into erased_leaf (piece_id, subject_id, event_key, outcome_no, month, leaf_hash,"
        " row_digest) values (%s, %s, encode(%s, 'hex')::uuid, %s, %s, %s, %s)"
        " on conflict do nothing",
        [
            (piece_id, subject_id, key, number, month, leaf_hash, digest)
            for piece_id, (key, number, month), leaf_hash, digest in zip(
                rows.piece_ids, rows.names, hashes, digests, strict=True
            )
        ],
    )
    return len(rows.names)
