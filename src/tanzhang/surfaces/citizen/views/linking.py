"""``/me/identity/link/``: another account of the same person, shown by its own log-in and more.

She is logged in to one account. The other is shown by a code to its phone, or by its host that
sends her over (``entry.link``); that both are one person's, hosts have vouched. She reads what will
change before anything does.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any, Final

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from tanzhang.apps.activities.api import link_own, own_accounts, plan_link, undo_link
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.people.api import AccountEntry, account_numbered, ask_code, check_code
from tanzhang.config.requests import address_of
from tanzhang.problems import Problem
from tanzhang.stored_time import date_of
from tanzhang.surfaces.citizen.forms import CodeForm, PhoneForm
from tanzhang.surfaces.citizen.tabs import tabs
from tanzhang.surfaces.citizen.views.identity import FACTOR_TITLES, programme_of
from tanzhang.surfaces.citizen.views.log_in import TOO_MANY, TOO_OFTEN, UNPROCESSABLE
from tanzhang.surfaces.citizen.visitor import ASKED, OTHER, SHOWN, for_citizens

#: How long the other account stays shown.
LIFE: Final = timedelta(minutes=10)


@for_citizens
def link_other(request: HttpRequest, account: AccountEntry) -> HttpResponse:
    """Ask for the phone of the other account."""
    form = PhoneForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form)
    try:
        asked = ask_code(form.cleaned_data["phone"], address_of(request))
    except Problem as problem:
        return _page(request, form, problem)
    request.session[ASKED], request.session[SHOWN] = asked.id, asked.shown
    return HttpResponseRedirect(reverse("citizen:link_code"))


@for_citizens
def link_code(request: HttpRequest, account: AccountEntry) -> HttpResponse:
    """Ask for the code that went to the other account's phone."""
    if ASKED not in request.session:
        return HttpResponseRedirect(reverse("citizen:link_other"))
    form = CodeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form)
    try:
        other_id = check_code(request.session[ASKED], form.cleaned_data["code"])
    except Problem as problem:
        return _page(request, form, problem)
    for used in (ASKED, SHOWN):
        request.session.pop(used, None)
    remember_other(request, other_id)
    return HttpResponseRedirect(reverse("citizen:link_confirm"))


def remember_other(request: HttpRequest, account_id: int) -> None:
    """Remember for some minutes that somebody has shown a way into another account too."""
    request.session[OTHER] = {"account": account_id, "until": time.time() + LIFE.total_seconds()}


@for_citizens
def link_confirm(request: HttpRequest, account: AccountEntry) -> HttpResponse:
    """Say what linking changes, and link when she says so."""
    other = _other(request)
    if other is None:
        return HttpResponseRedirect(reverse("citizen:link_other"))
    try:
        plan = plan_link(account, other)
        if request.method == "POST":
            link_own(account, other)
            del request.session[OTHER]
            text = gettext(
                "Both accounts are linked. What was reported of one act in both counts once; the"
                " pages of the acts say which."
            )
            messages.success(request, text)
            return HttpResponseRedirect(reverse("citizen:identity"))
    except Problem as problem:
        context = {"problem": problem, "tabs": tabs()}
        return render(request, "citizen/link_refused.html", context, status=409)
    rules = rulebook_in_force()
    context = {
        "account": account,
        "other": other,
        "programme": programme_of(account, rules),
        "other_programme": programme_of(other, rules),
        "factor": FACTOR_TITLES[plan.factor],
        "from_day": date_of(plan.from_day),
        "tabs": tabs(),
    }
    return render(request, "citizen/link_confirm.html", context)


@require_POST
@for_citizens
def link_undo(request: HttpRequest, account: AccountEntry) -> HttpResponse:
    """Take a link back."""
    wanted = request.POST.get("account", "")
    found = next((own for own in own_accounts(account) if str(own.account.id) == wanted), None)
    if found is not None:
        try:
            undo_link(account, found.account)
        except Problem as problem:
            context = {"problem": problem, "tabs": tabs()}
            return render(request, "citizen/link_refused.html", context, status=409)
        messages.success(request, gettext("The link is taken back, as if it had never been."))
    return HttpResponseRedirect(reverse("citizen:identity"))


def _other(request: HttpRequest) -> AccountEntry | None:
    """The other account that was shown in this session, while that is fresh."""
    shown: dict[str, Any] | None = request.session.get(OTHER)
    if shown is None or time.time() >= float(shown["until"]):
        request.session.pop(OTHER, None)
        return None
    return account_numbered(int(shown["account"]))


def _page(request: HttpRequest, form: Form, problem: Problem | None = None) -> HttpResponse:
    is_code = isinstance(form, CodeForm)
    status = 200 if problem is None else UNPROCESSABLE
    if problem is not None and problem.code in TOO_OFTEN:
        status = TOO_MANY
    context = {
        "form": form,
        "problem": problem,
        "is_code": is_code,
        "shown": request.session.get(SHOWN) if is_code else None,
        "tabs": tabs(),
    }
    return render(request, "citizen/link_other.html", context, status=status)
