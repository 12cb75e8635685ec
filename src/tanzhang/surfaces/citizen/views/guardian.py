"""A guardian agrees for a child under 14: with the phone of the guardian's own account."""

from __future__ import annotations

import time
from typing import Final

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.people.api import (
    GUARDIAN,
    AccountEntry,
    Way,
    account_numbered,
    ask_code,
    check_code,
    current_wording,
    grant,
    purposes,
    refuse_asleep,
)
from tanzhang.config.requests import address_of
from tanzhang.problems import Problem
from tanzhang.surfaces.citizen.asking import button_of, is_unguarded
from tanzhang.surfaces.citizen.forms import CodeForm, PhoneForm
from tanzhang.surfaces.citizen.pressing import new_press, press_of
from tanzhang.surfaces.citizen.views.log_in import TOO_MANY, TOO_OFTEN, UNPROCESSABLE
from tanzhang.surfaces.citizen.visitor import for_citizens
from tanzhang.surfaces.look import moments

#: What the child's session knows of the code that is under way to her guardian.
_ASKED: Final = "guardian_code"

#: What would tell the child how her guardian's account stands.
HER_OWN: Final = (
    "identity.account_ended",
    "identity.dormant",
    "identity.frozen",
    "identity.sanctioned",
    "people.account_restricted",
)


@for_citizens
def guardian(request: HttpRequest, account: AccountEntry) -> HttpResponse:
    """Ask for the guardian's phone, and have a code sent to it."""
    if not is_unguarded(account):
        return HttpResponseRedirect(reverse("citizen:consents"))
    form = PhoneForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form)
    try:
        asked = ask_code(form.cleaned_data["phone"], address_of(request))
    except Problem as problem:
        return _page(request, form, problem)
    request.session[_ASKED] = [asked.id, asked.shown]
    return HttpResponseRedirect(reverse("citizen:guardian_code"))


@for_citizens
def guardian_code(request: HttpRequest, account: AccountEntry) -> HttpResponse:
    """Show the guardian the words; take the code and the press of the button for them."""
    if _ASKED not in request.session or not is_unguarded(account):
        return HttpResponseRedirect(reverse("citizen:guardian"))
    form, wording = CodeForm(request.POST or None), current_wording(purposes()[GUARDIAN].text)
    agreed = request.POST.get("wording") == wording.digest
    if request.method != "POST" or not agreed or not form.is_valid():
        return _page(request, form)
    try:
        by = check_code(request.session[_ASKED][0], form.cleaned_data["code"])
        _refuse_shut(by)
        programme = rulebook_in_force().programme_code(account.programme_id)
        grant(
            account,
            None,
            text_id=wording.id,
            at_us=time.time_ns() // 1_000,
            purpose=GUARDIAN,
            press=press_of(request, programme, button_of(GUARDIAN)),
            given_by=by,
        )
    except Problem as problem:
        return _page(request, form, problem)
    del request.session[_ASKED]
    messages.success(request, gettext("The guardian's consent is recorded."))
    return HttpResponseRedirect(reverse("citizen:consents"))


def _refuse_shut(guardian_id: int) -> None:
    """Raise ``consenting.guardian_cannot`` unless the guardian's phone would let her in fully.

    Why not, a sanction or a death, is nothing for the child to read.
    """
    try:
        account_numbered(guardian_id)
        refuse_asleep(guardian_id, Way.PHONE)
    except Problem as problem:
        if problem.code in HER_OWN:
            raise Problem("consenting.guardian_cannot") from None
        raise


def _page(request: HttpRequest, form: Form, problem: Problem | None = None) -> HttpResponse:
    is_code = isinstance(form, CodeForm)
    wording = current_wording(purposes()[GUARDIAN].text)
    status = 200 if problem is None else UNPROCESSABLE
    if problem is not None and problem.code in TOO_OFTEN:
        status = TOO_MANY
    context = {
        "form": form,
        "problem": problem,
        "is_code": is_code,
        "shown": request.session[_ASKED][1] if is_code else None,
        "wording": wording,
        "paragraphs": wording.paragraphs(moments.language()),
        "button": button_of(GUARDIAN),
        "press": new_press,
    }
    return render(request, "citizen/guardian.html", context, status=status)
