"""What an open page asks twice a second: is there anything new?

Nothing new is an empty answer (204) that has read next to nothing; otherwise the part of the page
that changes comes back whole, made by the same template as the page.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tanzhang.apps.activities.api import stamp
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.surfaces.citizen.views import home, records
from tanzhang.surfaces.citizen.visitor import account_of, today_of


@require_safe
def live(request: HttpRequest, page: str) -> HttpResponse:
    """The fresh part of ``home`` or ``records``; 401 once the citizen has logged out."""
    account = account_of(request)
    if account is None:
        return HttpResponse(status=401)
    if request.GET.get("stamp") == stamp(account, today_of(account, rulebook_in_force())):
        answer = HttpResponse(status=204)
    elif page == "home":
        answer = render(request, "citizen/home_live.html", home.context(account))
    elif page == "records":
        answer = render(request, "citizen/records_live.html", records.context(account, request.GET))
    else:
        raise Http404
    answer["Cache-Control"] = "no-store"
    return answer
