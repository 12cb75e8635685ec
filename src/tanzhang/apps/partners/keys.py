"""Partners' public keys: announced, live, over, revoked; and since when one cannot be trusted.

At most two keys of a purpose are live at any instant, so that a partner changes keys without a
pause and never has a third one lying about. A key belongs to one partner for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import psycopg
from django.db import connection
from django.utils import timezone

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners.agreements import lock_partner
from tanzhang.apps.partners.models import Purpose
from tanzhang.crypto.keys import Algorithm, PublicKey
from tanzhang.problems import Problem

#: How long the old key is still good once a new one is live, if nothing else is said.
OVERLAP: Final = timedelta(days=7)

SLOTS: Final = {Purpose.SIGN: (1, 2), Purpose.ENCRYPT: (3, 4)}

COLUMNS: Final = (
    "partner_id, key_id, purpose, algorithm, pem, announced_at, active_from, active_until,"
    " revoked_at, compromised_since, slot"
)


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """A partner's key as it is listed."""

    partner_id: int
    key_id: str
    purpose: Purpose
    algorithm: Algorithm
    pem: str
    announced_at: datetime
    active_from: datetime
    active_until: datetime | None
    revoked_at: datetime | None
    compromised_since: datetime | None
    slot: int

    def state(self, at: datetime) -> str:
        """``revoked``, ``announced``, ``expired`` or ``live`` at an instant."""
        if self.revoked_at is not None:
            return "revoked"
        if at < self.active_from:
            return "announced"
        return "expired" if self.active_until is not None and at >= self.active_until else "live"

    @property
    def ends(self) -> datetime | None:
        """The instant from which it is good no more, if there is one."""
        ends = [at for at in (self.active_until, self.revoked_at) if at is not None]
        return min(ends, default=None)


def add_key(
    partner_id: int,
    key: PublicKey,
    *,
    purpose: Purpose = Purpose.SIGN,
    active_from: datetime | None = None,
    at: datetime | None = None,
) -> str:
    """Announce a key that is good from ``active_from`` on (default: at once); return its key id.

    Raises ``partners.key_taken`` if any partner ever had this key, ``partners.keys_too_many`` if
    two others would be live at the same time, and ``partners.key_from_past``.
    """
    with bulk_transaction() as cursor:
        lock_partner(cursor, partner_id)
        return _add(cursor, partner_id, key, purpose, active_from, at or timezone.now())


def rotate_key(
    partner_id: int,
    key: PublicKey,
    *,
    purpose: Purpose = Purpose.SIGN,
    active_from: datetime | None = None,
    overlap: timedelta = OVERLAP,
    at: datetime | None = None,
) -> str:
    """Announce the successor of the present key, which stays good for ``overlap`` beside it.

    Raises as ``add_key`` does, and ``partners.key_missing`` if there is nothing to rotate.
    """
    now = at or timezone.now()
    begins = active_from or now
    with bulk_transaction() as cursor:
        lock_partner(cursor, partner_id)
        present = [
            old
            for old in _keys(cursor, partner_id)
            if old.purpose is purpose and old.state(begins) == "live"
        ]
        if not present:
            raise Problem("partners.key_missing")
        cursor.execute(
            "update partner_key set active_until = %s"
            " where active_until is null and key_id = any(%s)",
            [begins + overlap, [old.key_id for old in present]],
        )
        return _add(cursor, partner_id, key, purpose, begins, now)


def revoke_key(
    partner_id: int,
    key_id: str,
    *,
    compromised_since: datetime | None = None,
    at: datetime | None = None,
) -> None:
    """Refuse a key from the next call on; distrust what it signed from ``compromised_since`` on.

    A revoked key may be found compromised later, and since earlier, never since later. Raises
    ``partners.key_unknown`` (also for another partner's key) and ``partners.key_from_future``.
    """
    now = at or timezone.now()
    if compromised_since is not None and compromised_since > now:
        raise Problem("partners.key_from_future")
    with bulk_transaction() as cursor:
        cursor.execute(
            "update partner_key set revoked_at = coalesce(revoked_at, %s),"
            " compromised_since = least(compromised_since, %s)"
            " where partner_id = %s and key_id = %s",
            [now, compromised_since, partner_id, key_id],
        )
        if cursor.rowcount == 0:
            raise Problem("partners.key_unknown", partner=str(partner_id), key=key_id)


def partner_keys(partner_id: int) -> list[KeyEntry]:
    """Every key of a partner, the oldest first."""
    with connection.cursor() as cursor:
        return _keys(cursor, partner_id)


def key_owner(key_id: str) -> KeyEntry | None:
    """The key of this id, whoever's it is, revoked or not: old signatures are checked with it."""
    with connection.cursor() as cursor:
        cursor.execute(f"select {COLUMNS} from partner_key where key_id = %s", [key_id])
        found = cursor.fetchone()
    return None if found is None else _entry(found)


def compromised_keys() -> list[KeyEntry]:
    """Keys whose signatures are distrusted from ``compromised_since`` on."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {COLUMNS} from partner_key where compromised_since is not null order by id"
        )
        return [_entry(row) for row in cursor.fetchall()]


def _add(
    cursor: psycopg.Cursor[Any],
    partner_id: int,
    key: PublicKey,
    purpose: Purpose,
    active_from: datetime | None,
    now: datetime,
) -> str:
    begins = active_from or now
    if begins < now:
        raise Problem("partners.key_from_past")
    cursor.execute("select from partner_key where key_id = %s", [key.key_id])
    if cursor.fetchone() is not None:
        raise Problem("partners.key_taken", key=key.key_id)
    taken = {old.slot for old in _keys(cursor, partner_id) if old.ends is None or old.ends > begins}
    slot = next((slot for slot in SLOTS[purpose] if slot not in taken), None)
    if slot is None:
        raise Problem("partners.keys_too_many")
    values = [partner_id, key.key_id, purpose.value, slot, key.algorithm.value, key.pem]
    cursor.execute(
        "insert into partner_key (partner_id, key_id, purpose, slot, algorithm, pem, announced_at,"
        " active_from) values (%s, %s, %s, %s, %s, %s, %s, %s)",
        [*values, now, begins],
    )
    return key.key_id


def _keys(cursor: Any, partner_id: int) -> list[KeyEntry]:
    cursor.execute(
        f"select {COLUMNS} from partner_key where partner_id = %s order by id", [partner_id]
    )
    return [_entry(row) for row in cursor.fetchall()]


def _entry(row: Sequence[Any]) -> KeyEntry:
    partner_id, key_id, purpose, algorithm, *rest = row
    return KeyEntry(partner_id, key_id, Purpose(purpose), Algorithm(algorithm), *rest)
