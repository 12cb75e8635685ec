"""Rides at the river as batches of events."""

from __future__ import annotations

import json
from typing import Any

from river.people import ACCOUNTS
from river.reports import RECEIVED_US
from tanzhang.apps.activities.api import take_batch
from tanzhang.apps.partners.api import AgreementKind, agreement, partner

PLAIN = "application/cloudevents-batch+json"


def ride(external_id: str, day: int, person: str) -> dict[str, Any]:
    """Two kilometres in ten minutes on a day of May 2025."""
    return {
        "specversion": "1.0",
        "id": external_id,
        "source": "/bikes",
        "type": "cn.tanzhang.activity.reported.v1",
        "time": f"2025-05-{day:02}T08:00:00+08:00",
        "subject": person,
        "data": {
            "scene": "bike",
            "ended_at": f"2025-05-{day:02}T08:10:00+08:00",
            "inputs": {"distance_m": 2000},
        },
    }


#: Three batches of a ride for each person a day.
BATCHES = tuple(
    [
        ride(f"b{day}-{person}", day, person)
        for person in ACCOUNTS
        for day in range(first, first + 5)
    ]
    for first in (1, 6, 11)
)


def take(batch: list[dict[str, Any]]) -> dict[str, Any]:
    """Take a batch; its receipt."""
    entry = partner("bikes")
    receipt = take_batch(
        json.dumps(batch).encode(),
        PLAIN,
        partner=entry,
        agreement=agreement(entry.id, AgreementKind.REPORT),
        received_us=RECEIVED_US,
    )
    told: dict[str, Any] = json.loads(receipt.body)
    return told
