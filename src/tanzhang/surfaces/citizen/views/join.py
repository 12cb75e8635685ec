"""Joining: a host hands its customer over, she reads what she agrees to, and her account opens."""

from __future__ import annotations

import time
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.people.api import (
    Wording,
    account_by_ref,
    current_wording,
    link_phone,
    open_account,
    redeem_ticket,
)
from tanzhang.problems import Problem
from tanzhang.surfaces.citizen.guest import guest_of, is_fresh, opening_of
from tanzhang.surfaces.citizen.sources import sources
from tanzhang.surfaces.citizen.visitor import GUEST, log_in
from tanzhang.surfaces.look import moments


@never_cache
def join(request: HttpRequest) -> HttpResponse:
    """Take the guest from her ticket; show the consent; open the account when she agrees."""
    if "ticket" in request.GET:
        return _arrive(request, request.GET["ticket"])
    guest = request.session.get(GUEST)
    if guest is None or not is_fresh(guest):
        request.session.pop(GUEST, None)
        return HttpResponseRedirect(reverse("citizen:welcome"))
    wording = current_wording()
    # Agreed to is what was read: after a change of the wording the new one is shown.
    if request.method == "POST" and request.POST.get("wording") == wording.digest:
        return _open(request, guest, wording)
    return _consent(request, guest, wording)


def _arrive(request: HttpRequest, ticket: str) -> HttpResponse:
    try:
        guest = guest_of(redeem_ticket(ticket))
    except Problem as problem:
        return render(request, "citizen/refused.html", {"problem": problem}, status=403)
    known = account_by_ref(guest["host"], bytes.fromhex(guest["refs"][str(guest["host"])]))
    if known is not None:
        if guest["phone"]:
            link_phone(known, bytes.fromhex(guest["phone"]))
        log_in(request, known.id)
        return HttpResponseRedirect(reverse("citizen:home"))
    request.session[GUEST] = guest
    return HttpResponseRedirect(reverse("citizen:join"))


def _consent(
    request: HttpRequest, guest: dict[str, Any], wording: Wording, problem: Problem | None = None
) -> HttpResponse:
    spoken = moments.language()
    rules = rulebook_in_force()
    context = {
        "programme": rules.programme_file(guest["programme"]).title[spoken],
        "operator": rules.programme_file(guest["programme"]).operator[spoken],
        "sources": sources(
            guest["programme"], rules, spoken, {int(number) for number in guest["refs"]}
        ),
        "paragraphs": wording.paragraphs(spoken),
        "wording": wording,
        "problem": problem,
        "steps": [gettext("Your bank"), gettext("Consent"), gettext("Carbon account")],
    }
    return render(request, "citizen/join.html", context, status=409 if problem else 200)


def _open(request: HttpRequest, guest: dict[str, Any], wording: Wording) -> HttpResponse:
    try:
        account, is_new = open_account(opening_of(guest, wording.id, time.time_ns() // 1_000))
    except Problem as problem:
        return _consent(request, guest, wording, problem)
    log_in(request, account.id)
    if is_new:
        messages.success(request, gettext("Your carbon account is open."))
    return HttpResponseRedirect(reverse("citizen:home"))
