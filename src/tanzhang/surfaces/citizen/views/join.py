"""Joining: a guest reads what she agrees to, and her account opens."""

from __future__ import annotations

import time
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from tanzhang.apps.people.api import Wording, current_wording, open_account
from tanzhang.problems import Problem
from tanzhang.surfaces.citizen.arrival import consent_page
from tanzhang.surfaces.citizen.guest import is_fresh, opening_of
from tanzhang.surfaces.citizen.visitor import GUEST, log_in


@never_cache
def join(request: HttpRequest) -> HttpResponse:
    """Show the guest of this session the consent; open the account when she agrees."""
    guest = request.session.get(GUEST)
    if guest is None or not is_fresh(guest):
        request.session.pop(GUEST, None)
        return HttpResponseRedirect(reverse("citizen:welcome"))
    return decide(request, guest)


def decide(request: HttpRequest, guest: dict[str, Any]) -> HttpResponse:
    """Open the account if she has agreed to the present wording, else show it."""
    wording = current_wording()
    # Agreed to is what was read: after a change of the wording the new one is shown.
    if request.method == "POST" and request.POST.get("wording") == wording.digest:
        return _open(request, guest, wording)
    return consent_page(request, guest)


def _open(request: HttpRequest, guest: dict[str, Any], wording: Wording) -> HttpResponse:
    try:
        account, is_new = open_account(opening_of(guest, wording.id, time.time_ns() // 1_000))
    except Problem as problem:
        return consent_page(request, guest, problem=problem)
    log_in(request, account.id)
    if is_new:
        messages.success(request, gettext("Your carbon account is open."))
    return HttpResponseRedirect(reverse("citizen:home"))
