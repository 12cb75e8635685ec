"""A guest: somebody whom a partner has handed over and who has not agreed to anything yet.

Of what the partner calls her only keyed references go into the session, one for each source, and
of her phone only a sealed number.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from tanzhang.apps.catalogue.api import RulesInForce, rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners.api import PartnerEntry, partner_codes
from tanzhang.apps.people.api import (
    Opening,
    installation,
    installation_secret,
    person_refs,
    vault,
)

#: How long a hand-over may stay open before she agrees.
LIFE: Final = timedelta(minutes=5)

#: What a guest's sealed number is bound to.
_ASIDE: Final = "guest"


def guest_of(host: PartnerEntry, person: str, phone: str | None) -> dict[str, Any]:
    """What the session keeps of a person for whom a partner vouches.

    Raises ``people.phone_malformed``.
    """
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
        # The simulator names citizens by their handles; anybody else's handle is drawn.
        "handle": f"{programme}-{person}" if installation().is_fictitious else None,
        "until": time.time() + LIFE.total_seconds(),
    }


def phone_of(guest: dict[str, Any]) -> str | None:
    """The guest's number, if the host told it."""
    if not guest["phone"]:
        return None
    with bulk_transaction() as cursor:
        return vault.take_aside(cursor, _ASIDE, guest["phone"])


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


def opening_of(guest: dict[str, Any], text_id: int, at_us: int) -> Opening:
    """What opening the guest's account needs, at this instant."""
    rules = rulebook_in_force()
    zone = ZoneInfo(rules.programme(guest["programme"]).time_zone)
    today = datetime.fromtimestamp(at_us // 1_000_000, UTC).astimezone(zone).date()
    return Opening(
        programme=guest["programme"],
        programme_id=rules.programme_ids[guest["programme"]],
        host_id=guest["host"],
        refs={int(number): bytes.fromhex(ref) for number, ref in guest["refs"].items()},
        text_id=text_id,
        at_us=at_us,
        joined_day=(today - datetime(1970, 1, 1).date()).days,
        phone=phone_of(guest),
        handle=guest["handle"],
    )
