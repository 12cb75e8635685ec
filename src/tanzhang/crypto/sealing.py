"""Fields that only the holder of a data key reads, and nobody changes: authenticated encryption.

SM4-GCM (GB/T 32907, RFC 8998) and, in the overseas profile, AES-128-GCM: 16-byte keys, a fresh
12-byte IV from the system's randomness for every field, a 16-byte tag. A key seals at most 2^32
fields (NIST SP 800-38D, 8.3); one that lives for one batch stays far below.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher as _Cipher, CipherAlgorithm
from cryptography.hazmat.primitives.ciphers.algorithms import AES128, SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM

from tanzhang.problems import Problem

KEY_BYTES, IV_BYTES, TAG_BYTES = 16, 12, 16


class Cipher(StrEnum):
    """How a field is sealed, by the name that stands beside it."""

    SM4_GCM = "SM4-GCM"
    AES_128_GCM = "AES-128-GCM"


@dataclass(frozen=True, slots=True)
class Sealed:
    """One sealed field."""

    iv: bytes
    ct: bytes
    tag: bytes


def new_data_key() -> bytes:
    """A key for one batch, from the system's randomness."""
    return os.urandom(KEY_BYTES)


def seal(key: bytes, plaintext: bytes, aad: bytes, cipher: str = Cipher.SM4_GCM) -> Sealed:
    """The plaintext, readable with the key and bound to ``aad``."""
    iv = os.urandom(IV_BYTES)
    encryptor = _Cipher(_algorithm(key, cipher), GCM(iv)).encryptor()
    encryptor.authenticate_additional_data(aad)
    ct = encryptor.update(plaintext) + encryptor.finalize()
    return Sealed(iv, ct, encryptor.tag)


def open_sealed(key: bytes, sealed: Sealed, aad: bytes, cipher: str = Cipher.SM4_GCM) -> bytes:
    """The plaintext. Raises ``crypto.seal_broken`` unless key, field and ``aad`` belong together.

    Nothing of the plaintext leaves before the tag was compared, which takes constant time.
    """
    if len(sealed.iv) != IV_BYTES or len(sealed.tag) != TAG_BYTES:
        raise Problem("crypto.seal_broken")
    decryptor = _Cipher(_algorithm(key, cipher), GCM(sealed.iv, sealed.tag)).decryptor()
    decryptor.authenticate_additional_data(aad)
    plaintext = decryptor.update(sealed.ct)
    try:
        return plaintext + decryptor.finalize()
    except InvalidTag:
        raise Problem("crypto.seal_broken") from None


def _algorithm(key: bytes, cipher: str) -> CipherAlgorithm:
    if len(key) != KEY_BYTES:
        raise ValueError("a data key of a sealed field has 16 bytes")
    return SM4(key) if Cipher(cipher) is Cipher.SM4_GCM else AES128(key)
