"""Writing to the outbox, and what lies in it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from django.db import connection, transaction
from django.utils import timezone

from tanzhang.apps.partners.models import DeliveryState
from tanzhang.problems import Problem

_MESSAGE: Final = """
insert into webhook_message (partner_id, message_id, kind, about, sequence, body)
values (%s, %s, %s, %s, %s, %s)
on conflict (partner_id, kind, about, sequence) do nothing returning id
"""

_DELIVERIES: Final = """
insert into webhook_delivery (endpoint_id, message_id, state, attempts, last_said)
select id, %s, 'waiting', 0, '' from webhook_endpoint
where partner_id = %s and closed_at is null and (kinds is null or %s = any(kinds))
"""

_LINES: Final = """
select m.message_id, m.kind, m.about, m.sequence, m.made_at, d.endpoint_id, d.state, d.attempts,
    d.next_at, d.delivered_at, d.last_status, d.last_said
from webhook_message m join webhook_delivery d on d.message_id = m.id
where m.partner_id = %s and (%s::text is null or d.state = %s)
order by m.id desc, d.endpoint_id limit %s
"""

_REPLAY: Final = """
update webhook_delivery d set state = 'waiting', attempts = 0, next_at = %s, delivered_at = null
from webhook_message m, webhook_endpoint e
where m.id = d.message_id and e.id = d.endpoint_id and e.closed_at is null and m.partner_id = %s
"""


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """One message on its way to one address, as a list shows it."""

    message_id: str
    kind: str
    about: str
    sequence: int
    made_at: datetime
    endpoint_id: int
    state: DeliveryState
    attempts: int
    next_at: datetime
    delivered_at: datetime | None
    last_status: int | None
    last_said: str


def tell(
    partner_id: int, kind: str, about: str, data: Mapping[str, Any], *, sequence: int = 1
) -> str | None:
    """Put a message (a CloudEvent of ``kind`` about ``about``) into the partner's outbox.

    It is part of the caller's transaction. Saying the same again does nothing and gives ``None``;
    otherwise the message's id.
    """
    message_id = f"msg_{secrets.token_hex(16)}"
    body = json.dumps(
        {
            "specversion": "1.0",
            "id": message_id,
            "source": "/tanzhang",
            "type": kind,
            "time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "subject": about,
            "sequence": sequence,
            "data": data,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_MESSAGE, [partner_id, message_id, kind, about, sequence, body])
        made = cursor.fetchone()
        if made is None:
            return None
        cursor.execute(_DELIVERIES, [made[0], partner_id, kind])
    return message_id


def deliveries(
    partner_id: int, state: DeliveryState | None = None, *, limit: int = 100
) -> list[DeliveryLine]:
    """A partner's deliveries, the newest first; its dead letters are those in state ``DEAD``."""
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [partner_id, state, state, limit])
        lines = [DeliveryLine(*row) for row in cursor.fetchall()]
    return [replace(line, state=DeliveryState(line.state)) for line in lines]


def replay(partner_id: int, message_id: str) -> int:
    """Deliver one message again from the start, wherever it stands; to how many addresses.

    Raises ``partners.message_unknown``.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"{_REPLAY} and m.message_id = %s", [timezone.now(), partner_id, message_id])
        if not cursor.rowcount:
            raise Problem("partners.message_unknown", message=message_id)
        return int(cursor.rowcount)


def replay_between(partner_id: int, since: datetime, until: datetime) -> int:
    """Deliver again every message made in [since, until); how many deliveries."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_REPLAY} and m.made_at >= %s and m.made_at < %s",
            [timezone.now(), partner_id, since, until],
        )
        return int(cursor.rowcount)
