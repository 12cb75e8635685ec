"""Taking what names an erased person's events out of what partners were told."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import psycopg

Cursor = psycopg.Cursor[Any]

#: Gives a message's content without what must go.
Rewrite = Callable[[Any], Any]


def hold_promises(cursor: Cursor, abouts: Sequence[str]) -> None:
    """Wait until nobody makes a message about any of these, and let nobody begin one meanwhile."""
    cursor.execute(
        "select from webhook_promise where about = any(%s) order by about, kind, partner_id"
        " for update",
        [list(abouts)],
    )


def reduce_messages(
    cursor: Cursor, subject_id: int, kind: str, abouts: Sequence[str], rewrite: Rewrite
) -> int:
    """Rewrite the messages of a kind about any of these; how many changed.

    What was delivered is with the partner; what is delivered from now on is the rewritten one.
    """
    cursor.execute(
        "select id, body from webhook_message where kind = %s and about = any(%s)",
        [kind, list(abouts)],
    )
    changed = 0
    for number, body in cursor.fetchall():
        told = json.loads(bytes(body))
        reduced = rewrite(told)
        if reduced != told:
            text = json.dumps(reduced, ensure_ascii=False, separators=(",", ":")).encode()
            cursor.execute("select reduce_message(%s, %s, %s)", [subject_id, number, text])
            changed += 1
    return changed


def forget_answers(cursor: Cursor, named: Sequence[str]) -> int:
    """Forget stored answers in which any of these texts stands; how many.

    The same request, sent again, is done again: the door knows each event, so nothing counts twice.
    """
    cursor.execute(
        "delete from idempotency where exists (select from unnest(%s::bytea[]) as given(name)"
        " where position(name in body) > 0)",
        [[text.encode() for text in named]],
    )
    return cursor.rowcount
