"""Opening a suspicion: the key is refused, and what it signed since an instant is distrusted."""

from __future__ import annotations

from datetime import datetime

from tanzhang.apps.activities.door import lock_door
from tanzhang.apps.activities.suspicion.models import Suspicion
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners import api as partners
from tanzhang.problems import Problem


def distrust_key(
    partner_id: int, key_id: str, *, since: datetime, by: str, note: str = ""
) -> int | None:
    """Revoke a key, compromised since an instant, and open the suspicion; its number.

    None if an earlier suspicion covers all of that already. When this returns, no batch that the
    key signed comes in any more, not even one that had passed the gate; nobody's balance changes
    before ``carrying.carry_on_suspicions``. Raises ``suspicion.person_missing`` and what
    ``revoke_key`` raises.
    """
    who = by.strip()
    if not who:
        raise Problem("suspicion.person_missing")
    with bulk_transaction() as cursor:
        partners.revoke_key(partner_id, key_id, compromised_since=since)
        lock_door(cursor, partner_id)  # what is inside is waited for, and then looked at too
        known = Suspicion.objects.filter(key_id=key_id).order_by("since")
        first = known.values_list("since", flat=True).first()
        if first is not None and first <= since:
            return None
        opened = Suspicion.objects.create(
            partner_id=partner_id,
            key_id=key_id,
            since=since,
            until=first,
            opened_by=who,
            note=note.strip(),
        )
        return int(opened.pk)


def refuse_revoked(partner: str, key_id: str | None) -> None:
    """Called inside the door: a batch whose key was revoked on the way is not taken.

    Raises ``partners.key_revoked``.
    """
    key = None if key_id is None else partners.key_owner(key_id)
    if key is not None and key.revoked_at is not None:
        raise Problem("partners.key_revoked", partner=partner, key=key.key_id)
