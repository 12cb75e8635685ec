"""Custody by a token: P-256 keys that sign stay inside; all others only leave it to be used.

The latter are SM2 keys, for which PKCS#11 has no standard mechanism, and keys that unwrap. They lie
in the store encrypted under an AES key that the token never gives out, bound to their public half,
and are decrypted into the memory of a process when it first needs them.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from tanzhang.crypto import pem
from tanzhang.crypto.keys import Algorithm, PrivateKey, generate, load_private
from tanzhang.crypto.keystore.model import PrivateHalf, Purpose
from tanzhang.crypto.keystore.token import Token
from tanzhang.problems import Problem

_WRAPPED, _INSIDE = "wrapped:", "token:"


class WrappedCustody:
    """Private keys encrypted under the token's AES key of that label: ``wrapped:LABEL:BASE64``."""

    def __init__(self, token: Token, label: str) -> None:
        self._token, self._label = token, label

    def make(self, purpose: Purpose, algorithm: Algorithm) -> tuple[str, str]:
        """A new key, made in memory and kept wrapped."""
        key = generate(algorithm)
        return key.public.pem, self.keep(key)

    def keep(self, key: PrivateKey) -> str:
        """A private key, wrapped."""
        wrapped = self._token.wrap(self._label, key.to_pem().encode(), key.public.pem.encode())
        return f"{_WRAPPED}{self._label}:{base64.b64encode(wrapped).decode('ascii')}"

    def take(self, kept: str, public_pem: str) -> PrivateHalf:
        """Raises ``crypto.custody_differs`` for another custody's text, ``crypto.token_failed``."""
        if not kept.startswith(_WRAPPED):
            raise Problem("crypto.custody_differs")
        label, _, encoded = kept.removeprefix(_WRAPPED).rpartition(":")
        try:
            wrapped = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            raise Problem("crypto.custody_differs") from None
        return load_private(self._token.unwrap(label, wrapped, public_pem.encode()).decode())


@dataclass(frozen=True, slots=True)
class _Inside:
    """A key that signs within the token: ``token:ID``."""

    token: Token
    inside_id: str

    def sign(self, message: bytes) -> bytes:
        return self.token.sign(self.inside_id, message)

    def unwrap(self, wrapped: bytes) -> bytes:
        raise Problem("crypto.unwrap_failed")


class TokenCustody(WrappedCustody):
    """P-256 keys that sign are made inside and stay there; the others are wrapped."""

    def make(self, purpose: Purpose, algorithm: Algorithm) -> tuple[str, str]:
        """A new key, inside if it can be."""
        if algorithm is not Algorithm.P256 or not purpose.signs:
            return super().make(purpose, algorithm)
        inside_id, spki = self._token.make_signing_key()
        return pem.write(spki, pem.PUBLIC), f"{_INSIDE}{inside_id}"

    def take(self, kept: str, public_pem: str) -> PrivateHalf:
        """Whatever of both was kept."""
        if kept.startswith(_INSIDE):
            return _Inside(self._token, kept.removeprefix(_INSIDE))
        return super().take(kept, public_pem)
