"""A guest: somebody whom a host has handed over and who has not agreed to anything yet.

Of what the host calls her only keyed references go into the session, one for each source.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.partners.api import partner
from tanzhang.apps.people.api import (
    LIFE,
    HandOver,
    Opening,
    installation,
    installation_secret,
    person_refs,
)


def guest_of(handed: HandOver) -> dict[str, Any]:
    """What the session keeps of a hand-over. Raises ``partners.partner_unknown``."""
    secret = installation_secret()
    refs = {
        str(partner(code).id): person_refs(secret, code, [handed.person])[0].hex()
        for code in handed.sources
    }
    # The simulator names citizens by their handles; anybody else's handle is drawn.
    handle = f"{handed.programme}-{handed.person}" if installation().is_fictitious else None
    return {
        "programme": handed.programme,
        "host": partner(handed.host).id,
        "refs": refs,
        "phone": handed.phone_index.hex() if handed.phone_index else "",
        "handle": handle,
        "until": time.time() + LIFE.total_seconds(),
    }


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
        phone_index=bytes.fromhex(guest["phone"]) or None,
        handle=guest["handle"],
    )
