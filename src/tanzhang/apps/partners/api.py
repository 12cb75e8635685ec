"""The front door of this room."""

from __future__ import annotations

from tanzhang.apps.partners.models import IdTime
from tanzhang.apps.partners.selectors import PartnerEntry, partner, partner_codes
from tanzhang.apps.partners.services import ensure_partner
from tanzhang.apps.partners.titles import PartnerLine, partner_lines

__all__ = [
    "IdTime",
    "PartnerEntry",
    "PartnerLine",
    "ensure_partner",
    "partner",
    "partner_codes",
    "partner_lines",
]
