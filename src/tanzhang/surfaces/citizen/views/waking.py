"""``/log-in/wake/``: an account that nobody used for long wants more than its phone."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from tanzhang.apps.people.api import Way, spend_code, wake
from tanzhang.problems import Problem
from tanzhang.surfaces.citizen.forms import IdentityForm
from tanzhang.surfaces.citizen.visitor import ASKED, ASLEEP, SHOWN, enter

#: How long the phone that was shown stays shown.
LIFE: Final = timedelta(minutes=5)


def fall_asleep(request: HttpRequest, account_id: int) -> HttpResponse:
    """Remember that the phone of a sleeping account was shown, and ask for the number."""
    asked = request.session.pop(ASKED)
    request.session.pop(SHOWN, None)
    request.session[ASLEEP] = {
        "account": account_id,
        "asked": asked,
        "until": time.time() + LIFE.total_seconds(),
    }
    return HttpResponseRedirect(reverse("citizen:waking"))


@never_cache
def waking(request: HttpRequest) -> HttpResponse:
    """Ask for the identity number that a host vouched for. A wrong one costs the code."""
    asleep: dict[str, Any] | None = request.session.get(ASLEEP)
    if asleep is None or time.time() >= float(asleep["until"]):
        return HttpResponseRedirect(reverse("citizen:log_in"))
    form = IdentityForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "citizen/waking.html", {"form": form})
    del request.session[ASLEEP]
    try:
        spend_code(asleep["asked"])  # one try for one code, so that nobody can go through numbers
        admitted = wake(asleep["account"], Way.PHONE, form.cleaned_data["number"])
    except Problem as problem:
        context = {"form": IdentityForm(), "problem": problem, "is_over": True}
        return render(request, "citizen/waking.html", context, status=422)
    enter(request, asleep["account"], admitted)
    return HttpResponseRedirect(reverse("citizen:home"))
