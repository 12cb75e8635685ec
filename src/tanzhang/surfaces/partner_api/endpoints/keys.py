"""``GET /v1/platform-keys``: our public keys, each announced before it is used."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.http import HttpRequest, HttpResponse
from ninja import Router

from tanzhang.apps.people import api as people
from tanzhang.config.own_keys import key_store
from tanzhang.crypto import PublishedKey, Purpose, public_json
from tanzhang.surfaces.partner_api import schemas
from tanzhang.surfaces.partner_api.endpoints.replies import reply
from tanzhang.surfaces.partner_api.rules import Rule

router = Router(tags=["keys"])
RULES = {("GET", "platform-keys"): Rule("platform-keys", is_public=True)}

#: What outsiders have a use for.
_SHOWN = {Purpose.SIGN, Purpose.ROOT, Purpose.UNWRAP}

#: How long before its use a key is announced; what partners may rely on.
ANNOUNCED_BEFORE = timedelta(hours=24)


@router.get(
    "/platform-keys",
    operation_id="platform_keys",
    summary="Our public keys, present and to come",
    response=schemas.PlatformKeys,
)
def platform_keys(request: HttpRequest) -> HttpResponse:
    """Every key that signs for us or opens what is sealed for us, with its time.

    A new key is endorsed by the one before it: whoever trusts that one may trust the new one.
    """
    now = datetime.now(UTC)
    shown = [key for key in key_store().published() if key.purpose in _SHOWN]
    return reply(
        {
            "installation": people.installation().id_text,
            "announced_before_s": int(ANNOUNCED_BEFORE.total_seconds()),
            "keys": [public_json(key) | {"state": _state(key, now)} for key in shown],
        }
    )


def _state(key: PublishedKey, now: datetime) -> str:
    """``announced``, ``active`` or ``ended``."""
    if now < key.active_from:
        return "announced"
    return "active" if key.is_active(now) else "ended"
