"""Entry links: a partner's customer is sent to us by a link that the partner's own key signs.

A link names one person as the partner does, is good for five minutes and one visit, and only at the
host that it was signed for. Reading it changes nothing; using it burns its nonce.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from django.utils import timezone

from tanzhang.apps.partners.agreements import agreement
from tanzhang.apps.partners.callers import Caller, caller
from tanzhang.apps.partners.models import AgreementKind
from tanzhang.apps.partners.nonces import burn_nonce, is_burnt, is_in_window
from tanzhang.crypto import PrivateKey, Profile, entry_string
from tanzhang.problems import Problem

#: What a link's parameters look like; each is there once, phone and claims may be missing.
SHAPES: Final = {
    "partner": re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII),
    "key": re.compile(r"[0-9A-F]{16}", re.ASCII),
    "person": re.compile(r"[^\x00-\x1f\x7f]{1,200}"),
    "ts": re.compile(r"[1-9][0-9]{0,11}", re.ASCII),
    "nonce": re.compile(r"[0-9a-f]{32}", re.ASCII),
    "phone": re.compile(r"(?:[0-9A-F]{16}\.[A-Za-z0-9_-]{1,400})?", re.ASCII),
    "claims": re.compile(r"(?:[0-9A-F]{16}\.[A-Za-z0-9_-]{1,1600})?", re.ASCII),
    "sig": re.compile(r"[A-Za-z0-9_-]{8,200}", re.ASCII),
}


@dataclass(frozen=True, slots=True)
class EntryLink:
    """A link's parameters as they stand in it."""

    partner: str
    key: str
    person: str
    ts: str
    nonce: str
    sig: str
    phone: str = ""  #: ``<key id of ours>.<the number, wrapped for that key>``, or empty
    claims: str = ""  #: what else the partner vouches for (``claims.py``), wrapped like the phone

    @property
    def fields(self) -> dict[str, str]:
        """The parameters by name, for an address or a form."""
        return {name: value for name, value in asdict(self).items() if value}


def parse_link(given: Mapping[str, str]) -> EntryLink:
    """A link from its parameters. Raises ``partners.entry_invalid``."""
    said = {name: given.get(name, "") for name in SHAPES}
    if not all(SHAPES[name].fullmatch(value) for name, value in said.items()):
        raise Problem("partners.entry_invalid")
    return EntryLink(**said)


def read_link(link: EntryLink, host: str, at: datetime | None = None) -> Caller:
    """Who signed a link that can still be used.

    Raises as ``caller`` does, ``partners.agreement_missing``, and ``partners.entry_invalid`` for a
    link that is too old or too early, signed otherwise or for another host, or used already.
    """
    now = at or timezone.now()
    found = caller(link.partner, link.key, now)
    profile = next(one for one in Profile if one.algorithm is found.algorithm)
    signed = _canonical(profile, link, host)
    sound = is_in_window(int(link.ts), now) and found.key.verify(signed, _decoded(link.sig))
    if not sound or is_burnt(found.partner.id, link.nonce):
        raise Problem("partners.entry_invalid")
    agreement(found.partner.id, AgreementKind.HAND_OVER, now)
    return found


def use_link(link: EntryLink, host: str, at: datetime | None = None) -> Caller:
    """Who signed a link; it is used up. Raises what ``read_link`` raises."""
    found = read_link(link, host, at)
    try:
        burn_nonce(found.partner.id, link.nonce, int(link.ts))
    except Problem:  # somebody used it a moment ago
        raise Problem("partners.entry_invalid") from None
    return found


def sign_link(
    key: PrivateKey,
    *,
    partner: str,
    person: str,
    host: str,
    ts: int,
    nonce: str,
    phone: str = "",
    claims: str = "",
) -> EntryLink:
    """A link as a partner signs it; for the sample bank, and for tests."""
    unsigned = EntryLink(partner, key.key_id, person, str(ts), nonce, "", phone, claims)
    profile = next(one for one in Profile if one.algorithm is key.algorithm)
    made = base64.urlsafe_b64encode(key.sign(_canonical(profile, unsigned, host)))
    return EntryLink(**unsigned.fields, sig=made.decode("ascii").rstrip("="))


def unpacked(wrapped: str) -> tuple[str, bytes] | None:
    """Which key of ours opens a link's phone or claims, and what is wrapped for it; None if empty.

    Inside are blanks at the end: up to 32 bytes after the number in the international form, up to
    a multiple of 64 after claims. Raises ``partners.entry_invalid``.
    """
    if not wrapped:
        return None
    key_id, _, text = wrapped.partition(".")
    return key_id, _decoded(text)


def _canonical(profile: Profile, link: EntryLink, host: str) -> bytes:
    return entry_string(
        profile,
        host=host,
        ts=int(link.ts),
        nonce=link.nonce,
        partner=link.partner,
        key=link.key,
        person=link.person,
        phone=link.phone,
        claims=link.claims,
    )


def _decoded(text: str) -> bytes:
    """Base64 for addresses, without filling, in its one form."""
    try:
        decoded = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        raise Problem("partners.entry_invalid") from None
    if base64.urlsafe_b64encode(decoded).decode("ascii").rstrip("=") != text:
        raise Problem("partners.entry_invalid")
    return decoded
