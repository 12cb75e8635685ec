"""Who may read a citizen's balance: she lets a partner, or stops it, and sees every reading."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseRedirect,
)
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners import api as partners
from tanzhang.apps.partners.api import AgreementKind
from tanzhang.apps.people import api as people
from tanzhang.apps.people.api import AccountEntry, Share
from tanzhang.problems import Problem
from tanzhang.stored_time import microseconds
from tanzhang.surfaces.citizen.asking import button_of
from tanzhang.surfaces.citizen.pressing import new_press, press_of
from tanzhang.surfaces.citizen.visitor import for_citizens
from tanzhang.surfaces.look import moments

#: So many of the latest readings are listed.
READINGS_SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class Reader:
    """A partner that may read her balance, or might if she lets it."""

    title: str
    share: Share


@dataclass(frozen=True, slots=True)
class Seen:
    """One reading."""

    title: str
    at_us: int


def sharing_of(account: AccountEntry, lang: str) -> dict[str, Any]:
    """What the page shows of sharing; ``readers`` is empty where nobody could read."""
    titles = {line.id: line.title(lang) for line in partners.partner_lines()}
    wording = people.current_wording(people.SHARE_BALANCE)
    return {
        "readers": [Reader(titles[each.partner_id], each) for each in _possible(account.id)],
        "readings": [
            Seen(titles[each.partner_id], microseconds(each.at))
            for each in people.readings_of(account.subject_id)[:READINGS_SHOWN]
        ],
        "wording": wording,
        "paragraphs": wording.paragraphs(lang),
        "press": new_press,
    }


@require_POST
@for_citizens
def sharing(request: HttpRequest, account: AccountEntry) -> HttpResponse:
    """Let a partner read the balance, or stop it, and say what follows."""
    number, now_us = request.POST.get("reader", ""), time.time_ns() // 1_000
    possible = {str(each.partner_id) for each in _possible(account.id)}
    back = HttpResponseRedirect(reverse("citizen:me") + "#sharing")
    if number not in possible:
        return back
    wish = request.POST.get("wish")
    if wish == "stop":
        people.stop_sharing(account, int(number))
        messages.success(request, gettext("From now on this partner cannot read your balance."))
    elif wish == "share":
        wording = people.current_wording(people.SHARE_BALANCE)
        # Agreed to is what was read: after a change of the wording the new one is shown.
        if request.POST.get("wording") != wording.digest:
            text = gettext("The text that you agree to has changed. Read it, then allow again.")
            messages.error(request, text)
            return back
        programme = rulebook_in_force().programme_code(account.programme_id)
        press = press_of(request, programme, button_of(people.SHARE))
        try:
            people.share(account, int(number), text_id=wording.id, at_us=now_us, press=press)
        except Problem as problem:
            messages.error(request, problem.text(moments.language()))
            return back
        messages.success(request, gettext("From now on this partner can read your balance."))
    else:
        return HttpResponseBadRequest()
    return back


def _possible(account_id: int) -> list[Share]:
    """Partners that know the account and agreed to read balances, or may read this one now.

    Of a child none can be let in, and she is asked for none.
    """
    now, now_us = timezone.now(), time.time_ns() // 1_000
    with bulk_transaction() as cursor:
        may_agree = people.may_agree(cursor, account_id, people.SHARE, now_us)
    return [
        each
        for each in people.shares_of(account_id)
        if each.is_live or (may_agree and _has_agreed(each.partner_id, now))
    ]


def _has_agreed(partner_id: int, now: datetime) -> bool:
    return any(
        made.kind is AgreementKind.READ_BALANCE and made.is_live(now)
        for made in partners.agreements(partner_id)
    )
