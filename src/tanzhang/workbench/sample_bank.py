"""The sample bank's own key, with which it signs entry links as a real host does.

The bank does not exist, so its private key lies in the home of the installation that plays it.
"""

from __future__ import annotations

import base64
import os
import secrets
import time
from pathlib import Path
from typing import Final

from tanzhang.apps.partners.api import (
    PADDED_BYTES,
    AgreementKind,
    Claims,
    EntryLink,
    Terms,
    add_key,
    agree,
    agreement,
    key_owner,
    partner,
    sign_link,
    write_claims,
)
from tanzhang.apps.people.api import installation
from tanzhang.config.database import home
from tanzhang.config.own_keys import key_store
from tanzhang.crypto import Algorithm, PrivateKey, Purpose, generate, load_private
from tanzhang.problems import Problem

#: The bank's code as a partner.
BANK: Final = "bank"

#: What a phone is filled up to with blanks before it is wrapped, so that its length says nothing.
PHONE_BYTES: Final = 32


#: What the bank vouches for: everybody whom it sends is of age and has a credit card of its own.
CARDHOLDER: Final[Claims] = {"cardholder": (), "card_kinds": ("credit",), "adult": ()}


def bank_link(person: str, phone: str, host: str, claims: Claims = CARDHOLDER) -> EntryLink:
    """A link by which a customer of the bank enters at ``host``, with the phone that it knows.

    Raises ``people.installation_live`` where people may be real, and as ``add_key`` does.
    """
    if not installation().is_fictitious:
        raise Problem("people.installation_live")
    return sign_link(
        _ready_key(),
        partner=BANK,
        person=person,
        host=host,
        ts=int(time.time()),
        nonce=secrets.token_hex(16),
        phone=wrapped_phone(phone),
        claims=wrapped_claims(claims),
    )


def wrapped_phone(phone: str) -> str:
    """A number in the international form as a link carries it: only the platform can open it."""
    return _wrapped(phone.encode("ascii").ljust(PHONE_BYTES))


def wrapped_claims(claims: Claims) -> str:
    """Claims as a link carries them; empty without any."""
    plain = write_claims(claims).encode("ascii")
    filled = -len(plain) % PADDED_BYTES + len(plain)
    return _wrapped(plain.ljust(filled)) if plain else ""


def _wrapped(plain: bytes) -> str:
    key = key_store().current(Purpose.UNWRAP, Algorithm.SM2)
    wrapped = key.public.wrap(plain)
    return f"{key.key_id}.{base64.urlsafe_b64encode(wrapped).decode('ascii').rstrip('=')}"


def _ready_key() -> PrivateKey:
    """The bank's key; known to the platform, and agreed on, after the first call."""
    key, bank = _kept_key(home() / "sample-bank.pem"), partner(BANK)
    if key_owner(key.key_id) is None:
        try:
            add_key(bank.id, key.public)
        except Problem as problem:
            if problem.code != "partners.key_taken":  # by another process, a moment ago
                raise
    try:
        agreement(bank.id, AgreementKind.HAND_OVER)
    except Problem:
        agree(bank.id, Terms(AgreementKind.HAND_OVER), by="sample bank")
    return key


def _kept_key(file: Path) -> PrivateKey:
    """The key in the file; made once, whoever asks first."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        draft.write_text(generate(Algorithm.SM2).to_pem(), encoding="ascii")
        try:
            file.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return load_private(file.read_text(encoding="ascii"))
