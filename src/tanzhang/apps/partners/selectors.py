"""Reads: partners by code."""

from __future__ import annotations

from dataclasses import dataclass

from tanzhang.apps.partners.models import IdTime, Partner
from tanzhang.problems import Problem


@dataclass(frozen=True, slots=True)
class PartnerEntry:
    """A partner as the rooms above see it."""

    id: int
    code: str
    programme_id: int
    id_time: IdTime


def partner(code: str) -> PartnerEntry:
    """The partner with this code. Raises ``partners.partner_unknown``."""
    found = Partner.objects.filter(code=code).first()
    if found is None:
        raise Problem("partners.partner_unknown", partner=code)
    return PartnerEntry(found.id, found.code, found.programme_id, IdTime(found.id_time))


def partner_codes() -> dict[int, str]:
    """Each partner's code by its number."""
    return dict(Partner.objects.values_list("id", "code"))
