"""Accounts by handle: balances, acts, consent. Who somebody is stands here masked alone."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tanzhang.apps.activities.api import EventLine, grams, kilograms, statement
from tanzhang.apps.catalogue.api import RulesInForce, rulebook_in_force
from tanzhang.apps.partners.api import PartnerLine, partner_lines
from tanzhang.apps.people import api as people
from tanzhang.apps.people.api import AccountEntry
from tanzhang.problems import Problem
from tanzhang.surfaces.console.noting import note_look
from tanzhang.surfaces.console.pages import PAGE_ROWS, allowed, may, page, spoken
from tanzhang.surfaces.console.paging import number_of
from tanzhang.surfaces.console.personal import masked_lines, masked_names, purposes
from tanzhang.surfaces.console.times import day, instant
from tanzhang.surfaces.console.trail import trail
from tanzhang.surfaces.console.views.belonging import membership_lines

#: The latest acts that an account's page lists.
ACTS_SHOWN = 20


@allowed("look")
def accounts(request: HttpRequest) -> HttpResponse:
    """Accounts, the latest opened first."""
    rules = rulebook_in_force()
    found = people.latest_accounts(PAGE_ROWS, number_of(request, "before"))
    names = masked_names([opened.account.subject_id for opened in found])
    rows = [
        {
            "name": names.get(opened.account.subject_id, ""),
            "number": opened.account.id,
            "handle": opened.account.handle,
            "programme": rules.programme_code(opened.account.programme_id),
            "joined": day(opened.account.joined_day),
            "opened_at": opened.opened_at,
        }
        for opened in found
    ]
    more = rows[-1]["number"] if len(rows) == PAGE_ROWS else None
    return page(request, "accounts", _("Accounts"), rows=rows, more=more)


@allowed("look")
def account(request: HttpRequest, handle: str) -> HttpResponse:
    """One account by its handle or number."""
    entry = people.account(handle)
    if entry is None:
        raise Problem("console.page_unknown", name=handle)
    note_look(request, entry.subject_id, ["account", "acts", "consents"])
    rules, lang = rulebook_in_force(), spoken()
    found = statement(entry, rules)
    partners = {line.id: line for line in partner_lines()}
    return page(
        request,
        "account",
        entry.handle,
        crumbs=trail("accounts"),
        entry=entry,
        programme=found.programme,
        joined=day(entry.joined_day),
        reduction=grams(found.reduction_mg, lang),
        reduction_kg=kilograms(found.reduction_mg, lang),
        points=found.points,
        points_name=rules.points_title(found.programme, entry.points_unit)[lang],
        belongs_to=membership_lines(people.belongs_to(entry.id)),
        members=membership_lines(people.members_of(entry.id)),
        may_hold=may(request, "hold"),
        scenes=[
            {
                "title": total.title[lang],
                "acts": total.acts,
                "reduction": grams(total.reduction_mg, lang),
                "points": total.points,
            }
            for total in found.scenes
        ],
        acts=_acts(found.events[:ACTS_SHOWN], rules, found.programme, lang),
        acts_in_all=len(found.events),
        consents=_consents(entry, partners, lang),
        personal=masked_lines(entry.subject_id, lang),
        may_reveal=may(request, "reveal"),
        reveal_purposes=purposes(),
    )


def _acts(
    events: Sequence[EventLine], rules: RulesInForce, programme: str, lang: str
) -> list[dict[str, object]]:
    zone = ZoneInfo(rules.programme(programme).time_zone)
    return [
        {
            "event": line.event,
            "scene": rules.scene_title(programme, line.scene)[lang],
            "started_at": instant(line.started_us).astimezone(zone),
            "status": line.status,
            "reduction": grams(line.reduction_mg, lang),
            "points": line.points,
        }
        for line in events
    ]


def _consents(
    entry: AccountEntry, partners: dict[int, PartnerLine], lang: str
) -> list[dict[str, object]]:
    return [
        {
            "code": partners[window.partner_id].code,
            "title": partners[window.partner_id].title(lang),
            "from_at": instant(window.from_us),
            "to_at": None if window.to_us is None else instant(window.to_us),
        }
        for window in people.consents_of(entry.id)
    ]
