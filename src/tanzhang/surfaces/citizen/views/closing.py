"""``/me/closing/``: leaving for good. First what becomes of everything, then one press.

Nothing is asked that was not asked when the account was opened.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tanzhang.apps.activities.api import appeals_of, own_accounts
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.ledger.api import balance_of
from tanzhang.apps.people import api as people
from tanzhang.apps.people.api import AccountEntry
from tanzhang.problems import Problem
from tanzhang.stored_time import day_number
from tanzhang.surfaces.citizen.tabs import tabs
from tanzhang.surfaces.citizen.views.family import group_name
from tanzhang.surfaces.citizen.views.identity import programme_of
from tanzhang.surfaces.citizen.visitor import for_citizens, log_out, today_of
from tanzhang.surfaces.look import moments


@for_citizens
def closing(request: HttpRequest, account: AccountEntry) -> HttpResponse:
    """Say what closing means; close when she says so."""
    problem = None
    if request.method == "POST" and request.POST.get("wish") == "close":
        try:
            return _closed(request, account)
        except Problem as refusal:
            problem = refusal
    rules, spoken = rulebook_in_force(), moments.language()
    with bulk_transaction() as cursor:
        reduction_mg, points = balance_of(cursor, account.subject_id, account.id)
        unanswered = sum(one.is_open for one in people.requests_of(cursor, account.subject_id))
        unanswered += sum(one.is_open for one in appeals_of(cursor, account.subject_id))
    programme = rules.programme_code(account.programme_id)
    context = {
        "account": account,
        "programme": programme_of(account, rules),
        "reduction_mg": reduction_mg,
        "points": points,
        "points_name": rules.points_title(programme, account.points_unit)[spoken],
        "to_hand_over": [group_name(one) for one in people.only_manager_of(account.id)],
        "unanswered": unanswered,
        "groups": sum(one.is_open for one in people.belongs_to(account.id)),
        "others": len(own_accounts(account)),
        "due_on": people.due_after_working_days(timezone.now()),
        "problem": problem,
        "tabs": tabs(),
    }
    return render(request, "citizen/closing.html", context, status=409 if problem else 200)


def _closed(request: HttpRequest, account: AccountEntry) -> HttpResponse:
    today = day_number(today_of(account, rulebook_in_force()))
    with bulk_transaction() as cursor:
        found = people.close_account(account)
        people.note_identity(cursor, account.id, people.EventKind.CLOSED)
        for one in people.belongs_to(account.id):
            if one.is_open and one.role is people.Role.MANAGER:
                people.leave_group(one.account, account, today=today)
            elif one.is_open:
                people.end_membership(cursor, one.account.id, account.id, on_day=today)
    log_out(request)
    return render(request, "citizen/closed.html", {"account": account, "due_on": found.due_on})
