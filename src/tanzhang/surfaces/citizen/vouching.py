"""What a host said of the identity of whom it sent, noted on the account that it opens."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone

from tanzhang.apps.people.api import (
    ADULT,
    FACTORS,
    AccountEntry,
    identity_digest,
    shows_of_age,
    vouch,
    vouch_of_age,
)
from tanzhang.problems import Problem
from tanzhang.surfaces.citizen.guest import vouched_for
from tanzhang.surfaces.look import moments


def vouched_digests(guest: dict[str, Any]) -> list[tuple[str, str]]:
    """The factors that the guest's host vouches for, and the digest of each number."""
    said = vouched_for(guest)
    claims = said.claims if said else {}
    return [
        (factor, identity_digest(factor, value))
        for factor in FACTORS
        for value in claims.get(factor, ())
    ]


def note_vouched(request: HttpRequest, guest: dict[str, Any], account: AccountEntry) -> None:
    """Note what the guest's host vouches for. What contradicts an earlier word changes nothing.

    She is in by her host's word all the same, and is told. That she is of age the host says by a
    claim of its own, or by a resident's number; of the number's day of birth nothing is kept.
    """
    said = vouched_for(guest)
    if said is None:
        return
    is_of_age, now = ADULT in said.claims, timezone.now()
    for factor in FACTORS:
        for value in said.claims.get(factor, ()):
            try:
                vouch(account, guest["host"], factor, identity_digest(factor, value))
            except Problem as problem:
                messages.warning(request, problem.text(moments.language()))
                return
            is_of_age |= factor == "id_number" and shows_of_age(value, now)
    if is_of_age:
        vouch_of_age(account, guest["host"])
