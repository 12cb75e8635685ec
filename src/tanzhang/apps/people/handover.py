"""The hand-over: a host app vouches for its customer, once and for five minutes.

The host signs a ticket and sends the citizen's browser here with it. The ticket names her only as
the host does; her phone is in it as its keyed hash. Reading a ticket changes nothing: a link that
somebody else put in front of her opens no account until she says so. Redeemed is it once, so that
an address found in a history or a log opens nothing.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.core import signing
from django.utils import timezone

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.phones import phone_index
from tanzhang.apps.people.selectors import installation_secret
from tanzhang.problems import Problem

LIFE: Final = timedelta(minutes=5)
_SALT: Final = "tanzhang.hand-over"


@dataclass(frozen=True, slots=True)
class HandOver:
    """A customer whom a host vouches for.

    ``sources`` are the codes of the partners that know her by the same ``person``, the host among
    them; ``phone_index`` is the keyed hash of the number that the host has checked, if any.
    """

    host: str
    programme: str
    person: str
    sources: tuple[str, ...]
    phone_index: bytes | None


def make_ticket(
    *, host: str, programme: str, person: str, sources: tuple[str, ...], phone: str | None
) -> str:
    """A signed ticket, safe in an address. Raises ``people.phone_malformed``."""
    index = phone_index(installation_secret(), phone).hex() if phone else ""
    nonce = secrets.token_hex(16)
    return signing.dumps([host, programme, person, [*sources], index, nonce], salt=_SALT)


def read_ticket(ticket: str) -> HandOver:
    """Whom a ticket names that can still be redeemed. Raises ``people.ticket_invalid``."""
    handed, nonce = _opened(ticket)
    with bulk_transaction() as cursor:
        cursor.execute("select from used_ticket where nonce = %s", [nonce])
        if cursor.fetchone() is not None:
            raise Problem("people.ticket_invalid")
    return handed


def redeem_ticket(ticket: str) -> HandOver:
    """Whom a ticket names; it is used up. Raises ``people.ticket_invalid``."""
    handed, nonce = _opened(ticket)
    now = timezone.now()
    with bulk_transaction() as cursor:
        cursor.execute("delete from used_ticket where used_at < %s", [now - 2 * LIFE])
        cursor.execute(
            "insert into used_ticket (nonce, used_at) values (%s, %s)"
            " on conflict do nothing returning nonce",
            [nonce, now],
        )
        if cursor.fetchone() is None:
            raise Problem("people.ticket_invalid")
    return handed


def _opened(ticket: str) -> tuple[HandOver, bytes]:
    """What a host signed not long ago, and the number of the ticket."""
    try:
        payload = signing.loads(ticket, salt=_SALT, max_age=LIFE)
    except signing.BadSignature:
        raise Problem("people.ticket_invalid") from None
    host, programme, person, sources, index, nonce = payload
    named = HandOver(host, programme, person, tuple(sources), bytes.fromhex(index) or None)
    return named, bytes.fromhex(nonce)
