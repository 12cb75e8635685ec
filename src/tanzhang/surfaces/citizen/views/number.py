"""``/me/identity/number/``: another phone number, once the old one or a host has vouched."""

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

from tanzhang.apps.people.api import (
    AccountEntry,
    ask_code,
    change_number,
    has_phone,
    host_stands_for_it,
    prove_old_number,
)
from tanzhang.config.requests import address_of
from tanzhang.problems import Problem
from tanzhang.surfaces.citizen.forms import CodeForm, PhoneForm
from tanzhang.surfaces.citizen.tabs import tabs
from tanzhang.surfaces.citizen.views.log_in import TOO_MANY, TOO_OFTEN, UNPROCESSABLE
from tanzhang.surfaces.citizen.visitor import ASKED, CHANGING, SHOWN, came, for_citizens, stay

#: How long the old number stays shown.
LIFE: Final = timedelta(minutes=15)


@for_citizens
def number(request: HttpRequest, account: AccountEntry) -> HttpResponse:
    """Ask for the old number, or for the new one if the old one was shown."""
    form = PhoneForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, account, form)
    is_new = _may_change(request, account)
    try:
        if not is_new and not has_phone(account.id):
            raise Problem("identity.log_in_again")
        phone = form.cleaned_data["phone"]
        asked = ask_code(phone, address_of(request), to_anybody=is_new)
    except Problem as problem:
        return _page(request, account, form, problem)
    request.session[ASKED], request.session[SHOWN] = asked.id, asked.shown
    return HttpResponseRedirect(reverse("citizen:number_code"))


@for_citizens
def number_code(request: HttpRequest, account: AccountEntry) -> HttpResponse:
    """Ask for the code: to the old number first, then to the new one."""
    if ASKED not in request.session:
        return HttpResponseRedirect(reverse("citizen:number"))
    form = CodeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, account, form)
    asked, typed = request.session[ASKED], form.cleaned_data["code"]
    is_new = _may_change(request, account)
    try:
        if is_new:
            change_number(account, asked, typed)
        else:
            prove_old_number(account, asked, typed)
    except Problem as problem:
        return _page(request, account, form, problem)
    for used in (ASKED, SHOWN):
        request.session.pop(used, None)
    if not is_new:
        until = time.time() + LIFE.total_seconds()
        request.session[CHANGING] = {"account": account.id, "until": until}
        return HttpResponseRedirect(reverse("citizen:number"))
    request.session.pop(CHANGING, None)
    stay(request)
    text = gettext(
        "From now on the new number opens this account, and the old one does not. Every other"
        " log-in has ended. For 24 hours nothing of value can be moved out of the account."
    )
    messages.success(request, text)
    return HttpResponseRedirect(reverse("citizen:identity"))


def _may_change(request: HttpRequest, account: AccountEntry) -> bool:
    """Whether the old number was shown in this session, or a host began it just now."""
    shown: dict[str, Any] | None = request.session.get(CHANGING)
    if shown is not None and time.time() < float(shown["until"]):
        return bool(shown["account"] == account.id)
    begun = came(request)
    return begun.host_id is not None and host_stands_for_it(account, begun.host_id, begun.at)


def _page(
    request: HttpRequest, account: AccountEntry, form: Form, problem: Problem | None = None
) -> HttpResponse:
    is_code, is_new = isinstance(form, CodeForm), _may_change(request, account)
    status = 200 if problem is None else UNPROCESSABLE
    if problem is not None and problem.code in TOO_OFTEN:
        status = TOO_MANY
    context = {
        "form": form,
        "problem": problem,
        "is_code": is_code,
        "is_new": is_new,
        "steps": [gettext("Old number"), gettext("New number")],
        "step": 2 if is_new else 1,
        "has_phone": has_phone(account.id),
        "shown": request.session.get(SHOWN) if is_code else None,
        "tabs": tabs(),
    }
    return render(request, "citizen/number.html", context, status=status)
