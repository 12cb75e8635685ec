"""Who keeps the private halves: a text beside each public key, meaningless to others if need be."""

from __future__ import annotations

from typing import Protocol

from tanzhang.crypto.keys import Algorithm, generate, load_private
from tanzhang.crypto.keystore.model import PrivateHalf, Purpose


class Custody(Protocol):
    """Makes private keys and gives them back from the text that it had kept."""

    def make(self, purpose: Purpose, algorithm: Algorithm) -> tuple[str, str]:
        """A new key: the public half in PEM, and the text to keep."""
        ...

    def take(self, kept: str, public_pem: str) -> PrivateHalf:
        """The private half of a kept text."""
        ...


class PemCustody:
    """PKCS#8 texts, encrypted if there is a password."""

    def __init__(self, password: str | None = None) -> None:
        self._password = password or None

    def make(self, purpose: Purpose, algorithm: Algorithm) -> tuple[str, str]:
        """A new key pair; the purpose makes no difference here."""
        key = generate(algorithm)
        return key.public.pem, key.to_pem(self._password)

    def take(self, kept: str, public_pem: str) -> PrivateHalf:
        """Raises ``crypto.password_wrong`` if the text is encrypted otherwise."""
        return load_private(kept, self._password)
