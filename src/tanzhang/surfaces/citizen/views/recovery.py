"""``/log-in/recover/``: who has lost every way in asks for her account, waits, and comes back.

Whether an account of that name exists nobody learns here: the answer is the same.
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
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tanzhang.apps.people import api as people
from tanzhang.apps.people.api import Recovery, ask_code, ask_recovery, come_back, use_code
from tanzhang.config.requests import address_of
from tanzhang.problems import Problem
from tanzhang.surfaces.citizen.forms import CodeForm, PhoneForm, RecoveryForm
from tanzhang.surfaces.citizen.views.log_in import TOO_MANY, TOO_OFTEN, UNPROCESSABLE
from tanzhang.surfaces.citizen.visitor import ASKED, BACK, SHOWN, enter, for_citizens

#: How long she may take between naming the account and typing the code.
LIFE: Final = timedelta(minutes=10)

#: What would tell whoever asks that there is such an account, or how it stands.
UNTOLD: Final = (
    "identity.case_open_already",
    "identity.case_too_soon",
    "identity.frozen",
    "identity.account_ended",
    "people.account_restricted",
    "personal.key_destroyed",
)

#: What would tell whoever comes back whether an account waits.
UNTOLD_BACK: Final = (
    "identity.recovery_unknown",
    "identity.recovery_waits",
    "identity.recovery_unchecked",
    "identity.frozen",
    "identity.account_ended",
    "people.account_restricted",
    "personal.key_destroyed",
)


@never_cache
def recover(request: HttpRequest) -> HttpResponse:
    """Ask which account, and send a code to the phone that she has now."""
    form = RecoveryForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form)
    said = form.cleaned_data
    try:
        # Only digests go into the session, never the number.
        digests = people.identity_digests(said["number"]) if said["number"] else {}
        asked = ask_code(said["phone"], address_of(request), to_anybody=True)
    except Problem as problem:
        return _page(request, form, problem)
    _remember(request, asked, handle=said["handle"].strip(), digests=digests)
    return HttpResponseRedirect(reverse("citizen:recover_code"))


@never_cache
def recover_again(request: HttpRequest) -> HttpResponse:
    """Ask for the phone that was given, after the waiting, and send a code to it."""
    form = PhoneForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form)
    try:
        asked = ask_code(form.cleaned_data["phone"], address_of(request), to_anybody=True)
    except Problem as problem:
        return _page(request, form, problem)
    _remember(request, asked)
    return HttpResponseRedirect(reverse("citizen:recover_code"))


@never_cache
def recover_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code, then begin to wait; or open the account, if the waiting is over."""
    pending: dict[str, Any] | None = request.session.get(BACK)
    if pending is None or ASKED not in request.session or time.time() >= float(pending["until"]):
        return HttpResponseRedirect(reverse("citizen:recover"))
    form = CodeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form)
    try:
        phone = use_code(request.session[ASKED], form.cleaned_data["code"])
        if "handle" not in pending:
            account = _come_back(phone)
            enter(request, account.id, people.Admitted(cancelled=False))
            messages.success(request, gettext("Your account is open again, by your new number."))
            return HttpResponseRedirect(reverse("citizen:home"))
        _ask(pending, phone)
    except Problem as problem:
        return _page(request, form, problem)
    for used in (ASKED, SHOWN, BACK):
        request.session.pop(used, None)
    return HttpResponseRedirect(reverse("citizen:recover_asked"))


@never_cache
def recover_asked(request: HttpRequest) -> HttpResponse:
    """Say what happens now: the same whether or not there is such an account."""
    days = people.waiting_time().days
    wait = ngettext("%(days)s day", "%(days)s days", days) % {"days": days}
    return render(request, "citizen/recover_asked.html", {"wait": wait})


@require_POST
@for_citizens
def recover_cancel(request: HttpRequest, account: people.AccountEntry) -> HttpResponse:
    """Whoever is logged in objects: she needs nobody to recover her account."""
    if people.cancel_recovery(account.id, by="owner"):
        text = gettext("That is cancelled: the other phone will not open this account.")
        messages.success(request, text)
    return HttpResponseRedirect(reverse("citizen:identity"))


def _ask(pending: dict[str, Any], phone: str) -> None:
    """Open the case if the account is there, may be asked for, and is a person's.

    It is named by its handle, which is drawn and has hyphens: account numbers can be counted
    through.
    """
    if "-" not in pending["handle"]:
        return
    try:
        account = people.account(pending["handle"])
        if account is not None and account.kind is people.AccountKind.PERSON:
            ask_recovery(Recovery(account, phone, pending["digests"]))
    except Problem as problem:
        if problem.code not in UNTOLD:
            raise


def _come_back(phone: str) -> people.AccountEntry:
    """The account that opens. Raises ``identity.recovery_closed``, whether or not one waits."""
    try:
        return come_back(phone)
    except Problem as problem:
        if problem.code in UNTOLD_BACK:
            raise Problem("identity.recovery_closed") from None
        raise


def _remember(request: HttpRequest, asked: people.AskedCode, **said: Any) -> None:
    request.session[ASKED], request.session[SHOWN] = asked.id, asked.shown
    request.session[BACK] = {"until": time.time() + LIFE.total_seconds(), **said}


def _page(request: HttpRequest, form: Form, problem: Problem | None = None) -> HttpResponse:
    is_code = isinstance(form, CodeForm)
    status = 200 if problem is None else UNPROCESSABLE
    if problem is not None and problem.code in TOO_OFTEN:
        status = TOO_MANY
    context = {
        "form": form,
        "problem": problem,
        "is_code": is_code,
        "is_again": isinstance(form, PhoneForm),
        "shown": request.session.get(SHOWN) if is_code else None,
    }
    return render(request, "citizen/recover.html", context, status=status)
