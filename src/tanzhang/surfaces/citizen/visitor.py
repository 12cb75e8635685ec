"""Who is looking: a citizen's session holds her account, and nothing else about her."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from tanzhang.apps.activities.api import local_today
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.apps.people.api import AccountEntry, account_numbered

_ACCOUNT: Final = "account"

#: A view that is given the account of whoever is looking.
AccountView = Callable[..., HttpResponse]


def account_of(request: HttpRequest) -> AccountEntry | None:
    """The account that this session is logged in to."""
    number = request.session.get(_ACCOUNT)
    return account_numbered(number) if isinstance(number, int) else None


def log_in(request: HttpRequest, account_id: int) -> None:
    """Log this session in, under a new name that nobody can have planted."""
    request.session.cycle_key()
    request.session[_ACCOUNT] = account_id


def log_out(request: HttpRequest) -> None:
    """Forget everything that this session knew."""
    request.session.flush()


def address_of(request: HttpRequest) -> str:
    """The network address of whoever asks; behind a proxy, the one that the proxy saw.

    The proxy adds it at the end of ``X-Forwarded-For``; what stands before it anybody may have
    written.
    """
    seen = request.headers.get("X-Forwarded-For", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    return seen.rpartition(",")[2].strip() or request.META["REMOTE_ADDR"]


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
