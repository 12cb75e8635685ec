"""Me: the account's name, and consent source by source."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.contrib import messages
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.people.api import (
    COLLECT,
    AccountEntry,
    SourceConsent,
    current_wording,
    grant,
    sources_of,
    withdraw,
)
from tanzhang.problems import Problem
from tanzhang.surfaces.citizen.asking import button_of
from tanzhang.surfaces.citizen.entry.channels import channel_lines
from tanzhang.surfaces.citizen.group_totals import person_total
from tanzhang.surfaces.citizen.pressing import new_press, press_of
from tanzhang.surfaces.citizen.sources import Source, sources
from tanzhang.surfaces.citizen.tabs import tabs
from tanzhang.surfaces.citizen.views.sharing import sharing_of
from tanzhang.surfaces.citizen.visitor import for_citizens, today_of
from tanzhang.surfaces.look import moments


@dataclass(frozen=True, slots=True)
class Row:
    """A source and the consent that it has."""

    source: Source
    consent: SourceConsent


@require_safe
@for_citizens
def me(request: HttpRequest, account: AccountEntry) -> HttpResponse:
    """The page."""
    rules, spoken = rulebook_in_force(), moments.language()
    programme = rules.programme_code(account.programme_id)
    consents = {consent.partner_id: consent for consent in sources_of(account.id)}
    wording = current_wording()
    context = {
        "account": account,
        "programme": rules.programme_file(programme).title[spoken],
        "zone": rules.programme(programme).time_zone,
        "rows": [
            Row(source, consents[source.partner_id])
            for source in sources(programme, rules, spoken, consents)
        ],
        "wording": wording,
        "paragraphs": wording.paragraphs(spoken),
        "sharing": sharing_of(account, spoken),
        "channels": channel_lines(account.id),
        "press": new_press,
        "together": person_total(account, today_of(account, rules)),
        "tabs": tabs(),
    }
    return render(request, "citizen/me.html", context)


@require_POST
@for_citizens
def consent(request: HttpRequest, account: AccountEntry) -> HttpResponse:
    """Grant or withdraw consent to one source, and say what follows."""
    number = request.POST.get("source", "")
    known = {str(source.partner_id) for source in sources_of(account.id)}
    if number in known:
        now_us = time.time_ns() // 1_000
        if request.POST.get("wish") == "withdraw":
            withdraw(account, int(number))
            text = gettext(
                "Consent is withdrawn. From now on nothing is collected from this source."
            )
        elif request.POST.get("wish") == "grant":
            wording = current_wording()
            # Agreed to is what was read: after a change of the wording the new one is shown.
            if request.POST.get("wording") != wording.digest:
                messages.error(
                    request,
                    gettext("The text that you agree to has changed. Read it, then allow again."),
                )
                return HttpResponseRedirect(reverse("citizen:me"))
            programme = rulebook_in_force().programme_code(account.programme_id)
            press = press_of(request, programme, button_of(COLLECT))
            try:
                grant(account, int(number), text_id=wording.id, at_us=now_us, press=press)
            except Problem as problem:
                messages.error(request, problem.text(moments.language()))
                return HttpResponseRedirect(reverse("citizen:me"))
            text = gettext("Consent is given. From now on acts at this source can count.")
        else:
            return HttpResponseBadRequest()
        messages.success(request, text)
    return HttpResponseRedirect(reverse("citizen:me"))
