"""Which platform keys a partner trusts, and how a new one comes to be trusted.

The first keys come in a file that the platform handed over, by a way that both sides chose. A later
key is trusted if one that is trusted already has signed for it; nothing is taken on the word of the
network alone.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from tanzhang_client.keys import P256, SM2, KeyUnusable, PublicKey

#: The names of the profiles' algorithms in the platform's list of keys.
_ALGORITHMS: Final = {"sm2": SM2, "p256": P256}


@dataclass(frozen=True, slots=True)
class PlatformKey:
    """One of the platform's keys: what it is for, since when, and who vouches for it."""

    public: PublicKey
    purpose: str
    algorithm: str
    active_from: datetime
    active_until: datetime | None
    endorsed_by: str
    endorsement: bytes

    def statement(self) -> bytes:
        """What an endorsement signs: a title, purpose, algorithm, key id, beginning, key."""
        fields = (
            "TANZHANG-KEY-1",
            self.purpose,
            self.algorithm,
            self.public.key_id,
            str(int(self.active_from.timestamp())),
            self.public.der.hex(),
        )
        return "".join(f"{text}\n" for text in fields).encode()

    def is_active(self, at: datetime) -> bool:
        """Whether the key is in use at an instant."""
        return self.active_from <= at and (self.active_until is None or at < self.active_until)


class PlatformKeys:
    """The keys of one installation that this partner trusts."""

    def __init__(self, keys: Iterable[PlatformKey]) -> None:
        self._keys = {key.public.key_id: key for key in keys}

    @staticmethod
    def from_file(path: str | Path) -> PlatformKeys:
        """Trust every key of a file, as ``/v1/platform-keys`` answers it and as handed over.

        Raises ``KeyUnusable`` for a file that is no such list, and ``OSError``.
        """
        try:
            said = json.loads(Path(path).read_text(encoding="utf-8"))
            return PlatformKeys([_key(entry) for entry in said["keys"]])
        except (ValueError, KeyError, TypeError) as error:
            raise KeyUnusable(f"{path} is no list of platform keys.") from error

    def key(self, key_id: str, purpose: str, at: datetime) -> PublicKey | None:
        """A trusted key of that id and purpose that is in use at an instant, if there is one."""
        found = self._keys.get(key_id)
        fits = found and found.purpose == purpose and found.is_active(at)
        return found.public if found and fits else None

    def current(self, purpose: str, profile: str) -> PublicKey:
        """The youngest trusted key in use for a purpose. Raises ``KeyUnusable``."""
        now = datetime.now(UTC)
        fit = [
            key
            for key in self._keys.values()
            if key.purpose == purpose and key.public.profile == profile and key.is_active(now)
        ]
        if not fit:
            raise KeyUnusable(f"We trust no platform key in use for “{purpose}” in {profile}.")
        return max(fit, key=lambda key: key.active_from).public

    def learn(self, published: Iterable[Mapping[str, Any]]) -> None:
        """Trust those published keys that a key we trust has endorsed; pass over all others.

        Of a key that is trusted already only an earlier end is taken over.
        """
        waiting = [_key(entry) for entry in published]
        learnt = True
        while learnt:
            learnt = False
            for key in waiting:
                is_new = key.public.key_id not in self._keys
                if is_new and self._vouched(key):
                    self._keys[key.public.key_id] = key
                    learnt = True
        for key in waiting:
            known = self._keys.get(key.public.key_id)
            if known and _ends_earlier(key, known):
                self._keys[known.public.key_id] = replace(known, active_until=key.active_until)

    def _vouched(self, key: PlatformKey) -> bool:
        by = self._keys.get(key.endorsed_by)
        may = by is not None and by.purpose == (key.purpose if key.purpose == "root" else "sign")
        return bool(may and by and by.public.verifies(key.statement(), key.endorsement))


def _ends_earlier(key: PlatformKey, known: PlatformKey) -> bool:
    until, known_until = key.active_until, known.active_until
    return until is not None and (known_until is None or until < known_until)


def _key(entry: Mapping[str, Any]) -> PlatformKey:
    """One entry of the list. Raises ``KeyError``, ``TypeError`` or ``ValueError``."""
    public = PublicKey.from_pem(entry["pem"])
    if public.profile != _ALGORITHMS[entry["algorithm"]] or public.key_id != entry["key_id"]:
        raise KeyUnusable(f"The entry {entry['key_id']} is not about the key it carries.")
    until = entry.get("active_until")
    try:
        endorsement = base64.b64decode(entry.get("endorsement") or "", validate=True)
    except binascii.Error as error:
        raise KeyUnusable(f"The endorsement of {entry['key_id']} is not base64.") from error
    return PlatformKey(
        public,
        entry["purpose"],
        entry["algorithm"],
        datetime.fromisoformat(entry["active_from"]),
        datetime.fromisoformat(until) if until else None,
        entry.get("endorsed_by") or "",
        endorsement,
    )
