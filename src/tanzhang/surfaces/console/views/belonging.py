"""Accounts of groups: opening one that citizens may not make, and who belongs to it."""

from __future__ import annotations

from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from tanzhang.apps.activities.api import local_today
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people
from tanzhang.apps.people.api import AccountEntry, MembershipEntry, Role
from tanzhang.problems import Problem
from tanzhang.stored_time import day_number
from tanzhang.surfaces.console.journal import record
from tanzhang.surfaces.console.models import Kind, Verb
from tanzhang.surfaces.console.pages import allowed, go
from tanzhang.surfaces.console.times import day

#: Kinds of accounts that staff neither open nor fill.
MADE_BY_THEMSELVES: Final = ("person", "household")


@allowed("hold", posts=True)
def open_group(request: HttpRequest) -> HttpResponse:
    """Open an account for a public body, an enterprise, a team or a community.

    A household is made by one of its members: nobody else puts a person into it.
    """
    rules, code = rulebook_in_force(), request.POST.get("programme", "")
    kinds, kind = rules.programme_file(code).accounts, request.POST.get("kind", "")
    if kind not in kinds or kind in MADE_BY_THEMSELVES:
        raise Problem("subjects.kind_not_offered")
    wanted = people.NewGroup(
        kind=people.kind_of(kind),
        programme=code,
        programme_id=rules.programme_ids[code],
        points_unit=kinds[kind].unit,
        today=day_number(local_date(rules.programme(code).time_zone)),
    )
    with transaction.atomic():
        group = people.open_group(wanted, by=request.user.get_username())
        record(request, Verb.ADDED, Kind.ACCOUNT, group.handle)
    messages.success(request, _("The account is open."))
    return go("account", group.handle)


@allowed("hold", posts=True)
def members(request: HttpRequest, handle: str) -> HttpResponse:
    """Let an account belong to this one from today on, or no more.

    Into a household staff puts nobody, and can only end a membership.
    """
    group, member = _named(handle), _named(request.POST.get("member", "").strip())
    today = day_number(local_today(group, rulebook_in_force(), timezone.now()))
    who, is_end = request.user.get_username(), request.POST.get("wish") == "end"
    with transaction.atomic(), bulk_transaction() as cursor:
        if is_end:
            people.end_membership(cursor, group.id, member.id, on_day=today, by=who)
        else:
            role = Role.MANAGER if request.POST.get("role") == "manager" else Role.MEMBER
            people.add_member(cursor, people.Joining(group, member, today, role=role, staff=who))
        note = f"{member.handle} –" if is_end else f"{member.handle} +"
        record(request, Verb.CHANGED, Kind.ACCOUNT, group.handle, note, of=member.subject_id)
    return go("account", group.handle)


def membership_lines(entries: list[MembershipEntry]) -> list[dict[str, object]]:
    """Memberships as a page lists them."""
    return [
        {
            "handle": entry.account.handle,
            "kind": entry.account.kind.word,
            "role": entry.role.value,
            "from_on": day(entry.from_day),
            "to_on": None if entry.to_day is None else day(entry.to_day),
            "by": entry.made_by,
        }
        for entry in entries
    ]


def local_date(zone: str) -> date:
    """Today in a zone."""
    return timezone.now().astimezone(ZoneInfo(zone)).date()


def _named(handle: str) -> AccountEntry:
    found = people.account(handle)
    if found is None:
        raise Problem("console.page_unknown", name=handle)
    return found
