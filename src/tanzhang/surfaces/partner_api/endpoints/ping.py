"""``GET /v1/ping``: whether a partner's signature, key, clock and host are right, and ours."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from ninja import Router

from tanzhang.apps.people import api as people
from tanzhang.surfaces.partner_api import schemas
from tanzhang.surfaces.partner_api.endpoints.replies import reply
from tanzhang.surfaces.partner_api.gate.call import call_of
from tanzhang.surfaces.partner_api.rules import Rule

router = Router(tags=["ping"])
RULES = {("GET", "ping"): Rule("ping")}


@router.get(
    "/ping",
    operation_id="ping",
    summary="See whether signatures work both ways",
    response=schemas.Pong,
)
def ping(request: HttpRequest) -> HttpResponse:
    """Says who was understood to ask. Nothing is counted but the call itself."""
    call, here = call_of(request), people.installation()
    return reply(
        {
            "partner": call.caller.partner.code,
            "key": call.caller.key_id,
            "nonce": call.authorization.nonce,
            "received_at": datetime.fromtimestamp(call.received_us / 1e6, UTC).isoformat(),
            "installation": here.id_text,
            "kind": here.kind.value,
        }
    )
