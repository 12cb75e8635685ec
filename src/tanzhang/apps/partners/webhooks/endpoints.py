"""The addresses at which partners want to be told."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners.models import WebhookEndpoint
from tanzhang.apps.partners.webhooks.addresses import check_url
from tanzhang.apps.people.api import installation, installation_secret, refuse_abroad
from tanzhang.problems import Problem

MOST_OPEN: Final = 5


@dataclass(frozen=True, slots=True)
class EndpointEntry:
    """An address of a partner."""

    id: int
    partner_id: int
    url: str
    kinds: tuple[str, ...] | None
    opened_at: datetime
    closed_at: datetime | None

    @property
    def name(self) -> str:
        """What it is called outside, such as ``we_7``."""
        return f"we_{self.id}"


def may_be_private() -> bool:
    """Whether this installation calls private addresses: one with real people never does."""
    return installation().is_fictitious


def open_endpoint(partner_id: int, url: str, kinds: Sequence[str] | None = None) -> EndpointEntry:
    """Begin to tell a partner at an address, of some kinds of messages or of all.

    Raises ``partners.webhook_url_refused``, ``.webhook_known`` and ``.webhooks_too_many``, and what
    ``refuse_abroad`` raises: a message tells of many people.
    """
    check_url(url, may_be_private=may_be_private())
    with bulk_transaction() as cursor:
        refuse_abroad(cursor, partner_id, time.time_ns() // 1_000)
    with transaction.atomic():
        list(WebhookEndpoint.objects.select_for_update().filter(partner_id=partner_id))
        if (
            WebhookEndpoint.objects.filter(partner_id=partner_id, closed_at=None).count()
            >= MOST_OPEN
        ):
            raise Problem("partners.webhooks_too_many", most=MOST_OPEN)
        try:
            with transaction.atomic():
                made = WebhookEndpoint.objects.create(
                    partner_id=partner_id, url=url, kinds=list(kinds) if kinds else None
                )
        except IntegrityError as error:
            raise Problem("partners.webhook_known", url=url) from error
    return next(entry for entry in endpoints(partner_id) if entry.id == made.id)


def close_endpoint(partner_id: int, endpoint_id: int) -> None:
    """Tell nothing more there. Raises ``partners.webhook_unknown``."""
    closed = WebhookEndpoint.objects.filter(
        id=endpoint_id, partner_id=partner_id, closed_at=None
    ).update(closed_at=timezone.now())
    if not closed:
        raise Problem("partners.webhook_unknown", endpoint=f"we_{endpoint_id}")


def endpoints(partner_id: int) -> list[EndpointEntry]:
    """A partner's addresses, closed ones too, in the order of opening."""
    columns = ("id", "partner_id", "url", "kinds", "opened_at", "closed_at")
    rows = WebhookEndpoint.objects.filter(partner_id=partner_id).order_by("id")
    entries = [EndpointEntry(*row) for row in rows.values_list(*columns)]
    return [replace(e, kinds=None if e.kinds is None else tuple(e.kinds)) for e in entries]


def endpoint_secret(endpoint_id: int) -> str:
    """The address's secret in the standardwebhooks form; it is derived, and stored nowhere."""
    key = hmac.digest(installation_secret(), b"webhook\0%d" % endpoint_id, hashlib.sha256)
    return "whsec_" + base64.b64encode(key).decode("ascii")
