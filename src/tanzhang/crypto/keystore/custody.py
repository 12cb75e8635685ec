"""Who keeps the private halves: a text beside each public key, meaningless to others if need be."""

from __future__ import annotations

from typing import Protocol

from tanzhang.crypto.keys import Algorithm, PrivateKey, generate, load_private
from tanzhang.crypto.keystore.model import PrivateHalf, Purpose
from tanzhang.problems import Problem


class Custody(Protocol):
    """Makes private keys and gives them back from the text that it had kept."""

    def make(self, purpose: Purpose, algorithm: Algorithm) -> tuple[str, str]:
        """A new key: the public half in PEM, and the text to keep."""
        ...

    def keep(self, key: PrivateKey) -> str:
        """The text to keep of a key that exists."""
        ...

    def take(self, kept: str, public_pem: str) -> PrivateHalf:
        """The private half of a kept text. Raises ``crypto.custody_differs`` for another's."""
        ...


class PemCustody:
    """PKCS#8 texts, encrypted if there is a password."""

    def __init__(self, password: str | None = None) -> None:
        self._password = password or None

    def make(self, purpose: Purpose, algorithm: Algorithm) -> tuple[str, str]:
        """A new key pair; the purpose makes no difference here."""
        key = generate(algorithm)
        return key.public.pem, self.keep(key)

    def keep(self, key: PrivateKey) -> str:
        """PKCS#8 in PEM."""
        return key.to_pem(self._password)

    def take(self, kept: str, public_pem: str) -> PrivateHalf:
        """Raises ``crypto.password_wrong`` if the text is encrypted otherwise."""
        if not kept.startswith("-----BEGIN "):
            raise Problem("crypto.custody_differs")
        key = load_private(kept, self._password)
        if key.public.pem != public_pem:
            raise Problem("crypto.custody_differs")
        return key
