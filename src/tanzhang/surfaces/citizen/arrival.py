"""Arriving: what a guest is shown, and what happens when she goes on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from tanzhang.apps.activities.api import heading
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.partners.api import partner_lines
from tanzhang.apps.people.api import AccountEntry, account_by_ref, current_wording, link_phone
from tanzhang.problems import Problem
from tanzhang.surfaces.citizen.guest import phone_of
from tanzhang.surfaces.citizen.sources import sources
from tanzhang.surfaces.citizen.visitor import GUEST, account_of, log_in
from tanzhang.surfaces.look import moments


def known(guest: dict[str, Any]) -> AccountEntry | None:
    """The account that the host's reference means already."""
    return account_by_ref(guest["host"], bytes.fromhex(guest["refs"][str(guest["host"])]))


def show(request: HttpRequest, guest: dict[str, Any], link: Mapping[str, str]) -> HttpResponse:
    """Say whom a link names, and what she would do with it; nothing is done yet."""
    account = known(guest)
    if account is None:
        return consent_page(request, guest, link=link)
    context = {"account": account, "link": link} | _named(request, guest)
    return render(request, "citizen/continue.html", context)


def take_in(request: HttpRequest, guest: dict[str, Any]) -> HttpResponse | None:
    """Log in whoever has an account; who has none becomes a guest, and None is returned."""
    account = known(guest)
    if account is None:
        request.session[GUEST] = guest
        return None
    if phone := phone_of(guest):
        link_phone(account, phone)
    log_in(request, account.id)
    return HttpResponseRedirect(reverse("citizen:home"))


def consent_page(
    request: HttpRequest,
    guest: dict[str, Any],
    *,
    link: Mapping[str, str] | None = None,
    problem: Problem | None = None,
) -> HttpResponse:
    """What she would agree to, with the link that brought her if it is still to be used."""
    spoken = moments.language()
    rules, wording = rulebook_in_force(), current_wording()
    context = _named(request, guest) | {
        "programme": rules.programme_file(guest["programme"]).title[spoken],
        "operator": rules.programme_file(guest["programme"]).operator[spoken],
        "paragraphs": wording.paragraphs(spoken),
        "wording": wording,
        "link": link,
        "problem": problem,
        "steps": [gettext("Your bank"), gettext("Consent"), gettext("Carbon account")],
    }
    return render(request, "citizen/join.html", context, status=409 if problem else 200)


def refused(request: HttpRequest, problem: Problem, status: int = 403) -> HttpResponse:
    """The page that says why nobody enters."""
    return render(request, "citizen/refused.html", {"problem": problem}, status=status)


def _named(request: HttpRequest, guest: dict[str, Any]) -> dict[str, Any]:
    """Who vouches for her, which sources know her, and the account that this browser has open."""
    numbers, spoken = {int(number) for number in guest["refs"]}, moments.language()
    host = next(line for line in partner_lines() if line.id == guest["host"])
    return {
        "sources": sources(guest["programme"], rulebook_in_force(), spoken, numbers),
        "host": heading(host.title(spoken)),
        "current": account_of(request),
    }
