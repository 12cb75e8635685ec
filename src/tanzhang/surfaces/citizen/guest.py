"""A guest: somebody who was handed over, or shows a phone, and has not agreed to anything yet.

Of what the partner calls her only keyed references go into the session, one for each source, and
of her phone and of what is vouched for only what the vault has sealed.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from tanzhang.apps.catalogue.api import RulesInForce, rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners.api import (
    Claims,
    PartnerEntry,
    holding,
    parse_claims,
    partner_codes,
    write_claims,
)
from tanzhang.apps.people.api import (
    ADULT,
    JoinedBy,
    Opening,
    Vouched,
    installation,
    installation_secret,
    kind_of,
    person_refs,
    vault,
)
from tanzhang.engine.packs.joining.words import CLAIMS
from tanzhang.stored_time import day_number

#: How long a hand-over may stay open before she agrees.
LIFE: Final = timedelta(minutes=5)

#: What a guest's sealed number and sealed claims are bound to.
_ASIDE: Final = "guest"
_CLAIMS: Final = "guest-claims"

#: Claims that are simply true, or not made.
_FLAGS: Final = (ADULT, *(name for name, names_values in CLAIMS.items() if not names_values))


def guest_of(
    host: PartnerEntry, person: str, phone: str | None, claims: Claims | None = None
) -> dict[str, Any]:
    """What the session keeps of a person for whom a partner vouches.

    Raises ``people.phone_malformed``.
    """
    claims = holding(claims or {}, _FLAGS)
    secret, rules = installation_secret(), rulebook_in_force()
    programme = rules.programme_code(host.programme_id)
    numbers = {code: number for number, code in partner_codes().items()}
    refs = {
        str(numbers[code]): person_refs(secret, code, [person])[0].hex()
        for code in _known_to(host, programme, rules)
    }
    return {
        "programme": programme,
        "host": host.id,
        "refs": refs,
        "phone": _aside(phone) if phone else "",
        "is_phone_told": bool(phone),
        "claims": _claims_aside(claims) if claims else "",
        # The simulator names citizens by their handles; anybody else's handle is drawn.
        "handle": f"{programme}-{person}" if installation().is_fictitious else None,
        "until": time.time() + LIFE.total_seconds(),
    }


def guest_alone(programme: str) -> dict[str, Any]:
    """What the session keeps of somebody who comes by herself, before she has shown a phone."""
    return {
        "programme": programme,
        "host": None,
        "refs": {},
        "phone": "",
        "is_phone_told": False,
        "claims": "",
        "handle": None,
        "until": time.time() + LIFE.total_seconds(),
    }


def with_phone(guest: dict[str, Any], number: str) -> dict[str, Any]:
    """The guest with a number that a code has shown to be hers; she has some minutes more."""
    until = time.time() + LIFE.total_seconds()
    return guest | {"phone": _aside(number), "is_phone_told": False, "until": until}


def phone_of(guest: dict[str, Any]) -> str | None:
    """The guest's number, if the host told it or she has shown it."""
    if not guest["phone"]:
        return None
    with bulk_transaction() as cursor:
        return vault.take_aside(cursor, _ASIDE, guest["phone"])


def vouched_for(guest: dict[str, Any]) -> Vouched | None:
    """What the host says of the guest, if a host sent her."""
    if guest["host"] is None:
        return None
    text = ""
    if guest["claims"]:
        with bulk_transaction() as cursor:
            text = vault.take_aside(cursor, _CLAIMS, guest["claims"])
    ref = bytes.fromhex(guest["refs"][str(guest["host"])])
    return Vouched(partner_codes()[guest["host"]], ref, parse_claims(text))


def _claims_aside(claims: Claims) -> str:
    with bulk_transaction() as cursor:
        return vault.put_aside(cursor, _CLAIMS, write_claims(claims))


def _aside(phone: str) -> str:
    """A number as the session may keep it: sealed."""
    with bulk_transaction() as cursor:
        number = vault.field_named("phone").plain(phone)
        return vault.put_aside(cursor, _ASIDE, number)


def _known_to(host: PartnerEntry, programme: str, rules: RulesInForce) -> list[str]:
    """Who knows her by that name: whoever says so, and nobody else.

    People who are made up have one name with all partners of their programme.
    """
    if not installation().is_fictitious:
        return [host.code]
    return list(dict.fromkeys((host.code, *rules.programme_file(programme).partners)))


def is_fresh(guest: dict[str, Any]) -> bool:
    """Whether a guest may still agree: an open hand-over on a shared device opens nothing later."""
    return time.time() < float(guest["until"])


def opening_of(
    guest: dict[str, Any], kind: str, joined: JoinedBy, *, text_id: int, at_us: int
) -> Opening:
    """What opening an account of this kind for the guest needs, at this instant."""
    rules = rulebook_in_force()
    file = rules.programme_file(guest["programme"])
    zone = ZoneInfo(rules.programme(guest["programme"]).time_zone)
    today = datetime.fromtimestamp(at_us // 1_000_000, UTC).astimezone(zone).date()
    return Opening(
        programme=guest["programme"],
        programme_id=rules.programme_ids[guest["programme"]],
        host_id=guest["host"],
        refs={int(number): bytes.fromhex(ref) for number, ref in guest["refs"].items()},
        text_id=text_id,
        at_us=at_us,
        joined_day=day_number(today),
        phone=phone_of(guest),
        is_phone_told=guest["is_phone_told"],
        handle=guest["handle"],
        kind=kind_of(kind),
        points_unit=file.accounts[kind].unit,
        joined=joined,
    )
