"""The bodies as the OpenAPI document tells them. Nothing is parsed by these; a test compares.

Amounts are whole numbers: ``reduction_mg`` in milligrams CO2e, points in the programme's smallest
point. Instants are RFC 3339 with an offset.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field, RootModel
from pydantic.json_schema import SkipJsonSchema

from tanzhang.surfaces.partner_api.codes import CODES

Hex64 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
KeyId = Annotated[str, Field(pattern="^[0-9A-F]{16}$")]
EventKey = Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
Base64 = Annotated[str, Field(pattern="^[A-Za-z0-9+/]*={0,2}$")]
Counted = Annotated[int, Field(ge=0)]
ExternalId = Annotated[str, Field(min_length=1, max_length=256)]
Verdict = Literal["accepted", "duplicate", "conflict", "rejected", "held"]
Status = Literal["credited", "limited", "duplicate", "rejected", "held", "withdrawn"]


class Sealed(Schema):
    """A value that only the platform can read, sealed with the batch's data key."""

    enc: Literal["SM4-GCM", "AES-128-GCM"]
    iv: Base64
    ct: Base64
    tag: Base64


class Act(Schema):
    """What was done: the scene, when it ended, and the figures that its methodology asks for."""

    scene: str
    ended_at: datetime | None = Field(None, description="The event's time if left out.")
    grade: Annotated[int, Field(ge=0, le=32767)] | None = Field(
        None, description="Evidence grade; the agreement's if left out."
    )
    item_key: str | Sealed | None = Field(
        None, description="The shared thing that the act is about: a bill, an order, a meter."
    )
    inputs: dict[str, int | Sealed] | None = Field(
        None, description="Whole numbers by name; the unit is the end of the name."
    )


class Event(Schema):
    """A CloudEvent 1.0 about one act of one citizen."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "specversion": "1.0",
                    "id": "trip-20260501-0001",
                    "source": "/bikes",
                    "type": "cn.tanzhang.activity.reported.v1",
                    "time": "2026-05-01T08:00:00+08:00",
                    "subject": "member-0042",
                    "data": {
                        "scene": "bike",
                        "ended_at": "2026-05-01T08:10:00+08:00",
                        "inputs": {"distance_m": 2300},
                    },
                }
            ]
        }
    )

    specversion: Literal["1.0"]
    id: ExternalId = Field(description="Your own id of the act, one for ever.")
    source: str = Field(pattern="^/[A-Za-z0-9._~/-]+$", description="/ and your partner code.")
    type: Literal["cn.tanzhang.activity.reported.v1", "cn.tanzhang.activity.withdrawn.v1"]
    time: datetime = Field(description="When the act began.")
    subject: str | Sealed = Field(description="Your own reference to the citizen.")
    programme: str | None = None
    revision: Annotated[int, Field(ge=0, le=2147483647)] = 0
    data: Act | None = None


class Batch(RootModel[Annotated[list[Event], Field(min_length=1, max_length=1000)]]):
    """Up to 1,000 events."""


class SealedBatch(Schema):
    """Events with the wrapped data key of their sealed values."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"dependentRequired": {"kid": ["ek"], "ek": ["kid"]}}
    )

    kid: KeyId | SkipJsonSchema[None] = Field(
        None, description="The platform key for which the data key is wrapped."
    )
    ek: Base64 | SkipJsonSchema[None] = Field(None, description="The wrapped data key.")
    events: Annotated[list[Event], Field(min_length=1, max_length=1000)]


class Item(Schema):
    """What was said of one event, in the order in which they were sent."""

    id: str | None = Field(description="Null where it could not be read.")
    sm3: Hex64 | None = Field(
        description="SM3 of the event's own text without blanks between tokens."
        " Null, like the id, once the person was erased."
    )
    outcome: Verdict
    code: str | None = Field(description="Why, in one word; null if accepted.")
    event_key: EventKey | None


class Counts(Schema):
    """How many events got each answer."""

    accepted: Counted
    duplicate: Counted
    conflict: Counted
    rejected: Counted
    held: Counted


class Receipt(Schema):
    """The receipt of a batch. Whatever it calls accepted is durable."""

    format: Literal["tanzhang-batch-receipt/1"]
    batch_id: UUID
    partner: str
    received_at: datetime
    items: list[Item]
    counts: Counts
    dropped: list[str] = Field(description="Fields that were sent and are not kept.")
    merkle_root: Hex64 = Field(description="SM3 tree over the items' lines.")


class Standing(Schema):
    """How an event stands now."""

    revision: Counted
    status: Status
    reason: str | None
    reduction_mg: int = Field(description="Milligrams CO2e, whole.")
    points: int
    position: int | None = Field(description="Place in the public log.")


class SettledItem(Standing):
    """An event of a batch as it stands now."""

    id: str


class Settled(Schema):
    """What came of a batch so far."""

    complete: bool
    items: list[SettledItem]


class SettledReceipt(Receipt):
    """The receipt as it was given, and beside it how its events stand now."""

    settled: Settled


class Delivery(Schema):
    """One time that an event came, and what was answered."""

    batch_id: UUID
    received_at: datetime
    revision: int | None
    outcome: Verdict
    code: str | None


class EventStory(Schema):
    """What became of one event."""

    id: str
    event_key: EventKey
    revisions: list[int] = Field(description="Those that were accepted.")
    outcome: Standing | None = Field(description="Null until it is settled.")
    deliveries: list[Delivery]


class Pong(Schema):
    """Who was understood to ask."""

    partner: str
    key: KeyId
    nonce: str
    received_at: datetime
    installation: str
    kind: Literal["live", "sandbox", "demonstration"]


class PlatformKey(Schema):
    """A public key of ours. ``endorsement`` is ``endorsed_by``'s signature over its statement."""

    key_id: KeyId
    purpose: Literal["sign", "root", "unwrap"]
    algorithm: Literal["sm2", "p256"]
    pem: str
    active_from: datetime
    active_until: datetime | None
    announced_at: datetime
    endorsed_by: str
    endorsement: Base64
    state: Literal["announced", "active", "ended"]


class PlatformKeys(Schema):
    """All of them, ended ones too."""

    installation: str
    announced_before_s: int
    keys: list[PlatformKey]


class Refusal(Schema):
    """RFC 9457 problem details. Further members tell more of the same."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="Where the code is explained.")
    title: str
    status: int
    code: str = Field(json_schema_extra={"enum": [*CODES]})
    detail_zh: str
    detail_en: str
    retryable: bool = Field(description="Whether the same may go well a little later.")
    request_id: str


#: What the document's request body refers to, beside what the endpoints name themselves.
FURTHER: tuple[type[Any], ...] = (Batch, SealedBatch, Refusal)
