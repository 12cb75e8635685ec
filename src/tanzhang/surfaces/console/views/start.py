"""The start page: what needs me today."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from tanzhang.apps.activities.api import (
    held_events,
    open_appeals,
    pace,
    waiting_by_shard,
)
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.api import is_overdue, open_requests
from tanzhang.problems import Problem
from tanzhang.surfaces.console.ageing import AgeingFactor, ageing_factors, today
from tanzhang.surfaces.console.pages import allowed, page
from tanzhang.surfaces.console.views.proposals import waiting_for

#: More held acts than this are "more than so many".
HELD_SHOWN = 99

#: Pieces that wait longer than this mean that no worker works, or too few.
LATE_SECONDS = 60


@allowed("look")
def start(request: HttpRequest) -> HttpResponse:
    """What waits for somebody, and whether the workers keep up."""
    shards = waiting_by_shard()
    oldest = min((shard.oldest_at for shard in shards), default=None)
    waited_s = int((timezone.now() - oldest).total_seconds()) if oldest else 0
    return page(
        request,
        "start",
        _("What needs me today"),
        waiting_pieces=sum(shard.pieces for shard in shards),
        waiting_items=sum(shard.items for shard in shards),
        oldest_at=oldest,
        waited_s=waited_s,
        late=waited_s > LATE_SECONDS,
        pace=pace(),
        held=len(held_events(HELD_SHOWN + 1)),
        held_shown=HELD_SHOWN,
        factors=_factors(),
        proposals=waiting_for(request),
        clocks=_clocks(),
    )


def _clocks() -> dict[str, int]:
    """How many appeals and rights requests wait, and how many of them too long."""
    now = timezone.now()
    with bulk_transaction() as cursor:
        appeals, requests = open_appeals(cursor), open_requests(cursor)
    due = [each.due_on for each in appeals] + [each.due_on for each in requests]
    return {
        "appeals": len(appeals),
        "requests": len(requests),
        "late": sum(is_overdue(due_on, now) for due_on in due),
    }


def _factors() -> list[AgeingFactor]:
    try:
        return ageing_factors(rulebook_in_force().library, today())
    except Problem as problem:
        if problem.code != "catalogue.nothing_loaded":
            raise
        return []
