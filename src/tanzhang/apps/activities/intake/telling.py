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
    return partners.keep_promises(BATCH_SETTLED, _settled, _content, most=MOST_AT_ONCE)


def _settled(batch_ids: list[str]) -> list[str]:
    """Those of the batches of which no piece waits."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select id::text from batch where id = any(%s::uuid[]) and not exists"
            " (select from piece_queue where piece_id = any(batch.piece_ids))",
            [batch_ids],
        )
        return [row[0] for row in cursor.fetchall()]


def _content(partner_id: int, batch_id: str) -> dict[str, Any]:
    """What to say of a batch."""
    told = batch_receipt(partner_id, batch_id)
    return {"batch_id": batch_id, "counts": told["counts"], "settled": told["settled"]}
