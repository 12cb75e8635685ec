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
    AccountEntry,
    Wording,
    account_by_ref,
    current_wording,
    link_phone,
    open_account,
    read_ticket,
    redeem_ticket,
)
from tanzhang.problems import Problem
from tanzhang.surfaces.citizen.guest import guest_of, is_fresh, opening_of
from tanzhang.surfaces.citizen.sources import sources
from tanzhang.surfaces.citizen.visitor import GUEST, account_of, log_in
from tanzhang.surfaces.look import moments


@never_cache
def join(request: HttpRequest) -> HttpResponse:
    """Take the guest from her ticket; show the consent; open the account when she agrees.

    Nothing happens by looking: a ticket is redeemed, and she is logged in, when she sends a form of
    ours, so that nobody can put her into a stranger's account by a link.
    """
    if request.method == "POST" and "ticket" in request.POST:
        return _arrive(request, request.POST["ticket"])
    if request.method != "POST" and "ticket" in request.GET:
        return _look(request, request.GET["ticket"])
    guest = request.session.get(GUEST)
    if guest is None or not is_fresh(guest):
        request.session.pop(GUEST, None)
        return HttpResponseRedirect(reverse("citizen:welcome"))
    return _decide(request, guest)


def _look(request: HttpRequest, ticket: str) -> HttpResponse:
    """Say whom the ticket names, and what she would do with it."""
    try:
        guest = guest_of(read_ticket(ticket))
    except Problem as problem:
        return _refused(request, problem)
    known, current = _known(guest), account_of(request)
    if known is None:
        return _consent(request, guest, ticket=ticket)
    if current is not None and current.id == known.id:
        return _arrive(request, ticket)
    context = {"account": known, "ticket": ticket} | _named(request, guest)
    return render(request, "citizen/continue.html", context)


def _arrive(request: HttpRequest, ticket: str) -> HttpResponse:
    """Redeem the ticket: who has an account is logged in, who has none becomes a guest."""
    try:
        guest = guest_of(redeem_ticket(ticket))
    except Problem as problem:
        return _refused(request, problem)
    known = _known(guest)
    if known is None:
        request.session[GUEST] = guest
        return _decide(request, guest)
    if guest["phone"]:
        link_phone(known, bytes.fromhex(guest["phone"]))
    log_in(request, known.id)
    return HttpResponseRedirect(reverse("citizen:home"))


def _decide(request: HttpRequest, guest: dict[str, Any]) -> HttpResponse:
    wording = current_wording()
    # Agreed to is what was read: after a change of the wording the new one is shown.
    if request.method == "POST" and request.POST.get("wording") == wording.digest:
        return _open(request, guest, wording)
    return _consent(request, guest)


def _known(guest: dict[str, Any]) -> AccountEntry | None:
    return account_by_ref(guest["host"], bytes.fromhex(guest["refs"][str(guest["host"])]))


def _refused(request: HttpRequest, problem: Problem) -> HttpResponse:
    return render(request, "citizen/refused.html", {"problem": problem}, status=403)


def _named(request: HttpRequest, guest: dict[str, Any]) -> dict[str, Any]:
    """Who vouches for her, which sources know her, and the account that this browser has open."""
    numbers = {int(number) for number in guest["refs"]}
    named = sources(guest["programme"], rulebook_in_force(), moments.language(), numbers)
    host = next(source.title for source in named if source.partner_id == guest["host"])
    return {"sources": named, "host": host, "current": account_of(request)}


def _consent(
    request: HttpRequest,
    guest: dict[str, Any],
    *,
    ticket: str = "",
    problem: Problem | None = None,
) -> HttpResponse:
    spoken = moments.language()
    rules, wording = rulebook_in_force(), current_wording()
    context = _named(request, guest) | {
        "programme": rules.programme_file(guest["programme"]).title[spoken],
        "operator": rules.programme_file(guest["programme"]).operator[spoken],
        "paragraphs": wording.paragraphs(spoken),
        "wording": wording,
        "ticket": ticket,
        "problem": problem,
        "steps": [gettext("Your bank"), gettext("Consent"), gettext("Carbon account")],
    }
    return render(request, "citizen/join.html", context, status=409 if problem else 200)


def _open(request: HttpRequest, guest: dict[str, Any], wording: Wording) -> HttpResponse:
    try:
        account, is_new = open_account(opening_of(guest, wording.id, time.time_ns() // 1_000))
    except Problem as problem:
        return _consent(request, guest, problem=problem)
    log_in(request, account.id)
    if is_new:
        messages.success(request, gettext("Your carbon account is open."))
    return HttpResponseRedirect(reverse("citizen:home"))
