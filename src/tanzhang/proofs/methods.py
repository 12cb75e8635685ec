"""The methods that a document names: versions of packs, known by the digest of what decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tanzhang.proofs.fields import Fields


@dataclass(frozen=True, slots=True)
class Method:
    """A version of a pack. Leaves hold the first half of its digest."""

    pack: str
    version: str
    digest: bytes

    def as_json(self) -> dict[str, Any]:
        """As a document says it."""
        return {"pack": self.pack, "version": self.version, "digest": self.digest.hex()}


def read_methods(listed: Iterable[Fields]) -> list[Method]:
    """The methods of a document."""
    found = []
    for fields in listed:
        found.append(
            Method(fields.text("pack"), fields.text("version"), fields.octets("digest", 32))
        )
        fields.end()
    return found
