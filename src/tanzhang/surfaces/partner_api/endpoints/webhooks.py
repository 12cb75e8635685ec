"""``/v1/webhooks`` and ``/v1/deliveries``: where we tell you what happened, and whether it came."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from tanzhang.apps.partners import api as partners
from tanzhang.problems import Problem
from tanzhang.surfaces.partner_api.endpoints.bodies import read_body
from tanzhang.surfaces.partner_api.endpoints.replies import reply
from tanzhang.surfaces.partner_api.gate.call import call_of
from tanzhang.surfaces.partner_api.rules import Rule

JSON = ("application/json",)

Kind = Literal["cn.tanzhang.batch.settled.v1", "cn.tanzhang.reconciliation.ready.v1"]
EndpointName = Annotated[str, Field(pattern="^we_[0-9]{1,9}$")]
MessageName = Annotated[str, Field(pattern="^msg_[0-9a-f]{32}$")]
State = Literal["waiting", "delivered", "dead"]

router = Router(tags=["webhooks"])
RULES = {
    ("GET", "webhooks"): Rule("webhooks"),
    ("POST", "webhooks"): Rule("webhooks", media_types=JSON),
    ("DELETE", "webhooks/<endpoint>"): Rule("webhooks"),
    ("GET", "deliveries"): Rule("deliveries"),
    ("POST", "deliveries:replay"): Rule("deliveries", media_types=JSON),
}


class NewWebhook(BaseModel):
    """An address of yours, and the kinds of messages that you want there; all if left out."""

    model_config = ConfigDict(extra="forbid")

    url: Annotated[str, Field(min_length=1, max_length=2048)]
    kinds: Annotated[list[Kind], Field(min_length=1)] | None = None


class Webhook(Schema):
    """An address of yours."""

    id: EndpointName
    url: str
    kinds: list[str] | None
    opened_at: datetime
    closed_at: datetime | None


class OpenedWebhook(Webhook):
    """An address with the secret that its messages are signed with (standardwebhooks)."""

    secret: str


class Webhooks(Schema):
    """All your addresses, closed ones too."""

    webhooks: list[Webhook]


class WebhookDelivery(Schema):
    """One message on its way to one address."""

    message: MessageName
    kind: str
    about: str
    sequence: int
    made_at: datetime
    webhook: EndpointName
    state: State
    attempts: int
    next_at: datetime | None = Field(description="Of the next attempt, while it waits.")
    delivered_at: datetime | None
    last_status: int | None
    last_said: str


class WebhookDeliveries(Schema):
    """The latest hundred."""

    deliveries: list[WebhookDelivery]


class Replay(BaseModel):
    """One message, or all that were made in [since, until)."""

    model_config = ConfigDict(extra="forbid")

    message: MessageName | None = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None


class Replayed(Schema):
    """How many deliveries begin again."""

    deliveries: int


def _body(form: type[BaseModel]) -> dict[str, Any]:
    """What the document says of a body that the endpoint reads itself."""
    content = {"application/json": {"schema": form.model_json_schema()}}
    return {"requestBody": {"required": True, "content": content}}


@router.get("/webhooks", operation_id="webhooks", summary="Your addresses", response=Webhooks)
def webhooks(request: HttpRequest) -> HttpResponse:
    """In the order in which they were opened."""
    found = partners.endpoints(call_of(request).caller.partner.id)
    return reply({"webhooks": [_told(entry) for entry in found]})


@router.post(
    "/webhooks",
    operation_id="open_webhook",
    summary="Tell me at this address",
    response=OpenedWebhook,
    openapi_extra=_body(NewWebhook),
)
def open_webhook(request: HttpRequest) -> HttpResponse:
    """Messages are signed with the secret (standardwebhooks) and with our own key (PCA1)."""
    call = call_of(request)
    asked = read_body(NewWebhook, call.body)
    made = partners.open_endpoint(call.caller.partner.id, asked.url, asked.kinds)
    return reply(_told(made) | {"secret": partners.endpoint_secret(made.id)})


@router.delete(
    "/webhooks/{endpoint}", operation_id="close_webhook", summary="Tell me there no more"
)
def close_webhook(request: HttpRequest, endpoint: EndpointName) -> HttpResponse:
    """What waits for the address is not delivered any more."""
    number = int(endpoint.removeprefix("we_"))
    partners.close_endpoint(call_of(request).caller.partner.id, number)
    return reply({})


@router.get(
    "/deliveries",
    operation_id="deliveries",
    summary="What was delivered, what waits, what is dead",
    response=WebhookDeliveries,
)
def deliveries(request: HttpRequest, state: Query[State | None] = None) -> HttpResponse:
    """The newest first; ``state=dead`` gives the dead letters."""
    wanted = partners.DeliveryState(state) if state else None
    found = partners.deliveries(call_of(request).caller.partner.id, wanted)
    return reply({"deliveries": [_line(line) for line in found]})


@router.post(
    "/deliveries:replay",
    operation_id="replay",
    summary="Deliver again",
    response=Replayed,
    openapi_extra=_body(Replay),
)
def replay(request: HttpRequest) -> HttpResponse:
    """From the first attempt on, to every open address that the messages were for."""
    call = call_of(request)
    asked = read_body(Replay, call.body)
    partner_id = call.caller.partner.id
    if asked.message is not None and asked.since is None and asked.until is None:
        return reply({"deliveries": partners.replay(partner_id, asked.message)})
    if asked.message is None and asked.since is not None and asked.until is not None:
        again = partners.replay_between(partner_id, asked.since, asked.until)
        return reply({"deliveries": again})
    raise Problem("gate.schema_invalid", where=["message", "since", "until"])


def _told(entry: partners.EndpointEntry) -> dict[str, Any]:
    return {
        "id": entry.name,
        "url": entry.url,
        "kinds": None if entry.kinds is None else list(entry.kinds),
        "opened_at": entry.opened_at.isoformat(),
        "closed_at": entry.closed_at and entry.closed_at.isoformat(),
    }


def _line(line: partners.DeliveryLine) -> dict[str, Any]:
    waits = line.state is partners.DeliveryState.WAITING
    return {
        "message": line.message_id,
        "kind": line.kind,
        "about": line.about,
        "sequence": line.sequence,
        "made_at": line.made_at.isoformat(),
        "webhook": f"we_{line.endpoint_id}",
        "state": line.state.value,
        "attempts": line.attempts,
        "next_at": line.next_at.isoformat() if waits else None,
        "delivered_at": line.delivered_at and line.delivered_at.isoformat(),
        "last_status": line.last_status,
        "last_said": line.last_said,
    }
