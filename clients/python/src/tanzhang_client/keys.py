"""Keys of the two profiles: SM2 with SM3, and P-256 with SHA-256.

SM2, SM3 and SM4 come from GmSSL and P-256 from ``cryptography``: for the national profile another
library than the platform's own, so that each side proves the other.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import gmssl_pyx
from asn1crypto import keys as asn1, pem as asn1_pem
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

SM2: Final = "PCA1-SM2-SM3"
P256: Final = "PCA1-ES256-SHA256"

_CURVES: Final = {"1.2.156.10197.1.301": SM2, "secp256r1": P256}


class KeyUnusable(ValueError):
    """A file or text holds no key that this client can use."""


def digest(profile: str, content: bytes) -> str:
    """The profile's digest in lower-case hex: SM3 or SHA-256."""
    if profile == SM2:
        return str(gmssl_pyx.sm3_hash(content).hex())
    return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The half of a key that checks and wraps. ``key_id`` names it in every header."""

    profile: str
    der: bytes

    @staticmethod
    def from_pem(text: str) -> PublicKey:
        """Read a SubjectPublicKeyInfo in PEM. Raises ``KeyUnusable``."""
        der = _unarmoured(text, "PUBLIC KEY")
        info = asn1.PublicKeyInfo.load(der)
        return PublicKey(_profile(info["algorithm"]["parameters"].native), der)

    @property
    def key_id(self) -> str:
        """The first eight bytes of SM3 over the DER form, in upper-case hex."""
        return str(gmssl_pyx.sm3_hash(self.der)[:8].hex().upper())

    @property
    def point(self) -> bytes:
        """X and Y, 64 bytes."""
        return bytes(asn1.PublicKeyInfo.load(self.der)["public_key"].native)[1:]

    def verifies(self, message: bytes, signature: bytes) -> bool:
        """Whether the signature is this key's over the message."""
        if self.profile == SM2:
            try:
                return bool(gmssl_pyx.sm2_verify(self.point, message, signature))
            except (gmssl_pyx.GmsslInnerError, gmssl_pyx.InvalidValueError):
                return False
        try:
            key: Any = serialization.load_der_public_key(self.der)
            key.verify(signature, message, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """The half that signs. It is never shown."""

    public: PublicKey
    _secret: Any = field(repr=False)

    @staticmethod
    def from_pem(text: str) -> PrivateKey:
        """Read a PKCS#8 private key in PEM, without a password. Raises ``KeyUnusable``."""
        der = _unarmoured(text, "PRIVATE KEY")
        info = asn1.PrivateKeyInfo.load(der)
        profile = _profile(info["private_key_algorithm"]["parameters"].native)
        if profile == P256:
            key: Any = serialization.load_der_private_key(der, None)
            spki = key.public_key().public_bytes(
                serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
            )
            return PrivateKey(PublicKey(P256, spki), key)
        parsed = info["private_key"].parsed
        if parsed["public_key"].native is None:
            raise KeyUnusable("The private key lacks its public half; write it anew with openssl.")
        spki = asn1.PublicKeyInfo(
            {
                "algorithm": asn1.PublicKeyAlgorithm.load(info["private_key_algorithm"].dump()),
                "public_key": asn1.ECPointBitString(parsed["public_key"].native),
            }
        ).dump()
        return PrivateKey(PublicKey(SM2, spki), int(parsed["private_key"].native).to_bytes(32))

    @staticmethod
    def from_file(path: str | Path) -> PrivateKey:
        """Read a private key's PEM file. Raises ``KeyUnusable`` and ``OSError``."""
        return PrivateKey.from_pem(Path(path).read_text(encoding="ascii"))

    def sign(self, message: bytes) -> bytes:
        """An ASN.1 signature over the message."""
        if self.public.profile == SM2:
            return bytes(gmssl_pyx.sm2_sign(self._secret, self.public.point, message))
        return bytes(self._secret.sign(message, ec.ECDSA(hashes.SHA256())))


def _unarmoured(text: str, label: str) -> bytes:
    try:
        found, _, der = asn1_pem.unarmor(text.encode())
    except ValueError as error:
        raise KeyUnusable(f"This is no PEM text of a {label.lower()}.") from error
    if found != label:
        raise KeyUnusable(f"This PEM text holds a {found.lower()}, not a {label.lower()}.")
    return bytes(der)


def _profile(curve: object) -> str:
    if curve not in _CURVES:
        raise KeyUnusable(f"The curve {curve} is neither SM2 nor P-256.")
    return _CURVES[str(curve)]
