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

#: What a session keeps when somebody logs in: whom the demonstration's bank plays.
_KEPT: Final = ("host_customer",)

#: A view that is given the account of whoever is looking.
AccountView = Callable[..., HttpResponse]


def account_of(request: HttpRequest) -> AccountEntry | None:
    """The account that this session is logged in to."""
    number = request.session.get(_ACCOUNT)
    return account_numbered(number) if isinstance(number, int) else None


def log_in(request: HttpRequest, account_id: int) -> None:
    """Log this session in, under a new name that nobody can have planted.

    Nothing that another visitor of this device left behind stays, such as a guest's hand-over.
    """
    kept = {name: request.session[name] for name in _KEPT if name in request.session}
    request.session.flush()
    request.session.update(kept)
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
