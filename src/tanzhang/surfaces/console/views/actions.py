"""What operators did, for auditors and administrators."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tanzhang.surfaces.console.journal import latest_lines
from tanzhang.surfaces.console.pages import PAGE_ROWS, allowed, page
from tanzhang.surfaces.console.paging import number_of


@allowed("audit")
def actions(request: HttpRequest) -> HttpResponse:
    """All actions, the youngest first."""
    lines = latest_lines(PAGE_ROWS, number_of(request, "before"))
    more = lines[-1].id if len(lines) == PAGE_ROWS else None
    return page(request, "actions", _("What operators did"), lines=lines, more=more)
