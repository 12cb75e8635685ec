"""Who calls: one read a call, from the database itself, so that a revocation holds for the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection
from django.utils import timezone

from tanzhang.apps.partners.models import IdTime, Standing
from tanzhang.apps.partners.selectors import PartnerEntry
from tanzhang.apps.partners.standing import refuse_unserved
from tanzhang.crypto.keys import Algorithm, PublicKey
from tanzhang.problems import Problem

#: The partner, her last standing, and her key of that id to sign with, if there is one.
CALLER: Final = """
select p.id, p.programme_id, p.id_time, s.standing, k.algorithm, k.pem, k.active_from,
    k.active_until, k.revoked_at
from partner p
left join lateral (
    select standing from partner_standing where partner_id = p.id order by id desc limit 1
) s on true
left join partner_key k on k.partner_id = p.id and k.key_id = %s and k.purpose = 'sign'
where p.code = %s
"""


@dataclass(frozen=True, slots=True)
class Caller:
    """A partner that is served, and the live key with which its signature is to be checked."""

    partner: PartnerEntry
    key: PublicKey
    key_id: str

    @property
    def algorithm(self) -> Algorithm:
        """The only algorithm in which this caller may have signed."""
        return self.key.algorithm


def caller(partner_code: str, key_id: str, at: datetime | None = None) -> Caller:
    """Whoever claims to be this partner with this key; the signature is still to be checked.

    Raises ``partners.partner_unknown``, ``partners.partner_suspended``,
    ``partners.partner_closed``, ``partners.key_unknown`` (also for another partner's key),
    ``partners.key_revoked``, ``partners.key_not_yet`` and ``partners.key_expired``.
    """
    now = at or timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(CALLER, [key_id, partner_code])
        found = cursor.fetchone()
    if found is None:
        raise Problem("partners.partner_unknown", partner=partner_code)
    partner_id, programme_id, id_time, standing, algorithm, pem, since, until, revoked_at = found
    refuse_unserved(Standing(standing or Standing.ACTIVE), partner_code)
    told = {"partner": partner_code, "key": key_id}
    if pem is None:
        raise Problem("partners.key_unknown", **told)
    if revoked_at is not None:
        raise Problem("partners.key_revoked", **told)
    if now < since:
        raise Problem("partners.key_not_yet", at=since.isoformat(), **told)
    if until is not None and now >= until:
        raise Problem("partners.key_expired", at=until.isoformat(), **told)
    entry = PartnerEntry(partner_id, partner_code, programme_id, IdTime(id_time))
    return Caller(entry, PublicKey(Algorithm(algorithm), pem), key_id)
