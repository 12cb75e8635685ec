"""A partner's own keys, and ours."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from tanzhang.apps.partners import api as partners
from tanzhang.apps.partners.api import KeyEntry
from tanzhang.config.own_keys import key_store
from tanzhang.crypto import PublishedKey, Purpose as OwnPurpose, load_public
from tanzhang.problems import Problem
from tanzhang.surfaces.portal.forms import KeyForm, RevokeForm
from tanzhang.surfaces.portal.journal import record
from tanzhang.surfaces.portal.models import Verb
from tanzhang.surfaces.portal.pages import done, page
from tanzhang.surfaces.portal.visitor import Visit, for_members

#: Keys of ours that partners have a use for.
SHOWN = {OwnPurpose.SIGN, OwnPurpose.ROOT, OwnPurpose.UNWRAP}

UNPROCESSABLE = 422


@for_members()
def keys(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The page."""
    return _keys(request, visit, KeyForm())


@for_members(posts=True)
def add(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Announce a key, beside the present one or as its successor."""
    form = KeyForm(request.POST)
    if not form.is_valid():
        return _keys(request, visit, form, UNPROCESSABLE)
    given = form.cleaned_data
    is_successor = given["way"] == "rotate"
    change = partners.rotate_key if is_successor else partners.add_key
    try:
        with transaction.atomic():
            key_id = change(
                visit.partner_id,
                load_public(given["pem"].replace("\r\n", "\n")),
                purpose=partners.Purpose(given["purpose"]),
                active_from=given["active_from"],
            )
            verb = Verb.KEY_ROTATED if is_successor else Verb.KEY_ADDED
            _record(visit, verb, key_id)
    except Problem as problem:
        return _keys(request, visit, form, UNPROCESSABLE, problem)
    return done(request, _("The key %(key)s is announced.") % {"key": key_id}, "keys")


@for_members()
def key(request: HttpRequest, visit: Visit, key_id: str) -> HttpResponse:
    """One key, and what follows from revoking it."""
    return _key(request, visit, _own(visit, key_id), RevokeForm())


@for_members(posts=True)
def revoke(request: HttpRequest, visit: Visit, key_id: str) -> HttpResponse:
    """Refuse a key from the next call on."""
    entry, form = _own(visit, key_id), RevokeForm(request.POST)
    if not form.is_valid():
        return _key(request, visit, entry, form, UNPROCESSABLE)
    try:
        if not form.cleaned_data["confirmed"]:
            raise Problem("portal.not_confirmed")
        since: datetime | None = form.cleaned_data["compromised_since"]
        with transaction.atomic():
            partners.revoke_key(visit.partner_id, key_id, compromised_since=since)
            _record(visit, Verb.KEY_REVOKED, key_id, since.isoformat() if since else "")
    except Problem as problem:
        return _key(request, visit, entry, form, UNPROCESSABLE, problem)
    return done(request, _("The key %(key)s is refused from now on.") % {"key": key_id}, "keys")


def _keys(
    request: HttpRequest,
    visit: Visit,
    form: KeyForm,
    status: int = 200,
    problem: Problem | None = None,
) -> HttpResponse:
    now = timezone.now()
    found = partners.partner_keys(visit.partner_id)
    return page(
        request,
        visit,
        "keys",
        "keys",
        status=status,
        slots=_slots(found, now),
        over=[(key, key.state(now)) for key in found if key.ends is not None and key.ends <= now],
        own=[(key, _own_state(key, now)) for key in _published()],
        form=form,
        problem=problem,
    )


def _key(
    request: HttpRequest,
    visit: Visit,
    entry: KeyEntry,
    form: RevokeForm,
    status: int = 200,
    problem: Problem | None = None,
) -> HttpResponse:
    state = entry.state(timezone.now())
    told: dict[str, Any] = {"key": entry, "state": state, "form": form, "problem": problem}
    return page(request, visit, "key", "keys", status=status, **told)


def _slots(found: list[KeyEntry], now: datetime) -> list[dict[str, Any]]:
    """Both places of each purpose, with the keys in them that are not over."""
    present = [key for key in found if key.ends is None or key.ends > now]
    by_slot = {
        slot: [(key, key.state(now)) for key in keys]
        for slot, keys in groupby(sorted(present, key=lambda key: key.slot), lambda key: key.slot)
    }
    return [
        {"purpose": purpose, "place": place, "keys": by_slot.get(slot, [])}
        for purpose, first in (("sign", 1), ("encrypt", 3))
        for place, slot in enumerate((first, first + 1), start=1)
    ]


def _own(visit: Visit, key_id: str) -> KeyEntry:
    """The partner's key of this id. Raises ``partners.key_unknown``, for another partner's too."""
    found = partners.partner_keys(visit.partner_id)
    entry = next((key for key in found if key.key_id == key_id), None)
    if entry is None:
        raise Problem("partners.key_unknown", partner=visit.code, key=key_id)
    return entry


def _published() -> list[PublishedKey]:
    return [key for key in key_store().published() if key.purpose in SHOWN]


def _own_state(key: PublishedKey, now: datetime) -> str:
    if now < key.active_from:
        return "announced"
    return "active" if key.is_active(now) else "ended"


def _record(visit: Visit, verb: Verb, key_id: str, note: str = "") -> None:
    member = visit.member
    record(visit.partner_id, verb, key_id, note, member_id=member.id, name=member.name)
