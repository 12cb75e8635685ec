"""Who is looking: a citizen's session holds her account, and nothing else about her."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from tanzhang.apps.activities.api import local_today
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.apps.people.api import AccountEntry, account_numbered

_ACCOUNT: Final = "account"

#: What a session knows of a guest who has not agreed yet.
GUEST: Final = "guest"

#: The number of the one-time code that was asked for, and the code where a demonstration shows it.
ASKED, SHOWN = "asked_code", "shown_code"

#: A log-in of another platform that is not linked to an account yet.
CHANNEL: Final = "channel"

#: A view that is given the account of whoever is looking.
AccountView = Callable[..., HttpResponse]


def account_of(request: HttpRequest) -> AccountEntry | None:
    """The account that this session is logged in to."""
    number = request.session.get(_ACCOUNT)
    return account_numbered(number) if isinstance(number, int) else None


def log_in(request: HttpRequest, account_id: int) -> None:
    """Log this session in, under a new name that nobody can have planted.

    No half-done joining or logging in, which another visitor of this device may have left, stays.
    """
    request.session.cycle_key()
    for unfinished in (GUEST, ASKED, SHOWN, CHANNEL):
        request.session.pop(unfinished, None)
    request.session[_ACCOUNT] = account_id


def log_out(request: HttpRequest) -> None:
    """Forget everything that this session knew."""
    request.session.flush()


def for_citizens(view: AccountView) -> Callable[..., HttpResponse]:
    """Give the view the account; who has none is shown the way to log in."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **named: object) -> HttpResponse:
        account = account_of(request)
        if account is None:
            return HttpResponseRedirect(reverse("citizen:log_in"))
        answer = view(request, account, *args, **named)
        answer["Cache-Control"] = "no-store"  # the next person at this device sees nothing
        return answer

    return guarded


def today_of(account: AccountEntry, rules: RulesInForce) -> date:
    """Today where the account's programme is."""
    return local_today(account, rules, timezone.now())
