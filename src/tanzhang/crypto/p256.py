"""ECDSA and HPKE over P-256, for the overseas profile, by ``cryptography``.

Signatures are ECDSA with SHA-256 (ES256) in DER. Data keys are wrapped by HPKE (RFC 9180) in base
mode: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, the text below as info, no associated
data; the result is the encapsulated key, 65 bytes, and the ciphertext behind it.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, hpke, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tanzhang.crypto import der
from tanzhang.problems import Problem

#: What HPKE binds a wrapped key to.
WRAPPING_INFO = b"PCA1-ES256-SHA256"

_SUITE = hpke.Suite(hpke.KEM.P256, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_128_GCM)
_ES256 = ec.ECDSA(hashes.SHA256())


class P256Public:
    """A point on the curve."""

    def __init__(self, key: ec.EllipticCurvePublicKey) -> None:
        self._key = key

    @classmethod
    def from_spki(cls, spki: bytes) -> P256Public:
        """From a SubjectPublicKeyInfo. Raises ``crypto.key_malformed`` off the curve."""
        if not der.is_named_point(spki, der.P256_IDENTIFIER):
            raise Problem("crypto.key_unsupported")
        try:
            key = serialization.load_der_public_key(spki)
        except ValueError as failure:
            raise Problem("crypto.key_malformed") from failure
        if not isinstance(key, ec.EllipticCurvePublicKey):
            raise Problem("crypto.key_unsupported")
        return cls(key)

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Whether this key made that signature over that message; False for whatever is odd."""
        if not der.is_signature(signature, der.P256_CURVE):
            return False
        try:
            self._key.verify(signature, message, _ES256)
        except InvalidSignature:
            return False
        return True

    def wrap(self, data_key: bytes) -> bytes:
        """The data key, encrypted to this key."""
        return _SUITE.encrypt(data_key, self._key, WRAPPING_INFO)


class P256Private:
    """A private key. Says nothing of itself."""

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        self._key = key

    @classmethod
    def generate(cls) -> P256Private:
        """A new key."""
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def from_pkcs8(cls, pkcs8: bytes) -> P256Private:
        """From a plain PrivateKeyInfo. Raises ``crypto.key_malformed``."""
        try:
            key = serialization.load_der_private_key(pkcs8, None)
        except (ValueError, TypeError):
            raise Problem("crypto.key_malformed") from None
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise Problem("crypto.key_unsupported")
        return cls(key)

    def spki(self) -> bytes:
        """The public half as a SubjectPublicKeyInfo."""
        return self._key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def pkcs8(self) -> bytes:
        """The key as a plain PrivateKeyInfo."""
        return self._key.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )

    def sign(self, message: bytes) -> bytes:
        """A signature in DER."""
        return self._key.sign(message, _ES256)

    def unwrap(self, wrapped: bytes) -> bytes:
        """What was encrypted to this key. Raises ``crypto.unwrap_failed``, whatever the reason."""
        try:
            return _SUITE.decrypt(wrapped, self._key, WRAPPING_INFO)
        except (InvalidTag, ValueError):
            raise Problem("crypto.unwrap_failed") from None
