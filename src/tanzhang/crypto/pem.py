"""PEM: one block, nothing around it; and PKCS#8 that a password protects (PBES2, RFC 8018)."""

from __future__ import annotations

import base64
import binascii
import os
import re
import textwrap

from tanzhang.crypto.libcrypto import library, present, read_der, written_der
from tanzhang.problems import Problem

PUBLIC, PRIVATE, ENCRYPTED = "PUBLIC KEY", "PRIVATE KEY", "ENCRYPTED PRIVATE KEY"

#: Longest text that is looked at: a key has a few hundred characters.
_MOST_CHARACTERS = 4096

_BLOCK = re.compile(r"\s*-----BEGIN ([A-Z ]+)-----\s+([A-Za-z0-9+/=\s]+?)\s*-----END \1-----\s*")

#: PBKDF2 with HMAC-SHA256, then AES-256-CBC; the library's own 2,048 rounds are too few.
_ROUNDS = 210_000
_SALT_BYTES = 16


def read(text: str, label: str) -> bytes:
    """The DER within the one block of that label. Raises ``crypto.key_malformed``."""
    found, der = _block(text)
    if found != label:
        raise Problem("crypto.key_malformed")
    return der


def write(der: bytes, label: str) -> str:
    """A block, 64 characters a line, ended by a line feed."""
    lines = textwrap.wrap(base64.b64encode(der).decode("ascii"), 64)
    return "\n".join((f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""))


def read_private(text: str, password: str | None) -> bytes:
    """The plain PrivateKeyInfo within a PKCS#8 block.

    Raises ``crypto.key_malformed``, and ``crypto.password_wrong`` if the block is encrypted and the
    password is wrong or was not given.
    """
    label, der = _block(text)
    if label == PRIVATE:
        return der
    if label != ENCRYPTED:
        raise Problem("crypto.key_malformed")
    if not password:
        raise Problem("crypto.password_wrong")
    return _decrypted(der, password.encode())


def write_private(pkcs8: bytes, password: str | None) -> str:
    """A PKCS#8 block, encrypted if there is a password."""
    if not password:
        return write(pkcs8, PRIVATE)
    return write(_encrypted(pkcs8, password.encode()), ENCRYPTED)


def _block(text: str) -> tuple[str, bytes]:
    match = _BLOCK.fullmatch(text) if len(text) <= _MOST_CHARACTERS else None
    if not match:
        raise Problem("crypto.key_malformed")
    try:
        return match[1], base64.b64decode("".join(match[2].split()), validate=True)
    except binascii.Error:
        raise Problem("crypto.key_malformed") from None


def _encrypted(pkcs8: bytes, password: bytes) -> bytes:
    crypto = library()
    crypto.ERR_clear_error()
    doing = "encrypting a private key"
    info = read_der(doing, crypto.d2i_PKCS8_PRIV_KEY_INFO, pkcs8)
    try:
        salt = os.urandom(_SALT_BYTES)
        cipher = present(doing, crypto.EVP_aes_256_cbc())
        sealed = crypto.PKCS8_encrypt(
            -1, cipher, password, len(password), salt, len(salt), _ROUNDS, info
        )
        present(doing, sealed)
    finally:
        crypto.PKCS8_PRIV_KEY_INFO_free(info)
    try:
        return written_der(doing, crypto.i2d_X509_SIG, sealed)
    finally:
        crypto.X509_SIG_free(sealed)


def _decrypted(der: bytes, password: bytes) -> bytes:
    crypto = library()
    crypto.ERR_clear_error()
    doing = "decrypting a private key"
    try:
        sealed = read_der(doing, crypto.d2i_X509_SIG, der)
    except Problem:
        raise Problem("crypto.key_malformed") from None
    try:
        info = present(doing, crypto.PKCS8_decrypt(sealed, password, len(password)))
    except Problem:
        raise Problem("crypto.password_wrong") from None
    finally:
        crypto.X509_SIG_free(sealed)
    try:
        return written_der(doing, crypto.i2d_PKCS8_PRIV_KEY_INFO, info)
    finally:
        crypto.PKCS8_PRIV_KEY_INFO_free(info)
