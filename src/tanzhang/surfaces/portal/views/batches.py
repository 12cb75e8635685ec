"""Batches, one batch, and one event: what was answered, and how it stands now."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from tanzhang.apps.activities import api as activities
from tanzhang.problems import Problem
from tanzhang.surfaces.portal.pages import PAGE_ROWS, page
from tanzhang.surfaces.portal.paging import begin_of, day_of, number_of
from tanzhang.surfaces.portal.visitor import Visit, for_members

#: Events of one batch on a page.
BATCH_ROWS: Final = 200


@for_members()
def batches(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The batches of one local day, the youngest first; today's unless another day is asked for."""
    today = timezone.localdate()
    day = min(day_of(request) or today, today)
    begin, end = (begin_of(day + timedelta(days=more), visit.zone) for more in (0, 1))
    found = activities.batches(visit.partner_id, begin, end)[::-1]
    start = min(number_of(request, "from") or 0, len(found))
    after = start + PAGE_ROWS
    return page(
        request,
        visit,
        "batches",
        "batches",
        day=day,
        today=today,
        earlier=day - timedelta(days=1),
        later=day + timedelta(days=1) if day < today else None,
        count=len(found),
        found=found[start:after],
        more=after if after < len(found) else None,
    )


@for_members()
def batch(request: HttpRequest, visit: Visit, batch_id: UUID) -> HttpResponse:
    """The receipt of one batch, and beside each event how it stands now."""
    told = activities.batch_receipt(visit.partner_id, str(batch_id))
    settled = {item["id"]: item for item in told["settled"]["items"]}
    start = min(number_of(request, "from") or 0, len(told["items"]))
    after = start + BATCH_ROWS
    return page(
        request,
        visit,
        "batch",
        "batches",
        told=told,
        counts=told["counts"].items(),
        rows=[(item, settled.get(item["id"])) for item in told["items"][start:after]],
        more=after if after < len(told["items"]) else None,
    )


@for_members()
def receipt(request: HttpRequest, visit: Visit, batch_id: UUID) -> HttpResponse:
    """The receipt to the byte as it was given, as a file."""
    body = activities.receipt_body(visit.partner_id, str(batch_id))
    answer = HttpResponse(body, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="receipt-{batch_id}.json"'
    return answer


@for_members()
def event(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What became of the event with the id that was typed."""
    external_id = request.GET.get("id", "").strip()
    told, problem = None, None
    if external_id:
        try:
            told = activities.event_by_id(visit.partner_id, external_id)
        except Problem as refusal:
            if refusal.code != "intake.event_unknown":
                raise
            problem = refusal
    shown: dict[str, Any] = {"external_id": external_id, "told": told, "problem": problem}
    return page(request, visit, "event", "batches", **shown)
