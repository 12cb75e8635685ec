"""Joining: a guest shows by a one-time code that a phone is hers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.people.api import (
    Way,
    account_numbered,
    account_of_phone,
    ask_code,
    use_code,
)
from tanzhang.config.requests import address_of
from tanzhang.problems import Problem
from tanzhang.surfaces.citizen.forms import CodeForm, PhoneForm
from tanzhang.surfaces.citizen.guest import with_phone
from tanzhang.surfaces.citizen.views.join import guest_in
from tanzhang.surfaces.citizen.views.log_in import TOO_MANY, TOO_OFTEN, UNPROCESSABLE
from tanzhang.surfaces.citizen.views.waking import fall_asleep
from tanzhang.surfaces.citizen.visitor import ASKED, GUEST, SHOWN, log_in
from tanzhang.surfaces.look import moments


@never_cache
def join_phone(request: HttpRequest) -> HttpResponse:
    """Ask the guest for her phone, and have a code sent to it."""
    guest = guest_in(request)
    if guest is None:
        return HttpResponseRedirect(reverse("citizen:join"))
    form = PhoneForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, guest, form)
    try:
        asked = ask_code(form.cleaned_data["phone"], address_of(request), to_anybody=True)
    except Problem as problem:
        return _page(request, guest, form, problem)
    request.session[ASKED], request.session[SHOWN] = asked.id, asked.shown
    return HttpResponseRedirect(reverse("citizen:join_code"))


@never_cache
def join_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code. A phone that opens an account of this programme already is led to it.

    Whoever comes by a host as well stays a guest, logged in to that account, and decides whether
    the host shall open it too.
    """
    guest = guest_in(request)
    if guest is None or ASKED not in request.session:
        return HttpResponseRedirect(reverse("citizen:join"))
    form = CodeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, guest, form)
    try:
        number = use_code(request.session[ASKED], form.cleaned_data["code"])
    except Problem as problem:
        return _page(request, guest, form, problem)
    guest = with_phone(guest, number)
    known = account_of_phone(number)
    account = None if known is None else account_numbered(known)
    programme_id = rulebook_in_force().programme_ids[guest["programme"]]
    if account is not None and account.programme_id == programme_id:
        try:
            log_in(request, account.id, Way.PHONE)
        except Problem as problem:
            return _asleep(request, guest, account.id, problem)
        if guest["host"] is None:
            text = gettext("You have a carbon account already: here it is.")
            messages.success(request, text)
            return HttpResponseRedirect(reverse("citizen:home"))
    request.session[GUEST] = guest
    for used in (ASKED, SHOWN):
        request.session.pop(used, None)
    return HttpResponseRedirect(reverse("citizen:join"))


def _asleep(
    request: HttpRequest, guest: dict[str, Any], account_id: int, problem: Problem
) -> HttpResponse:
    """Her account is there, and a phone alone does not open it."""
    if problem.code == "identity.dormant":
        return fall_asleep(request, account_id)
    return _page(request, guest, CodeForm(), problem)


def _page(
    request: HttpRequest,
    guest: dict[str, Any],
    form: PhoneForm | CodeForm,
    problem: Problem | None = None,
) -> HttpResponse:
    is_code, spoken = isinstance(form, CodeForm), moments.language()
    file = rulebook_in_force().programme_file(guest["programme"])
    asked = file.joining.form.fields.get("phone")
    status = 200 if problem is None else UNPROCESSABLE
    if problem is not None and problem.code in TOO_OFTEN:
        status = TOO_MANY
    context = {
        "form": form,
        "problem": problem,
        "is_code": is_code,
        "programme": file.title[spoken],
        "purpose": asked.purpose[spoken] if asked else "",
        "shown": request.session.get(SHOWN) if is_code else None,
        "steps": [gettext("Your phone"), gettext("Consent"), gettext("Carbon account")],
    }
    return render(request, "citizen/join_phone.html", context, status=status)
