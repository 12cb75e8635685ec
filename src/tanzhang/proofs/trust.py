"""Whom a verifier believes: the keys of the file at hand, and whoever these vouch for.

A key file is what ``tanzhang key public`` writes, or a single public key in PEM. Documents bring
the chain of endorsements of their key along, so that a key file stays good over rotations: a key
that the file does not know counts if a known one of the same purpose endorsed it, directly or
through others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from tanzhang.crypto import (
    PublicKey,
    PublishedKey,
    Purpose,
    from_public_json,
    load_public,
    public_json,
)
from tanzhang.problems import Problem
from tanzhang.proofs.fields import Fields
from tanzhang.proofs.form import canonical, parse

KEYS_FORMAT: Final = "tanzhang-keys/1"

#: More rotations than any key has behind it.
_MOST_LINKS: Final = 1000


@dataclass(frozen=True, slots=True)
class Trust:
    """Known keys by their ids; a bare key's purpose is what documents say of it."""

    keys: Mapping[str, PublishedKey]
    bare: PublicKey | None = None
    installation: str | None = None

    def key_for(
        self, key_id: str, purpose: Purpose, at: datetime, brought: Mapping[str, PublishedKey]
    ) -> PublishedKey:
        """The key that made a signature, if it is believed, for this purpose and at that time.

        Raises ``proofs.key_unknown``, ``.endorsement_wrong``, ``.key_purpose_wrong`` or
        ``.key_inactive``.
        """
        key = self._believed(key_id, brought)
        if key.purpose is not purpose:
            raise Problem(
                "proofs.key_purpose_wrong",
                key_id=key_id,
                purpose=key.purpose.value,
                needed=purpose.value,
            )
        # Documents tell time in whole seconds: that in which a key ended is still its own.
        if at != key.active_until and not key.is_active(at):
            raise Problem("proofs.key_inactive", key_id=key_id)
        return key

    def vouched(self, brought: Mapping[str, PublishedKey]) -> Trust:
        """With the root keys that a signed receipt brought, where no root key was known before.

        So one public key of the signing kind is enough to check a whole receipt.
        """
        if any(key.purpose is Purpose.ROOT for key in self.keys.values()):
            return self
        roots = {name: key for name, key in brought.items() if key.purpose is Purpose.ROOT}
        return replace(self, keys={**roots, **self.keys})

    def require_installation(self, name: str) -> None:
        """Raises ``proofs.installation_other`` for the documents of another installation."""
        if self.installation is not None and name != self.installation:
            raise Problem("proofs.installation_other", given=name, expected=self.installation)

    def _believed(self, key_id: str, brought: Mapping[str, PublishedKey]) -> PublishedKey:
        """The key itself, known or endorsed link by link from a known one."""
        links: list[PublishedKey] = []
        name = key_id
        while name not in self.keys:
            link = brought.get(name)
            if link is None or len(links) == _MOST_LINKS:
                raise Problem("proofs.key_unknown", key_id=key_id[:40])
            links.append(link)
            if self.bare is not None and link.public.spki == self.bare.spki:
                break
            name = link.endorsed_by
        else:
            links.append(self.keys[name])
        for newer, older in pairwise(links):
            if not newer.is_endorsed_by(older):
                raise Problem("proofs.endorsement_wrong", key_id=newer.key_id)
        return links[0]


def key_file(installation: str, published: Iterable[PublishedKey]) -> bytes:
    """The file that verifiers keep: every key of an installation that signs."""
    keys = [public_json(key) for key in published if key.purpose.signs]
    return canonical({"format": KEYS_FORMAT, "installation": installation, "keys": keys})


def read_key_file(data: bytes) -> Trust:
    """Whom a key file says to believe. Raises ``proofs.key_file_malformed``."""
    try:
        if data.lstrip().startswith(b"-----BEGIN"):
            return Trust({}, load_public(data.decode("ascii")))
        fields = Fields(parse(data))
        if fields.text("format") != KEYS_FORMAT:
            raise Problem("proofs.key_file_malformed")
        installation, keys = fields.text("installation"), brought_keys(fields)
    except (Problem, UnicodeDecodeError):
        raise Problem("proofs.key_file_malformed") from None
    return Trust(keys, installation=installation)


def brought_keys(fields: Fields) -> dict[str, PublishedKey]:
    """The keys in a document by their ids. Raises ``proofs.key_malformed``."""
    try:
        keys = []
        for said in fields.anything("keys"):
            key = from_public_json(said)
            if key.public.key_id != key.key_id or public_json(key) != said:
                raise ValueError("a key that says something else of itself")
            keys.append(key)
    except (KeyError, TypeError, ValueError, AttributeError, Problem):
        raise Problem("proofs.key_malformed") from None
    return {key.key_id: key for key in keys}


def chain(key_id: str, published: Sequence[PublishedKey]) -> list[dict[str, Any]]:
    """A key and its endorsers back to the first, as documents bring them."""
    known = {key.key_id: key for key in published}
    found = [known[key_id]]
    while found[-1].endorsed_by:
        found.append(known[found[-1].endorsed_by])
    return [public_json(key) for key in found]
