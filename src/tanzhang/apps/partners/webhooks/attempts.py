"""Taking due deliveries, and writing down what came of them.

An attempt is counted, and its next time set behind a lease, before anything is sent. A courier that
dies leaves a delivery that is tried again: a message may come twice, and never not at all.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection, transaction

from tanzhang.apps.partners.webhooks.schedule import LEASE, pause_after

_TAKE: Final = """
with due as (
    select d.endpoint_id, d.message_id from webhook_endpoint e
    cross join lateral (
        select endpoint_id, message_id, next_at from webhook_delivery
        where endpoint_id = e.id and state = 'waiting' and next_at <= %s
        order by next_at, message_id limit 1 for update skip locked) d
    where e.closed_at is null and e.id <> all(%s) and e.partner_id <> all(%s)
    order by d.next_at, e.id limit 1)
update webhook_delivery d set attempts = d.attempts + 1, next_at = %s
from due, webhook_message m, webhook_endpoint e
where d.endpoint_id = due.endpoint_id and d.message_id = due.message_id
    and m.id = d.message_id and e.id = d.endpoint_id
returning d.endpoint_id, d.message_id, m.message_id, e.url, m.body, d.attempts, e.partner_id
"""

_END: Final = """
update webhook_delivery set state = %s, next_at = coalesce(%s, next_at), delivered_at = %s,
    last_status = %s, last_said = %s
where endpoint_id = %s and message_id = %s and attempts = %s and state = 'waiting'
"""

#: The receiver's way of saying that it will never want this address's messages again.
GONE: Final = 410


@dataclass(frozen=True, slots=True)
class Attempt:
    """One delivery in hand."""

    endpoint_id: int
    delivery_row: int
    message_id: str
    url: str
    body: bytes
    attempts: int
    partner_id: int


@dataclass(frozen=True, slots=True)
class Answered:
    """What the address said: an HTTP status, or ``None`` and why there was none."""

    status: int | None
    said: str = ""

    @property
    def is_delivered(self) -> bool:
        """Any 2xx is a yes; everything else, redirects too, is a no."""
        return self.status is not None and 200 <= self.status < 300


def take_due(
    at: datetime, busy: Collection[int] = (), full: Collection[int] = ()
) -> Attempt | None:
    """The delivery that is due longest, counted as attempted; ``None`` if nothing is due.

    Left out are addresses that are ``busy`` with a message, and partners whose share is ``full``.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_TAKE, [at, list(busy), list(full), at + LEASE])
        row = cursor.fetchone()
    if row is None:
        return None
    return Attempt(row[0], row[1], row[2], row[3], bytes(row[4]), row[5], row[6])


def finish(attempt: Attempt, answer: Answered, at: datetime) -> None:
    """Write down how an attempt ended, unless it was replayed meanwhile."""
    pause = None if answer.status == GONE else pause_after(attempt.attempts)
    if answer.is_delivered:
        state, next_at, delivered_at = "delivered", None, at
    elif pause is None:
        state, next_at, delivered_at = "dead", None, None
    else:
        state, next_at, delivered_at = "waiting", at + pause, None
    with connection.cursor() as cursor:
        cursor.execute(
            _END,
            [
                state,
                next_at,
                delivered_at,
                answer.status,
                answer.said,
                attempt.endpoint_id,
                attempt.delivery_row,
                attempt.attempts,
            ],
        )
