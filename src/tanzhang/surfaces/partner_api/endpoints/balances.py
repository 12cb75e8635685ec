"""``GET /v1/balance``: the balance of a person who lets you read it."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from tanzhang.apps.activities import api as activities
from tanzhang.surfaces.partner_api.endpoints.replies import reply
from tanzhang.surfaces.partner_api.gate.call import call_of
from tanzhang.surfaces.partner_api.rules import Rule

router = Router(tags=["balances"])
RULES = {("GET", "balance"): Rule("balance", agreement="read_balance")}


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


@router.get("/balance", operation_id="balance", summary="A person's balance", response=Balance)
def balance(
    request: HttpRequest, person: Query[Annotated[str, Field(min_length=1, max_length=256)]]
) -> HttpResponse:
    """Every partner that she lets read it gets the same total and rows; she sees each reading."""
    return reply(activities.shared_balance(call_of(request).caller.partner, person))
