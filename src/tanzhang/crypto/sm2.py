"""SM2 (GB/T 32918, GM/T 0003) over its recommended curve, by the system's libcrypto.

Signatures use SM3 and always name the signer's ID ``1234567812345678`` (GM/T 0009-2012): versions
of OpenSSL disagree about what an unnamed ID means. Both directions therefore set it explicitly.
Encryption yields C1C3C2 in ASN.1, as ``openssl pkeyutl`` writes it.
"""

from __future__ import annotations

import ctypes
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import c_void_p

from tanzhang.crypto import der
from tanzhang.crypto.libcrypto import (
    errors,
    filled,
    library,
    present,
    read_der,
    sm3_method,
    succeeded,
    written_der,
)
from tanzhang.problems import Problem

#: The signer's ID that is hashed before every message, as GM/T 0009-2012 sets it.
DISTINGUISHING_ID = b"1234567812345678"


class Sm2Public:
    """A point on the curve. May be used by many threads at once."""

    def __init__(self, pointer: int) -> None:
        self._key = pointer
        weakref.finalize(self, library().EVP_PKEY_free, pointer)

    @classmethod
    def from_spki(cls, spki: bytes) -> Sm2Public:
        """From a SubjectPublicKeyInfo. Raises ``crypto.key_malformed`` off the curve."""
        if not der.is_named_point(spki, der.SM2_IDENTIFIER):
            raise Problem("crypto.key_unsupported")
        library().ERR_clear_error()
        try:
            key = cls(read_der("reading a public key", library().d2i_PUBKEY, spki))
            succeeded("reading a public key", library().EVP_PKEY_is_a(key._key, b"SM2"))
            with _context(key._key) as context:
                succeeded("checking a public key", library().EVP_PKEY_public_check(context))
        except Problem as failure:
            raise Problem("crypto.key_malformed") from failure
        return key

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Whether this key made that signature over that message; False for whatever is odd."""
        if not der.is_signature(signature, der.SM2_CURVE):
            return False
        library().ERR_clear_error()
        with _signing(self._key) as digest:
            started = library().EVP_DigestVerifyInit(digest, None, sm3_method(), None, self._key)
            succeeded("beginning to verify", started)
            verdict: int = library().EVP_DigestVerify(
                digest, signature, len(signature), message, len(message)
            )
        errors()  # a wrong signature leaves its reason in the queue
        return verdict == 1

    def wrap(self, data_key: bytes) -> bytes:
        """The data key, encrypted to this key."""
        library().ERR_clear_error()
        with _context(self._key) as context:
            succeeded("beginning to encrypt", library().EVP_PKEY_encrypt_init(context))
            return filled(
                "encrypting",
                lambda out, length: library().EVP_PKEY_encrypt(
                    context, out, length, data_key, len(data_key)
                ),
            )


class Sm2Private:
    """A private key. May be used by many threads at once; says nothing of itself."""

    def __init__(self, pointer: int) -> None:
        self._key = pointer
        weakref.finalize(self, library().EVP_PKEY_free, pointer)

    @classmethod
    def generate(cls) -> Sm2Private:
        """A new key, from the library's generator, which the system's randomness seeds."""
        library().ERR_clear_error()
        made = c_void_p()
        context = library().EVP_PKEY_CTX_new_from_name(None, b"SM2", None)
        present("beginning a new key", context)
        try:
            succeeded("beginning a new key", library().EVP_PKEY_keygen_init(context))
            succeeded("making a key", library().EVP_PKEY_generate(context, ctypes.byref(made)))
            return cls(present("making a key", made.value))
        finally:
            library().EVP_PKEY_CTX_free(context)

    @classmethod
    def from_pkcs8(cls, pkcs8: bytes) -> Sm2Private:
        """From a plain PrivateKeyInfo. Raises ``crypto.key_malformed``."""
        library().ERR_clear_error()
        doing = "reading a private key"
        try:
            info = read_der(doing, library().d2i_PKCS8_PRIV_KEY_INFO, pkcs8)
            try:
                key = cls(present(doing, library().EVP_PKCS82PKEY(info)))
            finally:
                library().PKCS8_PRIV_KEY_INFO_free(info)
            succeeded(doing, library().EVP_PKEY_is_a(key._key, b"SM2"))
            with _context(key._key) as context:
                succeeded(doing, library().EVP_PKEY_private_check(context))
                succeeded(doing, library().EVP_PKEY_pairwise_check(context))
        except Problem:
            raise Problem("crypto.key_malformed") from None
        return key

    def spki(self) -> bytes:
        """The public half as a SubjectPublicKeyInfo."""
        library().ERR_clear_error()
        return written_der("writing a public key", library().i2d_PUBKEY, self._key)

    def pkcs8(self) -> bytes:
        """The key as a plain PrivateKeyInfo."""
        library().ERR_clear_error()
        info = present("writing a private key", library().EVP_PKEY2PKCS8(self._key))
        try:
            writer = library().i2d_PKCS8_PRIV_KEY_INFO
            return written_der("writing a private key", writer, info)
        finally:
            library().PKCS8_PRIV_KEY_INFO_free(info)

    def sign(self, message: bytes) -> bytes:
        """A signature in DER."""
        library().ERR_clear_error()
        with _signing(self._key) as digest:
            started = library().EVP_DigestSignInit(digest, None, sm3_method(), None, self._key)
            succeeded("beginning to sign", started)
            return filled(
                "signing",
                lambda out, length: library().EVP_DigestSign(
                    digest, out, length, message, len(message)
                ),
            )

    def unwrap(self, wrapped: bytes) -> bytes:
        """What was encrypted to this key. Raises ``crypto.unwrap_failed``, whatever the reason."""
        if not der.is_sm2_ciphertext(wrapped):
            raise Problem("crypto.unwrap_failed")
        library().ERR_clear_error()
        try:
            with _context(self._key) as context:
                succeeded("beginning to decrypt", library().EVP_PKEY_decrypt_init(context))
                return filled(
                    "decrypting",
                    lambda out, length: library().EVP_PKEY_decrypt(
                        context, out, length, wrapped, len(wrapped)
                    ),
                    room=len(wrapped),
                )
        except Problem:
            raise Problem("crypto.unwrap_failed") from None


@contextmanager
def _context(key: int) -> Iterator[int]:
    """A context for one operation with a key."""
    context = present("preparing", library().EVP_PKEY_CTX_new_from_pkey(None, key, None))
    try:
        yield context
    finally:
        library().EVP_PKEY_CTX_free(context)


@contextmanager
def _signing(key: int) -> Iterator[int]:
    """A digest context whose key context carries the signer's ID."""
    with _context(key) as context:
        size = len(DISTINGUISHING_ID)
        named = library().EVP_PKEY_CTX_set1_id(context, DISTINGUISHING_ID, size)
        succeeded("naming the signer", named)
        digest = present("preparing", library().EVP_MD_CTX_new())
        try:
            library().EVP_MD_CTX_set_pkey_ctx(digest, context)
            yield digest
        finally:
            library().EVP_MD_CTX_free(digest)
