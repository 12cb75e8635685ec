"""``GET /v1/openapi.json``: this API, as programs read it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from tanzhang.surfaces.partner_api.endpoints.replies import as_it_is
from tanzhang.surfaces.partner_api.rules import Rule

router = Router(tags=["description"])
RULES = {("GET", "openapi.json"): Rule("openapi", is_public=True)}


@router.get(
    "/openapi.json", operation_id="openapi", summary="This document", response=dict[str, object]
)
def openapi_document(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.1."""
    from tanzhang.surfaces.partner_api import openapi  # it describes the endpoints, this one too

    return as_it_is(openapi.text())
