"""``POST /v1/balance:read``: the balance of a person who lets you read it.

It is a POST although it only reads, so that the person's reference stands in no address: addresses
are written into the logs of everything on the way.
"""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import BaseModel, ConfigDict, Field

from tanzhang.apps.activities import api as activities
from tanzhang.surfaces.partner_api.endpoints.bodies import read_body
from tanzhang.surfaces.partner_api.endpoints.replies import reply
from tanzhang.surfaces.partner_api.gate.call import call_of
from tanzhang.surfaces.partner_api.rules import Rule

router = Router(tags=["balances"])
RULES = {
    ("POST", "balance:read"): Rule(
        "balance", agreement="read_balance", media_types=("application/json",), only_reads=True
    ),
}


class Asked(BaseModel):
    """Whose balance: your own reference to the citizen."""

    model_config = ConfigDict(extra="forbid")

    person: Annotated[str, Field(min_length=1, max_length=256)]


class Row(Schema):
    """What one source brought in one scene."""

    programme: str
    source: str = Field(description="The partner that reported.")
    scene: str
    reduction_mg: int
    points: int


class Balance(Schema):
    """All of a person's accounts here. Points stand by programme: they are not of one kind."""

    reduction_mg: int = Field(description="Milligrams CO2e, whole.")
    points: dict[str, int]
    rows: list[Row]


@router.post(
    "/balance:read",
    operation_id="balance",
    summary="A person's balance",
    response=Balance,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": Asked.model_json_schema()}},
        }
    },
)
def balance(request: HttpRequest) -> HttpResponse:
    """Every partner that she lets read it gets the same total and rows; she sees each reading.

    It needs no Idempotency-Key: each call reads anew.
    """
    call = call_of(request)
    asked = read_body(Asked, call.body)
    return reply(activities.shared_balance(call.caller.partner, asked.person))
