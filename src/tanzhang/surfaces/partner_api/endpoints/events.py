"""``GET /v1/events/{id}``: what became of one event, whatever its age.

An id that needs percent-encoding goes into the query: ``GET /v1/events?id=…``.
"""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router
from pydantic import Field

from tanzhang.apps.activities import api as activities
from tanzhang.surfaces.partner_api import schemas
from tanzhang.surfaces.partner_api.endpoints.replies import reply
from tanzhang.surfaces.partner_api.gate.call import call_of
from tanzhang.surfaces.partner_api.rules import Rule

#: Ids that mean the same in a path as they are and percent-encoded.
PLAIN_ID = r"^[A-Za-z0-9._~:@-]{1,256}$"

router = Router(tags=["events"])
RULES = {
    ("GET", "events/<external_id>"): Rule("events", agreement="report"),
    ("GET", "events"): Rule("events", agreement="report"),
}


@router.get(
    "/events/{external_id}",
    operation_id="event",
    summary="What became of one event",
    response=schemas.EventStory,
)
def event(
    request: HttpRequest, external_id: Path[Annotated[str, Field(pattern=PLAIN_ID)]]
) -> HttpResponse:
    """Its revisions in the order in which they came, its outcome now, and its batches."""
    return _told(request, external_id)


@router.get(
    "/events",
    operation_id="event_by_query",
    summary="What became of one event, any id",
    response=schemas.EventStory,
)
def event_by_query(request: HttpRequest, id: Query[schemas.ExternalId]) -> HttpResponse:
    """The same for an id that cannot stand in a path as it is."""
    return _told(request, id)


def _told(request: HttpRequest, external_id: str) -> HttpResponse:
    partner = call_of(request).caller.partner
    return reply(activities.event_by_id(partner.id, external_id))
