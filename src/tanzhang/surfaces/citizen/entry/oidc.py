"""``/enter/oidc/<partner>/``: a partner's customer comes by the partner's own log-in.

The visit begins and ends in one session, which alone knows the visit's ``state``: an answer that
somebody else fetched is worth nothing here.
"""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from tanzhang.apps.partners.api import claims_in, oidc, provider_of
from tanzhang.apps.people.api import ADULT, FACTORS
from tanzhang.engine.packs.joining.words import CLAIMS
from tanzhang.problems import Problem
from tanzhang.surfaces.citizen.arrival import refused, take_in
from tanzhang.surfaces.citizen.guest import guest_of

#: What a session remembers of a visit to a partner's provider.
VISIT: Final = "oidc_visit"

FORBIDDEN, BAD_GATEWAY = 403, 502


@never_cache
@require_GET
def begin(request: HttpRequest, partner: str) -> HttpResponse:
    """Send her to the partner's provider."""
    callback = request.build_absolute_uri(reverse("citizen:oidc_callback", args=[partner]))
    try:
        address, visit = oidc.begin(provider_of(partner), callback)
    except Problem as problem:
        return _refused(request, problem)
    request.session[VISIT] = visit.as_kept()
    return HttpResponseRedirect(address)


@never_cache
@require_GET
def come_back(request: HttpRequest, partner: str) -> HttpResponse:
    """Take her in as whom the provider names. What the session remembers is good once."""
    kept = request.session.pop(VISIT, None)
    try:
        if kept is None or kept["partner"] != partner:
            raise Problem("partners.oidc_refused")
        provider = provider_of(partner)
        found = oidc.finish(provider, oidc.Visit(**kept), request.GET.dict())
        claims = claims_in(found.claims, (*CLAIMS, *FACTORS, ADULT))
        guest = guest_of(provider.partner, found.person, found.phone, claims)
        taken_in = take_in(request, guest, "oidc")
    except Problem as problem:
        return _refused(request, problem)
    return taken_in or HttpResponseRedirect(reverse("citizen:join"))


def _refused(request: HttpRequest, problem: Problem) -> HttpResponse:
    is_theirs = problem.code == "partners.oidc_unreachable"
    return refused(request, problem, BAD_GATEWAY if is_theirs else FORBIDDEN)
