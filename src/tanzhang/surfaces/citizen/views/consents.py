"""Your consents: source by source and purpose by purpose, word by word, with their history."""

from __future__ import annotations

import time

from django.contrib import messages
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.partners.api import partner_lines
from tanzhang.apps.people.api import (
    GUARDIAN,
    AccountEntry,
    account_numbered,
    consent_history,
    consents_given_for_children,
    grant,
    purposes,
    withdraw,
    wording_of,
)
from tanzhang.config.handler import privacy_contact
from tanzhang.problems import Problem
from tanzhang.surfaces.citizen.asking import (
    Ask,
    asks_of,
    button_of,
    is_unguarded,
    sensitive_asks,
    was_asked,
)
from tanzhang.surfaces.citizen.pressing import press_of
from tanzhang.surfaces.citizen.tabs import tabs
from tanzhang.surfaces.citizen.visitor import for_citizens
from tanzhang.surfaces.look import moments


@require_safe
@for_citizens
def consents(request: HttpRequest, account: AccountEntry) -> HttpResponse:
    """The page."""
    rules, lang = rulebook_in_force(), moments.language()
    programme = rules.programme_code(account.programme_id)
    titles = {line.id: line.title(lang) for line in partner_lines()}
    context = {
        "operator": rules.programme_file(programme).operator[lang],
        "contact": privacy_contact(),
        "zone": rules.programme(programme).time_zone,
        "sources": [
            (source.title, [(a, a.changes(lang), a.wording.paragraphs(lang)) for a in source.asks])
            for source in asks_of(account, lang, _now_us())
        ],
        "children": _children(account),
        "is_unguarded": is_unguarded(account),
        "history": [
            (line, purposes()[line.purpose].title[lang], titles.get(line.partner_id or 0, ""))
            for line in consent_history(account.id)
        ],
        "tabs": tabs(),
    }
    return render(request, "citizen/consents.html", context)


@require_safe
@for_citizens
def ask_consent(request: HttpRequest, account: AccountEntry) -> HttpResponse:
    """After an account was opened: what the law wants asked by itself, each with its own button."""
    was_asked(request)
    if is_unguarded(account):
        return HttpResponseRedirect(reverse("citizen:guardian"))
    lang = moments.language()
    sources = sensitive_asks(account, lang, _now_us())
    if not sources:
        return HttpResponseRedirect(reverse("citizen:home"))
    told = [(s.title, [(ask, ask.wording.paragraphs(lang)) for ask in s.asks]) for s in sources]
    return render(request, "citizen/ask.html", {"sources": told, "tabs": tabs()})


@require_POST
@for_citizens
def decide_consent(request: HttpRequest, account: AccountEntry) -> HttpResponse:
    """Give or withdraw one consent, and say what follows."""
    back = HttpResponseRedirect(
        reverse("citizen:ask_consent" if request.POST.get("back") == "ask" else "citizen:consents")
    )
    wanted = _asked(request, account)
    if wanted is None:
        return back
    wish = request.POST.get("wish")
    if wish == "withdraw":
        withdraw(account, wanted.source, purpose=wanted.purpose)
        messages.success(request, gettext("It is withdrawn, from this moment on."))
    elif wish == "give":
        _give(request, account, wanted)
    else:
        return HttpResponseBadRequest()
    return back


@require_POST
@for_citizens
def let_child_go(request: HttpRequest, account: AccountEntry) -> HttpResponse:
    """A guardian withdraws what was agreed to for a child, whose account may be restricted."""
    for line in consents_given_for_children(account.id):
        if str(line.account_id) == request.POST.get("child") and line.is_live(_now_us()):
            child = account_numbered(line.account_id, even_restricted=True)
            assert child is not None
            withdraw(child, None, purpose=GUARDIAN)
            messages.success(request, gettext("It is withdrawn, from this moment on."))
    return HttpResponseRedirect(reverse("citizen:consents"))


@require_safe
def consent_text(request: HttpRequest, digest: str) -> HttpResponse:
    """A consent text by its fingerprint, for everybody: the words that somebody agreed to."""
    found = wording_of(digest)
    if found is None:
        raise Http404
    return JsonResponse(found.as_json(), json_dumps_params={"ensure_ascii": False, "indent": 1})


def _asked(request: HttpRequest, account: AccountEntry) -> Ask | None:
    """What the form is about, if it can be asked of her at all."""
    named = request.POST.get("purpose", ""), request.POST.get("source", "")
    sources = asks_of(account, moments.language(), _now_us())
    asks = [ask for source in sources for ask in source.asks]
    return next((a for a in asks if (a.purpose, str(a.source or "")) == named), None)


def _give(request: HttpRequest, account: AccountEntry, wanted: Ask) -> None:
    # Agreed to is what was read: after a change of the wording the new one is shown.
    shown = request.POST.get("wording"), request.POST.get("kinds", "")
    if shown != (wanted.wording.digest, ",".join(wanted.kinds)):
        text = gettext("The text that you agree to has changed. Read it, then allow again.")
        messages.error(request, text)
        return
    programme = rulebook_in_force().programme_code(account.programme_id)
    try:
        grant(
            account,
            wanted.source,
            text_id=wanted.wording.id,
            at_us=_now_us(),
            purpose=wanted.purpose,
            kinds=wanted.kinds,
            press=press_of(request, programme, button_of(wanted.purpose)),
        )
    except Problem as problem:
        messages.error(request, problem.text(moments.language()))
        return
    messages.success(request, gettext("Your consent is recorded. You can withdraw it here."))


def _children(account: AccountEntry) -> list[tuple[AccountEntry, int]]:
    """The children for whom she has agreed and not withdrawn: account, and since when."""
    live = [each for each in consents_given_for_children(account.id) if each.is_live(_now_us())]
    found = [
        (account_numbered(line.account_id, even_restricted=True), line.from_us) for line in live
    ]
    return [(child, since) for child, since in found if child is not None]


def _now_us() -> int:
    return time.time_ns() // 1_000
