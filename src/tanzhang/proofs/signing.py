"""The signature of a document: over its canonical bytes without the member ``signature``."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from tanzhang.crypto import Algorithm, KeyStore, PublishedKey, Purpose
from tanzhang.problems import Problem
from tanzhang.proofs.fields import Fields
from tanzhang.proofs.form import Document, canonical
from tanzhang.proofs.trust import Trust, brought_keys, chain


class Signer(Protocol):
    """A key of the store (``crypto.StoredKey``)."""

    @property
    def key_id(self) -> str: ...
    @property
    def algorithm(self) -> Algorithm: ...
    def sign(self, message: bytes) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Seal:
    """What signing takes: a key, all published keys, among which are its endorsers, an instant.

    A document says when it was made, and whoever verifies it asks whether the key was in use then.
    Key and instant therefore come together, and a document takes its instant from here.
    """

    key: Signer
    published: Sequence[PublishedKey]
    at: datetime

    @classmethod
    def now(cls, keys: KeyStore, purpose: Purpose) -> Seal:
        """The current key for a purpose. Raises ``crypto.key_missing``."""
        asked = datetime.now(UTC)
        key = keys.current(purpose)
        # A first key is made by the question itself, and a successor may begin while it is asked.
        return cls(key, keys.published(), max(asked, key.active_from))

    def put_on(self, document: Document) -> Document:
        """The document with its key's endorsements and its signature."""
        content = {**document, "keys": chain(self.key.key_id, self.published)}
        value = base64.b64encode(self.key.sign(canonical(content))).decode("ascii")
        signature = {
            "key_id": self.key.key_id,
            "algorithm": self.key.algorithm.value,
            "value": value,
        }
        return {**content, "signature": signature}


def require_signature(
    document: Document, fields: Fields, purpose: Purpose, at: datetime, trust: Trust
) -> Mapping[str, PublishedKey]:
    """The keys that the document brought, once its signature is found to be good.

    Raises what ``Trust.key_for`` raises, ``proofs.unsigned`` and ``proofs.signature_wrong``.
    """
    if "signature" not in document:
        raise Problem("proofs.unsigned")
    brought = brought_keys(fields)
    said = fields.inside("signature")
    key = trust.key_for(said.text("key_id"), purpose, at, brought)
    if said.text("algorithm") != key.algorithm.value:
        raise Problem("proofs.signature_wrong", key_id=key.key_id)
    content = {name: value for name, value in document.items() if name != "signature"}
    if not key.public.verify(canonical(content), _octets(said.text("value"))):
        raise Problem("proofs.signature_wrong", key_id=key.key_id)
    said.end()
    return brought


def _octets(text: str) -> bytes:
    """The bytes of a base64 text; none if it is not one, which no key has signed."""
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return found if base64.b64encode(found).decode("ascii") == text else b""
