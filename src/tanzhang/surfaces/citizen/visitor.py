"""Who is looking: a citizen's session holds her account and how she came, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import wraps
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from tanzhang.apps.activities.api import local_today
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.api import (
    AccountEntry,
    Admitted,
    Way,
    account_numbered,
    admit,
    refuse_ended,
    times_ended,
)
from tanzhang.problems import Problem
from tanzhang.surfaces.citizen.features import is_page_hidden
from tanzhang.surfaces.citizen.sanctions import STAY_OPEN

_ACCOUNT: Final = "account"

#: How this very session came in: what it shows, another session of the account does not.
_CAME: Final = "came"

#: What a session knows of a guest who has not agreed yet.
GUEST: Final = "guest"

#: The number of the one-time code that was asked for, and the code where a demonstration shows it.
ASKED, SHOWN = "asked_code", "shown_code"

#: A log-in of another platform that is not linked to an account yet.
CHANNEL: Final = "channel"

#: An account that was not used for long: its phone was shown, its number is still to be given.
ASLEEP: Final = "asleep"

#: A phone number on its way to be changed, another account on its way to be linked, and an account
#: on its way to be asked for.
CHANGING, OTHER, BACK = "changing_number", "other_account", "coming_back"

#: Why a session that was logged in is so no more; logging in says which it is.
_SHUT: Final = (
    "people.account_restricted",
    "identity.frozen",
    "identity.account_ended",
    "identity.sanctioned",
)

#: A view that is given the account of whoever is looking.
AccountView = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Came:
    """How a session came in, and how often log-ins of its account had been ended by then.

    ``host_id`` is the host that sent her, if one did.
    """

    way: Way
    at: datetime
    host_id: int | None
    ended: int


def came(request: HttpRequest) -> Came:
    """How this session came in; one of which nothing is known shows the least that there is."""
    known: dict[str, Any] = request.session.get(_CAME, {})
    return Came(
        way=Way(known.get("way", Way.PHONE)),
        at=datetime.fromtimestamp(float(known.get("at", 0)), UTC),
        host_id=known.get("host"),
        ended=int(known.get("ended", 0)),
    )


def account_of(request: HttpRequest, *, may_be_sanctioned: bool = False) -> AccountEntry | None:
    """The account that this session is logged in to, if nothing has shut it since."""
    number = request.session.get(_ACCOUNT)
    if not isinstance(number, int):
        return None
    begun = came(request)
    try:
        with bulk_transaction() as cursor:
            refuse_ended(cursor, number, may_be_sanctioned=may_be_sanctioned)
            if times_ended(cursor, number, begun.way) > begun.ended:
                return None
        return account_numbered(number)
    except Problem as problem:
        if problem.code not in _SHUT:
            raise
        return None


def log_in(
    request: HttpRequest, account_id: int, way: Way = Way.PHONE, *, host_id: int | None = None
) -> None:
    """Log this session in, under a new name that nobody can have planted.

    ``way`` is what the person has shown, ``host_id`` the host that sent her. Raises what
    ``people.admit`` raises: not every way in is enough for every account; and
    ``people.account_restricted``.
    """
    account_numbered(account_id)
    enter(request, account_id, admit(account_id, way), way, host_id=host_id)


def enter(
    request: HttpRequest,
    account_id: int,
    admitted: Admitted,
    way: Way = Way.PHONE,
    *,
    host_id: int | None = None,
) -> None:
    """Give this session the account into which somebody was let, and tell her what that ended.

    No half-done joining or logging in, which another visitor of this device may have left, stays.
    """
    for unfinished in (GUEST, ASKED, SHOWN, CHANNEL, ASLEEP, CHANGING, OTHER, BACK):
        request.session.pop(unfinished, None)
    request.session[_ACCOUNT] = account_id
    request.session[_CAME] = {
        "way": way.value,
        "at": timezone.now().timestamp(),
        "host": host_id,
    }
    stay(request)
    if admitted.cancelled:
        text = gettext(
            "Somebody had asked for this account by another phone. You logged in, so that is"
            " cancelled. If it was not you, please tell the operator."
        )
        messages.warning(request, text)


def stay(request: HttpRequest) -> None:
    """Let this session go on, under a new name, though every other of its account has ended."""
    begun = came(request)
    with bulk_transaction() as cursor:
        ended = times_ended(cursor, request.session[_ACCOUNT], begun.way)
    request.session.cycle_key()
    request.session[_CAME] = request.session.get(_CAME, {}) | {"ended": ended}


def log_out(request: HttpRequest) -> None:
    """Forget everything that this session knew."""
    request.session.flush()


def for_citizens(view: AccountView) -> Callable[..., HttpResponse]:
    """Give the view the account; who has none is shown the way to log in.

    Whoever is sanctioned is led to the page on which she can appeal.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **named: object) -> HttpResponse:
        where = request.resolver_match
        page = (where.url_name if where is not None else None) or ""
        account = account_of(request)
        is_sanctioned = account is None
        account = account or account_of(request, may_be_sanctioned=True)
        if account is None:
            _tell_end(request)
            return HttpResponseRedirect(reverse("citizen:log_in"))
        if is_sanctioned and page not in STAY_OPEN:
            return HttpResponseRedirect(reverse("citizen:rights"))
        if page and is_page_hidden(account, page):
            raise Http404
        answer = view(request, account, *args, **named)
        answer["Cache-Control"] = "no-store"  # the next person at this device sees nothing
        return answer

    return guarded


def _tell_end(request: HttpRequest) -> None:
    """Say to whoever was logged in until now that the log-in has ended, and forget her."""
    if _ACCOUNT not in request.session:
        return
    log_out(request)
    text = gettext(
        "This log-in has ended, because the account was closed to it or another phone number opens"
        " the account now. If that was not you, please tell the operator."
    )
    messages.warning(request, text)


def today_of(account: AccountEntry, rules: RulesInForce) -> date:
    """Today where the account's programme is."""
    return local_today(account, rules, timezone.now())
