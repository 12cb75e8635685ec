"""Batches as a partner of the little world of these tests would send them."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

from apps_world import RECEIVED_US, instant, report, ride

from tanzhang.apps.activities.api import BatchReceipt, accept, take_batch
from tanzhang.apps.activities.intake.envelope import PLAIN, SEALED
from tanzhang.apps.partners.api import AgreementEntry, AgreementKind, PartnerEntry, partner
from tanzhang.crypto import seal

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DATA_KEY = bytes(range(16))


def event(external_id: Any = "e1", /, data: Any = None, **changes: Any) -> dict[str, Any]:
    """A bike ride of ada's, as a CloudEvent of the partner ``bikes``."""
    told = {
        "scene": "bike",
        "ended_at": "2024-05-01T16:10:00+08:00",
        "inputs": {"distance_m": 2300},
    }
    whole = {
        "specversion": "1.0",
        "id": external_id,
        "source": "/bikes",
        "type": "cn.tanzhang.activity.reported.v1",
        "time": "2024-05-01T16:00:00+08:00",
        "subject": "ada",
        "data": told | data if isinstance(data, dict) else told if data is None else data,
    } | changes
    return {name: value for name, value in whole.items() if value is not ...}


def text(*events: Any) -> bytes:
    return json.dumps(events, ensure_ascii=False).encode()


def sealed(plain: str, external_id: str, pointer: str, key: bytes = DATA_KEY) -> dict[str, str]:
    """A sealed field of an event of ``bikes``."""
    made = seal(key, plain.encode(), f"bikes|/bikes|{external_id}|{pointer}".encode())
    parts = {"iv": made.iv, "ct": made.ct, "tag": made.tag}
    return {"enc": "SM4-GCM"} | {
        name: base64.b64encode(part).decode() for name, part in parts.items()
    }


def with_key(*events: Any, kid: str = "K1", wrapped: bytes = b"wrapped") -> bytes:
    """The form with a key for sealed fields; ``take`` unwraps every key to ``DATA_KEY``."""
    ek = base64.b64encode(wrapped).decode()
    return json.dumps({"kid": kid, "ek": ek, "events": events}, ensure_ascii=False).encode()


def terms(scenes: tuple[str, ...] | None = None, items_a_day: int = 1_000_000) -> AgreementEntry:
    """An agreement to report."""
    return AgreementEntry(
        id=1,
        partner_id=bikes().id,
        kind=AgreementKind.REPORT,
        scenes=scenes,
        default_grade=2,
        items_a_day=items_a_day,
        calls_a_minute=1000,
        valid_from=EPOCH,
        valid_until=None,
        text_digest=None,
        most_grade=3,
        approved_by=None,
    )


def bikes() -> PartnerEntry:
    return partner("bikes")


def enrol(*persons: str) -> None:
    """Open accounts for these people, by a ride each on another day."""
    day = instant("2024-05-02 08:00")
    rides = [ride(f"first of {person}", person=person, started_us=day) for person in persons]
    accept(report(*rides), partner="bikes", programme="lake", received_us=RECEIVED_US, enrol=True)


def take(body: bytes, **changes: Any) -> BatchReceipt:
    content_type = SEALED if body.lstrip().startswith(b"{") else PLAIN
    told = {
        "partner": bikes(),
        "agreement": terms(),
        "received_us": RECEIVED_US,
        "key_id": "5A17C0DE5A17C0DE",
        "idempotency_key": "idem-1",
        "canonical": b"the string\n",
        "signature": b"its signature",
        "unwrap": lambda kid, wrapped: DATA_KEY,
    } | changes
    return take_batch(body, content_type, **told)


def answers(receipt: BatchReceipt) -> list[tuple[str, str | None]]:
    return [(item["outcome"], item["code"]) for item in json.loads(receipt.body)["items"]]
