"""``/enter/wechat/`` and ``/enter/alipay/``: a mini-program opens our pages with a log-in code.

The first time she shows by phone and one-time code which account is hers; later she is in at once.
A code in an address logs somebody in, so it is taken only within the mini-program's own browser:
there our shell, and nobody's link, chooses the address.
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
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from tanzhang.apps.people.api import (
    AccountEntry,
    Channel,
    Way,
    account_numbered,
    account_of_phone,
    ask_code,
    enter,
    identify,
    link,
    subject_index,
    unlink as unlink_channel,
    use_code,
)
from tanzhang.config.requests import address_of
from tanzhang.problems import Problem
from tanzhang.surfaces.citizen.applying import open_by_phone
from tanzhang.surfaces.citizen.arrival import refused
from tanzhang.surfaces.citizen.entry.channels import TITLES
from tanzhang.surfaces.citizen.features import refuse_entry, refuse_entry_to
from tanzhang.surfaces.citizen.forms import CodeForm, PhoneForm
from tanzhang.surfaces.citizen.guest import guest_alone, with_phone
from tanzhang.surfaces.citizen.views.log_in import TOO_MANY, TOO_OFTEN, UNPROCESSABLE
from tanzhang.surfaces.citizen.visitor import ASKED, CHANNEL, GUEST, SHOWN, for_citizens, log_in

#: How long she may take to show which account is hers.
LIFE: Final = timedelta(minutes=10)

#: Words in ``User-Agent`` by which the browser of each mini-program is known, in lower case.
BROWSERS: Final = {
    Channel.WECHAT: ("micromessenger", "miniprogram"),
    Channel.ALIPAY: ("alipayclient", "miniprogram"),
}

STATUS: Final = {"people.channel_unreachable": 502, "people.channel_off": 404}


@never_cache
@require_GET
def by_mini_program(request: HttpRequest, channel: str) -> HttpResponse:
    """Log in whom the platform names, or ask which account is hers."""
    platform = Channel(channel)
    said = request.headers.get("User-Agent", "").lower()
    try:
        if not all(word in said for word in BROWSERS[platform]):
            raise Problem("people.channel_elsewhere")
        index = subject_index(platform, identify(platform, request.GET.get("code", "")))
    except Problem as problem:
        return refused(request, problem, STATUS.get(problem.code, 403))
    account = enter(platform, index)
    if account is not None:
        try:
            refuse_entry_to(account, channel)
            log_in(request, account.id, Way.CHANNEL)
        except Problem as problem:
            return refused(request, problem)
        return HttpResponseRedirect(reverse("citizen:home"))
    request.session.flush()  # whoever was here before is not known to be the same person
    until = time.time() + LIFE.total_seconds()
    request.session[CHANNEL] = {"channel": channel, "index": index.hex(), "until": until}
    return HttpResponseRedirect(reverse("citizen:channel_phone"))


@never_cache
def phone(request: HttpRequest) -> HttpResponse:
    """Ask for the phone of the account, and have a code sent to it."""
    pending = _pending(request)
    if pending is None:
        return HttpResponseRedirect(reverse("citizen:welcome"))
    form = PhoneForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, pending, form)
    try:
        may_be_new = bool(open_by_phone())
        asked = ask_code(form.cleaned_data["phone"], address_of(request), to_anybody=may_be_new)
    except Problem as problem:
        return _page(request, pending, form, problem)
    request.session[ASKED], request.session[SHOWN] = asked.id, asked.shown
    return HttpResponseRedirect(reverse("citizen:channel_code"))


@never_cache
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code; link the channel to the account, and log in.

    A phone that opens no account yet may join by it, and has the channel linked once it has.
    """
    pending = _pending(request)
    if pending is None or ASKED not in request.session:
        return HttpResponseRedirect(reverse("citizen:channel_phone"))
    form = CodeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, pending, form)
    platform = Channel(pending["channel"])
    try:
        number = use_code(request.session[ASKED], form.cleaned_data["code"])
        account_id = account_of_phone(number)
        if account_id is None:
            return _newcomer(request, number, platform)
        found = account_numbered(account_id)
        assert found is not None  # a phone opens an account that is there
        refuse_entry_to(found, platform.value)
        log_in(request, found.id, Way.PHONE)
    except Problem as problem:
        return _page(request, pending, form, problem)
    link(platform, bytes.fromhex(pending["index"]), found)
    text = gettext("From now on %(app)s opens this account. Under “Me” you can end that.")
    messages.success(request, text % {"app": TITLES[platform]})
    return HttpResponseRedirect(reverse("citizen:home"))


def _newcomer(request: HttpRequest, number: str, platform: Channel) -> HttpResponse:
    """Let her join by the phone that she has just shown, where one programme lets her.

    Raises ``people.phone_unknown`` where none does, or she would have to choose, and
    ``joining.entry_not_open``.
    """
    programmes = open_by_phone()
    if len(programmes) != 1:
        raise Problem("people.phone_unknown")
    (programme,) = programmes
    refuse_entry(programme, None, platform.value)
    guest = with_phone(guest_alone(programme), number)
    request.session[GUEST] = guest | {"channel": True}
    return HttpResponseRedirect(reverse("citizen:join"))


@require_POST
@for_citizens
def unlink(request: HttpRequest, account: AccountEntry) -> HttpResponse:
    """Let a platform open this account no more."""
    wanted = request.POST.get("channel", "")
    if wanted in {*Channel}:
        unlink_channel(account.id, Channel(wanted))
        text = gettext("%(app)s no longer opens this account.")
        messages.success(request, text % {"app": TITLES[Channel(wanted)]})
    return HttpResponseRedirect(reverse("citizen:me"))


def _pending(request: HttpRequest) -> dict[str, Any] | None:
    """The log-in that is still to be linked, while it is fresh."""
    pending: dict[str, Any] | None = request.session.get(CHANNEL)
    if pending is not None and time.time() >= float(pending["until"]):
        del request.session[CHANNEL]
        return None
    return pending


def _page(
    request: HttpRequest, pending: dict[str, Any], form: Form, problem: Problem | None = None
) -> HttpResponse:
    is_code = isinstance(form, CodeForm)
    status = 200 if problem is None else UNPROCESSABLE
    if problem is not None and problem.code in TOO_OFTEN:
        status = TOO_MANY
    context = {
        "form": form,
        "problem": problem,
        "app": TITLES[Channel(pending["channel"])],
        "is_code": is_code,
        "shown": request.session.get(SHOWN) if is_code else None,
    }
    return render(request, "citizen/channel.html", context, status=status)
