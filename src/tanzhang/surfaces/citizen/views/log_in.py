"""Logging in: a phone, then the code that was sent to it; and logging out."""

from __future__ import annotations

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tanzhang.apps.people.api import Way, ask_code, check_code
from tanzhang.config.requests import address_of
from tanzhang.problems import Problem
from tanzhang.surfaces.citizen.applying import open_by_phone
from tanzhang.surfaces.citizen.forms import CodeForm, PhoneForm
from tanzhang.surfaces.citizen.views.waking import fall_asleep
from tanzhang.surfaces.citizen.visitor import (
    ASKED,
    SHOWN,
    account_of,
    log_in as enter,
    log_out as leave,
)

UNPROCESSABLE, TOO_MANY = 422, 429
TOO_OFTEN = ("people.codes_too_many", "people.codes_too_many_today")


@never_cache
def log_in(request: HttpRequest) -> HttpResponse:
    """Ask for the phone, and have a code sent to it."""
    if account_of(request):
        return HttpResponseRedirect(reverse("citizen:home"))
    form = PhoneForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form)
    try:
        asked = ask_code(form.cleaned_data["phone"], address_of(request))
    except Problem as problem:
        return _page(request, form, problem)
    request.session[ASKED], request.session[SHOWN] = asked.id, asked.shown
    return HttpResponseRedirect(reverse("citizen:code"))


@never_cache
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code, and log in."""
    if ASKED not in request.session:
        return HttpResponseRedirect(reverse("citizen:log_in"))
    form = CodeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form)
    try:
        account_id = check_code(request.session[ASKED], form.cleaned_data["code"])
        enter(request, account_id, Way.PHONE)
    except Problem as problem:
        if problem.code == "identity.dormant":
            return fall_asleep(request, account_id)
        return _page(request, form, problem)
    return HttpResponseRedirect(reverse("citizen:home"))


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """Forget the account, and say so."""
    leave(request)
    messages.success(request, gettext("You are logged out."))
    return HttpResponseRedirect(reverse("citizen:welcome"))


def _page(request: HttpRequest, form: Form, problem: Problem | None = None) -> HttpResponse:
    is_code = isinstance(form, CodeForm)
    status = 200 if problem is None else UNPROCESSABLE
    if problem is not None and problem.code in TOO_OFTEN:
        status = TOO_MANY
    context = {
        "form": form,
        "problem": problem,
        "shown": request.session.get(SHOWN) if is_code else None,
        "may_join": bool(open_by_phone()),
    }
    name = "citizen/code.html" if is_code else "citizen/log_in.html"
    return render(request, name, context, status=status)
