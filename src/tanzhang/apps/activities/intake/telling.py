"""Telling partners at their own addresses that a batch is settled, with what each act was worth."""

from __future__ import annotations

from typing import Any, Final

import psycopg
from django.db import connection

from tanzhang.apps.activities.intake.reading import batch_receipt
from tanzhang.apps.partners import api as partners

#: The kind of message.
BATCH_SETTLED: Final = "cn.tanzhang.batch.settled.v1"

MOST_AT_ONCE: Final = 50


def promise_settled(cursor: psycopg.Cursor[Any], partner_id: int, batch_id: str) -> None:
    """Promise word of a batch that is taken in this transaction."""
    partners.promise(cursor, partner_id, BATCH_SETTLED, batch_id)


def tell_settled() -> int:
    """Tell of every promised batch that is settled by now; of how many."""
    return partners.keep_promises(BATCH_SETTLED, _settled, most=MOST_AT_ONCE)


def _settled(partner_id: int, batch_id: str) -> dict[str, Any] | None:
    """What to say of a batch; nothing while a piece of it waits."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select exists (select from piece_queue join batch on piece_id = any(batch.piece_ids)"
            " where batch.id = %s)",
            [batch_id],
        )
        if cursor.fetchone() != (False,):
            return None
    told = batch_receipt(partner_id, batch_id)
    return {"batch_id": batch_id, "counts": told["counts"], "settled": told["settled"]}
