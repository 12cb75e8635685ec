"""One box for every number and code."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from tanzhang.surfaces.console.pages import allowed, page, spoken
from tanzhang.surfaces.console.searching import found_for


@allowed("look")
def find(request: HttpRequest) -> HttpResponse:
    """What the asked text names; a single exact answer is opened at once."""
    asked = request.GET.get("q", "").strip()
    found = found_for(asked, spoken()) if asked else []
    if len(found) == 1 and found[0].exact:
        return HttpResponseRedirect(found[0].url)
    return page(request, "find", _("Search"), asked=asked, found=found)
