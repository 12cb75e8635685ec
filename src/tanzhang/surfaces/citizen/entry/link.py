"""``/enter/``: a partner's customer comes by a link that the partner has signed.

Nothing happens by looking: the link is used up, and she is logged in, when she sends a form of
ours, so that nobody can put her into a stranger's account by a link.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tanzhang.apps.partners.api import (
    Caller,
    EntryLink,
    parse_claims,
    parse_link,
    read_link,
    unpacked,
    use_link,
)
from tanzhang.config.own_keys import key_store
from tanzhang.crypto import Purpose
from tanzhang.problems import Problem
from tanzhang.surfaces.citizen.arrival import known, refused, show, take_in
from tanzhang.surfaces.citizen.guest import guest_of
from tanzhang.surfaces.citizen.views.join import decide
from tanzhang.surfaces.citizen.visitor import account_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest) -> HttpResponse:
    """Show whom the link names; use it when she says so."""
    is_form = request.method == "POST"
    try:
        link = parse_link((request.POST if is_form else request.GET).dict())
        host = request.get_host()
        if is_form:
            return _arrive(request, _guest(use_link(link, host), link))
        guest = _guest(read_link(link, host), link)
        account, current = known(guest), account_of(request)
        if account is not None and current is not None and current.id == account.id:
            return _arrive(request, _guest(use_link(link, host), link))
        return show(request, guest, link.fields)
    except Problem as problem:
        return refused(request, problem)


def _arrive(request: HttpRequest, guest: dict[str, Any]) -> HttpResponse:
    return take_in(request, guest) or decide(request, guest)


def _guest(caller: Caller, link: EntryLink) -> dict[str, Any]:
    claims = parse_claims(_opened(link.claims) or "")
    return guest_of(caller.partner, link.person, _opened(link.phone), claims)


def _opened(wrapped: str) -> str | None:
    """What the partner has wrapped for us: the number that it has checked, or its claims."""
    packed = unpacked(wrapped)
    if packed is None:
        return None
    key_id, box = packed
    try:
        stored = key_store().key(key_id)
        if stored.purpose is not Purpose.UNWRAP or not stored.published.is_active(
            datetime.now(UTC)
        ):
            raise Problem("partners.entry_invalid")
        return stored.unwrap(box).decode("ascii").strip(" ")
    except (Problem, UnicodeError):
        raise Problem("partners.entry_invalid") from None
