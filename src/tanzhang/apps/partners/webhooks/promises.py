"""Things that partners will be told once they are so.

Whoever begins something promises its end in the same transaction; whoever finds it ended tells it
and strikes the promise, in one transaction too. So no end is forgotten and none is told twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Final

import psycopg
from django.db import OperationalError, connection, transaction

from tanzhang.apps.partners.webhooks.messages import tell

log = logging.getLogger(__name__)

#: Promises that are looked at in one go.
PAGE: Final = 500


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
    kind: str,
    ripe: Callable[[list[str]], list[str]],
    content: Callable[[int, str], dict[str, Any]],
    *,
    most: int,
) -> int:
    """Tell what has come true; how many messages, at most ``most``.

    ``ripe`` says which of many subjects are so by now, ``content`` what to say to a partner about
    one of them. All promises are looked at, page after page, so that those that stay open for long
    hold up no other; and one whose content cannot be made is logged and left.
    """
    told, after = 0, ""
    while told < most:
        with connection.cursor() as cursor:
            cursor.execute(
                "select partner_id, about from webhook_promise where kind = %s and about > %s"
                " order by about limit %s",
                [kind, after, PAGE],
            )
            page = cursor.fetchall()
        if not page:
            break
        after = page[-1][1]
        so_by_now = set(ripe([about for _, about in page]))
        for partner_id, about in page:
            if about in so_by_now and told < most:
                told += _keep(kind, partner_id, about, content)
    return told


def _keep(
    kind: str, partner_id: int, about: str, content: Callable[[int, str], dict[str, Any]]
) -> bool:
    """Tell and strike one promise, unless another courier is at it; whether it was told."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            key: list[Any] = [kind, about, partner_id]
            cursor.execute(
                "select from webhook_promise where kind = %s and about = %s and partner_id = %s"
                " for update skip locked",
                key,
            )
            if cursor.fetchone() is None:
                return False
            tell(partner_id, kind, about, content(partner_id, about))
            cursor.execute(
                "delete from webhook_promise where kind = %s and about = %s and partner_id = %s",
                key,
            )
    except OperationalError:
        raise  # the database is gone: that is nobody's promise
    except Exception:
        log.exception("A message could not be made.", extra={"kind": kind, "about": about})
        return False
    return True
