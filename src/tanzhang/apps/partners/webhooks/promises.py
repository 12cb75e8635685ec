"""Things that partners will be told once they are so.

Whoever begins something promises its end in the same transaction; whoever finds it ended tells it
and strikes the promise, in one transaction too. So no end is forgotten and none is told twice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
from django.db import connection, transaction

from tanzhang.apps.partners.webhooks.messages import tell


def promise(cursor: psycopg.Cursor[Any], partner_id: int, kind: str, about: str) -> None:
    """Promise a message, if the partner has an open address that wants its kind."""
    cursor.execute(
        "insert into webhook_promise (kind, about, partner_id)"
        " select %s::text, %s::text, %s::int where exists (select from webhook_endpoint"
        " where partner_id = %s and closed_at is null and (kinds is null or %s::text = any(kinds)))"
        " on conflict do nothing",
        [kind, about, partner_id, partner_id, kind],
    )


def keep_promises(
    kind: str, content: Callable[[int, str], dict[str, Any] | None], *, most: int
) -> int:
    """Tell what has come true; how many messages.

    ``content`` gives what to say to a partner about something, or ``None`` while it is not so yet.
    Looks at ``most`` promises, the oldest ids first; several couriers share them out.
    """
    told = 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "select partner_id, about from webhook_promise where kind = %s"
            " order by about limit %s for update skip locked",
            [kind, most],
        )
        for partner_id, about in cursor.fetchall():
            data = content(partner_id, about)
            if data is None:
                continue
            tell(partner_id, kind, about, data)
            cursor.execute(
                "delete from webhook_promise where kind = %s and about = %s and partner_id = %s",
                [kind, about, partner_id],
            )
            told += 1
    return told
