"""The sample bank's app: choose whom to play, look round, join low-carbon, do something."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.people.api import account
from tanzhang.problems import Problem, sentences
from tanzhang.surfaces.host.customers import (
    CUSTOMERS,
    PROGRAMME,
    choose_customer,
    chosen_customer,
)
from tanzhang.surfaces.host.playing import SCENES, plays
from tanzhang.surfaces.host.services import services
from tanzhang.surfaces.look import moments
from tanzhang.workbench.city.live import ActNow, act_now
from tanzhang.workbench.sample_bank import bank_link


@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The bank's home page, or first the choice of a customer."""
    customer = chosen_customer(request)
    context: dict[str, Any] = {
        "customer": customer,
        "customers": CUSTOMERS,
        "services": services(),
    }
    if customer is not None:
        rules = rulebook_in_force()
        context |= {
            "plays": list(plays(rules, moments.language())),
            "has_account": account(customer.handle) is not None,
        }
    return render(request, "host/home.html", context)


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Play a customer, or none."""
    choose_customer(request, request.POST.get("person", ""))
    return HttpResponseRedirect(reverse("host:home"))


@require_POST
def join(request: HttpRequest) -> HttpResponse:
    """The icon: hand the customer over to the carbon account."""
    customer = chosen_customer(request)
    if customer is None:
        return HttpResponseRedirect(reverse("host:home"))
    try:
        link = bank_link(customer.person, customer.phone, request.get_host())
    except Problem as problem:
        messages.error(request, problem.text(moments.language()))
        return HttpResponseRedirect(reverse("host:home"))
    return HttpResponseRedirect(f"{reverse('citizen:enter')}?{urlencode(link.fields)}")


@require_POST
def serve(request: HttpRequest) -> HttpResponse:
    """What the bank does for its customers; whether they joined low-carbon is never asked."""
    wanted = request.POST.get("service", "")
    done = next((service.done for service in services() if service.code == wanted), None)
    if chosen_customer(request) is not None and done is not None:
        messages.success(request, done)
    return HttpResponseRedirect(reverse("host:home"))


@require_POST
def play(request: HttpRequest) -> HttpResponse:
    """Let the customer do something now; its partner reports it at once."""
    customer, scene = chosen_customer(request), request.POST.get("scene", "")
    if customer is None or scene not in SCENES:
        return HttpResponseRedirect(reverse("host:home"))
    try:
        _tell(request, act_now(customer.handle, scene, programme=PROGRAMME))
    except Problem as problem:
        messages.error(request, problem.text(moments.language()))
    return HttpResponseRedirect(reverse("host:home"))


def _tell(request: HttpRequest, act: ActNow) -> None:
    if act.verdict == "accepted":
        text = gettext("The act is reported. Look into the carbon account: it is there already.")
        messages.success(request, text)
        return
    refusal = sentences()[f"door.{act.code}"][moments.language()]
    messages.error(request, " ".join((refusal["what"], refusal["why"])))
