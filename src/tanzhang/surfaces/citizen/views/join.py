"""Joining: a guest fills in what her programme asks, and agrees; her account opens."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from tanzhang.apps.people.api import (
    Channel,
    Way,
    Wording,
    add_host,
    current_wording,
    link,
    open_account,
    vault,
)
from tanzhang.problems import Problem
from tanzhang.surfaces.citizen.applying import Application, application_of, open_by_phone
from tanzhang.surfaces.citizen.arrival import (
    add_button,
    consent_page,
    may_add,
    not_admitted,
    refused,
    second_door,
)
from tanzhang.surfaces.citizen.asking import remember_to_ask
from tanzhang.surfaces.citizen.guest import guest_alone, is_fresh, opening_of
from tanzhang.surfaces.citizen.pressing import press_of
from tanzhang.surfaces.citizen.sign_up_form import SignUpForm
from tanzhang.surfaces.citizen.visitor import CHANNEL, GUEST, account_of, log_in
from tanzhang.surfaces.citizen.vouching import note_vouched, vouched_digests
from tanzhang.surfaces.look import moments


@never_cache
def join(request: HttpRequest) -> HttpResponse:
    """Show the guest of this session the form and the consent; open the account when she agrees."""
    guest = guest_in(request)
    if guest is None:
        return _begin(request)
    return decide(request, guest)


def guest_in(request: HttpRequest) -> dict[str, Any] | None:
    """The guest of this session, while she is fresh."""
    guest: dict[str, Any] | None = request.session.get(GUEST)
    if guest is not None and not is_fresh(guest):
        del request.session[GUEST]
        return None
    return guest


def decide(request: HttpRequest, guest: dict[str, Any]) -> HttpResponse:
    """Open the account if she may join, has filled in the form and agreed to the present words."""
    case, wording = application_of(guest), current_wording()
    # Agreed to is what was read: after a change of the wording the new one is shown.
    agreed = request.method == "POST" and request.POST.get("wording") == wording.digest
    if may_add(request, guest) and request.POST.get("wish") == "add" and agreed:
        return _add(request, guest, case, wording)
    if case.waits is not None or case.may_join is False:
        if may_add(request, guest):
            return second_door(request, guest)
        request.session.pop(GUEST, None)
        return not_admitted(request, case)
    if case.needs_phone or case.may_join is None:
        return HttpResponseRedirect(reverse("citizen:join_phone"))
    form = SignUpForm(case, request.POST if agreed else None)
    if not agreed:
        return consent_page(request, guest, case, form)
    return _open(request, guest, case, form, wording)


def _open(
    request: HttpRequest,
    guest: dict[str, Any],
    case: Application,
    form: SignUpForm,
    wording: Wording,
) -> HttpResponse:
    try:
        if not form.is_valid():
            raise Problem("joining.form_incomplete")
        _refuse_unvouched(case)
        wanted = opening_of(
            guest,
            form.kind,
            case.joined_by(form.kind, form.answers),
            text_id=wording.id,
            at_us=time.time_ns() // 1_000,
        )
        button = gettext("I agree, open my account")
        press = press_of(request, guest["programme"], button, from_host=guest["host"] is not None)
        account, is_new = open_account(replace(wanted, press=press))
        channel = _pending_channel(request, guest)
        way = Way.PHONE if guest["host"] is None else Way.HOST
        log_in(request, account.id, way, host_id=guest["host"])
        note_vouched(request, guest, account)
    except Problem as problem:
        return consent_page(request, guest, case, form, problem=problem)
    if channel is not None:
        link(Channel(channel["channel"]), bytes.fromhex(channel["index"]), account)
    if is_new:
        messages.success(request, gettext("Your carbon account is open."))
        remember_to_ask(request, account)
    return HttpResponseRedirect(reverse("citizen:home"))


def _add(
    request: HttpRequest, guest: dict[str, Any], case: Application, wording: Wording
) -> HttpResponse:
    """Let the account that she is logged in to be reached from this host too.

    She has shown both: that account by its own log-in, and the host's word by its signature.
    """
    account = account_of(request)
    assert account is not None  # whoever may add is logged in
    kind = case.joining.form.kinds[0]
    joined, now_us = case.joined_by(kind, {}), time.time_ns() // 1_000
    try:
        wanted = opening_of(guest, kind, joined, text_id=wording.id, at_us=now_us)
        press = press_of(request, guest["programme"], add_button(request, guest), from_host=True)
        add_host(account, replace(wanted, press=press), vouched_digests(guest))
    except Problem as problem:
        return refused(request, problem, 409)
    log_in(request, account.id, Way.HOST, host_id=guest["host"])
    note_vouched(request, guest, account)
    messages.success(request, gettext("From now on this app opens your carbon account too."))
    return HttpResponseRedirect(reverse("citizen:home"))


def _refuse_unvouched(case: Application) -> None:
    """A needed field that nobody types has to be vouched for."""
    for name, value in case.vouched.items():
        if value is None and case.joining.form.fields[name].required:
            title = vault.field_named(name).title[moments.language()]
            raise Problem("joining.not_vouched", title=title)


def _pending_channel(request: HttpRequest, guest: dict[str, Any]) -> dict[str, Any] | None:
    """The mini-program from which she came, if she came from one in this very visit."""
    pending: dict[str, Any] | None = request.session.get(CHANNEL)
    if not guest.get("channel") or pending is None or time.time() >= float(pending["until"]):
        return None
    return pending


def _begin(request: HttpRequest) -> HttpResponse:
    """Let somebody without a host choose the programme that she joins by her phone."""
    programmes = open_by_phone()
    if not programmes:
        return HttpResponseRedirect(reverse("citizen:welcome"))
    wanted = request.POST.get("programme", "")
    if request.method == "POST" and wanted in programmes:
        request.session[GUEST] = guest_alone(wanted)
        return HttpResponseRedirect(reverse("citizen:join_phone"))
    spoken = moments.language()
    lines = [(code, file.title[spoken], file.operator[spoken]) for code, file in programmes.items()]
    return render(request, "citizen/join_choice.html", {"programmes": lines})
