"""How one key follows another: announced, in use beside the old one, alone.

A new key is announced a day before it is used, so that whoever checks our signatures can fetch it
in time, and the old one goes on for a week: signatures on their way still come from a key in use,
and data keys that partners wrapped for it are still taken. Signatures stay valid for ever.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from tanzhang.crypto.keys import Algorithm
from tanzhang.crypto.keystore.model import KeyStore, PublishedKey, Purpose, StoredKey

ANNOUNCED_AHEAD = timedelta(hours=24)
OVERLAP = timedelta(days=7)


def rotate(
    store: KeyStore,
    purpose: Purpose,
    algorithm: Algorithm,
    now: datetime,
    *,
    ahead: timedelta = ANNOUNCED_AHEAD,
    overlap: timedelta = OVERLAP,
) -> StoredKey:
    """Announces a successor of the key in use and sets that one's end. Returns the successor.

    Where the key is no longer to be trusted, ``ahead`` and ``overlap`` are nought.
    Raises ``crypto.key_missing`` if there is no key to follow.
    """
    old = store.current(purpose, algorithm)
    new = store.create(purpose, algorithm, now + ahead)
    store.retire(old.key_id, now + ahead + overlap)
    return new


def trusted(anchor_key_id: str, keys: Iterable[PublishedKey]) -> list[PublishedKey]:
    """The keys that the anchor vouches for, itself first: directly or through one another.

    This is what somebody may believe who was once handed a single public key.
    """
    every = list(keys)
    found = [key for key in every if key.key_id == anchor_key_id == key.public.key_id]
    for known in found:  # grows while it is walked
        names = {key.key_id for key in found}
        found += [key for key in every if key.key_id not in names and key.is_endorsed_by(known)]
    return found
