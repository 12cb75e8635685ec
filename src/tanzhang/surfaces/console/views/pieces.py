"""Pieces and the workers that settle them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from tanzhang.apps.activities import api as activities
from tanzhang.problems import Problem
from tanzhang.surfaces.console.pages import PAGE_ROWS, allowed, page
from tanzhang.surfaces.console.paging import number_of
from tanzhang.surfaces.console.trail import trail

LAST_SHARD = 63


@allowed("look")
def pieces(request: HttpRequest) -> HttpResponse:
    """The pieces that wait longest, or the latest of all or of one shard."""
    waiting = "waiting" in request.GET
    shard = number_of(request, "shard", LAST_SHARD)
    if waiting:
        rows = activities.waiting_pieces(PAGE_ROWS)
    else:
        rows = activities.latest_pieces(PAGE_ROWS, number_of(request, "before"), shard)
    more = rows[-1].id if len(rows) == PAGE_ROWS and not waiting else None
    return page(request, "pieces", _("Pieces"), rows=rows, waiting=waiting, shard=shard, more=more)


@allowed("look")
def piece(request: HttpRequest, number: int) -> HttpResponse:
    """One piece."""
    found = activities.piece(number)
    if found is None:
        raise Problem("console.page_unknown", name=str(number))
    took = None
    if found.settled_at is not None:
        took = (found.settled_at - found.received_at).total_seconds()
    title = _("Piece %(number)s") % {"number": number}
    return page(request, "piece", title, crumbs=trail("pieces"), piece=found, took_s=took)


@allowed("look")
def workers(request: HttpRequest) -> HttpResponse:
    """Whether the workers keep up: what waits in each shard, and how fast they settle."""
    shards = activities.waiting_by_shard()
    now = timezone.now()
    rows = [
        {"load": shard, "waited_s": int((now - shard.oldest_at).total_seconds())}
        for shard in shards
    ]
    return page(request, "workers", _("Workers"), rows=rows, pace=activities.pace())
