"""Key pairs of both algorithms behind one interface.

A public key is taken in exactly one form (named curve, uncompressed point), so that one key has one
key id. A private key never shows itself: not in ``repr``, not in a message, not in a pickle; only
``to_pem`` writes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Never, Protocol

from tanzhang.crypto import der, pem
from tanzhang.crypto.p256 import P256Private, P256Public
from tanzhang.crypto.sm2 import Sm2Private, Sm2Public
from tanzhang.engine.log.tree import sm3
from tanzhang.problems import Problem

#: Fewest and most bytes that are wrapped: a data key, or two.
LEAST_WRAPPED, MOST_WRAPPED = 16, 64


class Algorithm(StrEnum):
    """What a key pair is for: signatures with their digest, and wrapping of data keys."""

    SM2 = "sm2"
    P256 = "p256"


class _PublicHalf(Protocol):
    def verify(self, message: bytes, signature: bytes) -> bool: ...
    def wrap(self, data_key: bytes) -> bytes: ...


class _PrivateHalf(Protocol):
    def spki(self) -> bytes: ...
    def pkcs8(self) -> bytes: ...
    def sign(self, message: bytes) -> bytes: ...
    def unwrap(self, wrapped: bytes) -> bytes: ...


_IDENTIFIERS = {Algorithm.SM2: der.SM2_IDENTIFIER, Algorithm.P256: der.P256_IDENTIFIER}


@dataclass(frozen=True, slots=True)
class PublicKey:
    """Checks signatures and wraps data keys. ``pem`` is a SubjectPublicKeyInfo.

    Raises ``crypto.key_malformed`` or ``crypto.key_unsupported`` for what is no such key.
    """

    algorithm: Algorithm
    pem: str

    def __post_init__(self) -> None:
        _opened(self.algorithm, self.pem)

    @property
    def spki(self) -> bytes:
        """The SubjectPublicKeyInfo in DER."""
        return pem.read(self.pem, pem.PUBLIC)

    @property
    def key_id(self) -> str:
        """16 upper hex digits: the first 8 bytes of SM3 over the SubjectPublicKeyInfo."""
        return _key_id(self.pem)

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Whether this key signed that message. False for odd input; nothing is raised for it."""
        return _opened(self.algorithm, self.pem).verify(message, signature)

    def wrap(self, data_key: bytes) -> bytes:
        """A data key of 16 to 64 bytes, to be opened by the private half alone."""
        if not LEAST_WRAPPED <= len(data_key) <= MOST_WRAPPED:
            raise ValueError("a data key has 16 to 64 bytes")
        return _opened(self.algorithm, self.pem).wrap(data_key)


class PrivateKey:
    """Signs, and opens what was wrapped for its public half."""

    __slots__ = ("_half", "algorithm", "public")

    def __init__(self, algorithm: Algorithm, half: _PrivateHalf) -> None:
        self._half = half
        self.algorithm = algorithm
        self.public = _public(algorithm, half.spki())

    @property
    def key_id(self) -> str:
        """The key id of the public half."""
        return self.public.key_id

    def sign(self, message: bytes) -> bytes:
        """A signature in DER over the message with its algorithm's own digest."""
        return self._half.sign(message)

    def unwrap(self, wrapped: bytes) -> bytes:
        """A wrapped data key. Raises ``crypto.unwrap_failed``."""
        data_key = self._half.unwrap(wrapped)
        if not LEAST_WRAPPED <= len(data_key) <= MOST_WRAPPED:
            raise Problem("crypto.unwrap_failed")
        return data_key

    def to_pem(self, password: str | None = None) -> str:
        """PKCS#8, encrypted if a password is given. The one way out for a private key."""
        return pem.write_private(self._half.pkcs8(), password)

    def __repr__(self) -> str:
        return f"PrivateKey({self.algorithm.value}, {self.key_id})"

    def __reduce__(self) -> Never:
        raise TypeError("a private key is not pickled")


def generate(algorithm: Algorithm) -> PrivateKey:
    """A new key pair."""
    half: _PrivateHalf
    half = Sm2Private.generate() if algorithm is Algorithm.SM2 else P256Private.generate()
    return PrivateKey(algorithm, half)


def load_private(text: str, password: str | None = None) -> PrivateKey:
    """From PKCS#8 PEM, encrypted or not.

    Raises ``crypto.key_malformed``, ``crypto.key_unsupported`` or ``crypto.password_wrong``.
    """
    pkcs8 = pem.read_private(text, password)
    for algorithm, identifier in _IDENTIFIERS.items():
        if identifier in pkcs8[:40]:
            half: _PrivateHalf
            if algorithm is Algorithm.SM2:
                half = Sm2Private.from_pkcs8(pkcs8)
            else:
                half = P256Private.from_pkcs8(pkcs8)
            return PrivateKey(algorithm, half)
    raise Problem("crypto.key_unsupported")


def load_public(text: str) -> PublicKey:
    """From a SubjectPublicKeyInfo in PEM.

    Raises ``crypto.key_malformed`` or ``crypto.key_unsupported``.
    """
    spki = pem.read(text, pem.PUBLIC)
    for algorithm, identifier in _IDENTIFIERS.items():
        if der.is_named_point(spki, identifier):
            return _public(algorithm, spki)
    raise Problem("crypto.key_unsupported")


def _public(algorithm: Algorithm, spki: bytes) -> PublicKey:
    return PublicKey(algorithm, pem.write(spki, pem.PUBLIC))


@lru_cache(maxsize=4096)
def _opened(algorithm: Algorithm, text: str) -> _PublicHalf:
    """A public key as its library holds it, checked to lie on its curve; kept while it is used."""
    spki = pem.read(text, pem.PUBLIC)
    return Sm2Public.from_spki(spki) if algorithm is Algorithm.SM2 else P256Public.from_spki(spki)


@lru_cache(maxsize=4096)
def _key_id(text: str) -> str:
    return sm3(pem.read(text, pem.PUBLIC))[:8].hex().upper()
