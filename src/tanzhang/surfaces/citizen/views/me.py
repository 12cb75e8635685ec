"""Me: the account's name, who may report for it, and the way to everything else of hers."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.people.api import AccountEntry, SourceConsent, sources_of
from tanzhang.surfaces.citizen.entry.channels import channel_lines
from tanzhang.surfaces.citizen.group_totals import person_total
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
    context = {
        "account": account,
        "programme": rules.programme_file(programme).title[spoken],
        "zone": rules.programme(programme).time_zone,
        "rows": [
            Row(source, consents[source.partner_id])
            for source in sources(programme, rules, spoken, consents)
        ],
        "sharing": sharing_of(account, spoken),
        "channels": channel_lines(account.id),
        "together": person_total(account, today_of(account, rules)),
        "tabs": tabs(),
    }
    return render(request, "citizen/me.html", context)
