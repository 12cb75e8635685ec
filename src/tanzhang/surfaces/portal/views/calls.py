"""The book of calls: what was asked, and with which code it was answered."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse

from tanzhang.apps.partners import api as partners
from tanzhang.surfaces.partner_api.codes import CODES
from tanzhang.surfaces.portal.pages import PAGE_ROWS, page
from tanzhang.surfaces.portal.paging import begin_of, day_of, number_of
from tanzhang.surfaces.portal.visitor import Visit, for_members


@for_members()
def calls(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The youngest first, of one code and one day if asked."""
    code, day = request.GET.get("code", ""), day_of(request)
    known = (partners.SERVED, *CODES)
    chosen = code if code in known else ""
    found = partners.calls(
        visit.partner_id,
        PAGE_ROWS,
        before=number_of(request, "before"),
        code=chosen or None,
        since=begin_of(day, visit.zone) if day else None,
        until=begin_of(day + timedelta(days=1), visit.zone) if day else None,
    )
    asked = {"code": chosen, "day": day.isoformat() if day else ""}
    more = ""
    if len(found) == PAGE_ROWS:
        kept = {name: value for name, value in asked.items() if value}
        more = "?" + urlencode(kept | {"before": str(found[-1].id)})
    return page(
        request,
        visit,
        "calls",
        "batches",
        found=found,
        codes=known,
        asked=asked,
        is_filtered=any(asked.values()),
        more=more,
    )
