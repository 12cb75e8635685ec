"""Known answers, asked of every primitive before the first request is served (GM/T 0028-2014).

The values are published: SM2 in GB/T 32918.5-2017 (annexes A and C), SM3 in GB/T 32905-2016 (annex
A), SM4-GCM in RFC 8998 (A.1), ECDSA in RFC 6979 (A.2.5), AES-GCM in NIST's GCM test case 4.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable

from tanzhang.crypto import der, pem
from tanzhang.crypto.digests import sha256, sm3
from tanzhang.crypto.keys import Algorithm, PrivateKey, generate, load_private
from tanzhang.crypto.libcrypto import library
from tanzhang.crypto.sealing import Cipher, Sealed, open_sealed, seal
from tanzhang.problems import Problem

_SM2_PRIVATE = "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8"
_SM2_SIGNATURE = (
    0xF5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3,
    0xB1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA,
)
_SM2_WRAPPED = (
    "307c022004ebfc718e8d1798620432268e77feb6415e2ede0e073c0f4f640ecd2e149a73022100e858f9d81e5430"
    "a57b36daab8f950a3c64e6ee6a63094d99283aff767e124df0042059983c18f809e262923c53aec295d30383b54e"
    "39d609d160afcb1908d0bd8766041321886ca989ca9c7d58087307ca93092d651efa"
)
_P256_PRIVATE = "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"
_P256_SIGNATURE = (
    0xEFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716,
    0xF7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8,
)
_AAD = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")


def self_test() -> None:
    """Raises ``crypto.self_test_failed`` with the name of the first primitive that answers wrongly.

    Also raises ``crypto.library_absent`` and ``crypto.library_unfit``.
    """
    tests: dict[str, Callable[[], bool]] = {
        "SM3": _sm3,
        "SHA-256": _sha256,
        "SM4-GCM": _sm4_gcm,
        "AES-128-GCM": _aes_gcm,
        "SM2 signature": _sm2_signature,
        "SM2 encryption": _sm2_encryption,
        "P-256 signature": _p256_signature,
        "P-256 encryption": lambda: _opens_what_it_wraps(generate(Algorithm.P256)),
    }
    library()
    for primitive, passes in tests.items():
        if not _holds(passes):
            raise Problem("crypto.self_test_failed", primitive=primitive)


def _holds(passes: Callable[[], bool]) -> bool:
    """A refusal of what is known to be right is a failure too."""
    try:
        return passes()
    except Problem:
        return False


def _sm3() -> bool:
    known = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    return sm3(b"abc").hex() == known


def _sha256() -> bool:
    known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    return sha256(b"abc").hex() == known


def _sm4_gcm() -> bool:
    return _seals(
        Cipher.SM4_GCM,
        key="0123456789abcdeffedcba9876543210",
        iv="00001234567800000000abcd",
        plaintext="aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
        "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa",
        ct="17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d",
        tag="83de3541e4c2b58177e065a9bf7b62ec",
    )


def _aes_gcm() -> bool:
    return _seals(
        Cipher.AES_128_GCM,
        key="feffe9928665731c6d6a8f9467308308",
        iv="cafebabefacedbaddecaf888",
        plaintext="d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
        ct="42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
        "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091",
        tag="5bc94fbc3221a5db94fae95ae7121a47",
    )


def _seals(cipher: Cipher, *, key: str, iv: str, plaintext: str, ct: str, tag: str) -> bool:
    """Opens the known field, refuses it with another tag, and opens what it seals itself."""
    secret, text = bytes.fromhex(key), bytes.fromhex(plaintext)
    known = Sealed(bytes.fromhex(iv), bytes.fromhex(ct), bytes.fromhex(tag))
    broken = Sealed(known.iv, known.ct, known.tag[:-1] + bytes((known.tag[-1] ^ 1,)))
    return (
        hmac.compare_digest(open_sealed(secret, known, _AAD, cipher), text)
        and _refuses(lambda: open_sealed(secret, broken, _AAD, cipher), "crypto.seal_broken")
        and open_sealed(secret, seal(secret, text, _AAD, cipher), _AAD, cipher) == text
    )


def _sm2_signature() -> bool:
    key = _known_key(der.SM2_IDENTIFIER, _SM2_PRIVATE)
    return _signs(key, b"message digest", der.signature_of(*_SM2_SIGNATURE))


def _sm2_encryption() -> bool:
    key = _known_key(der.SM2_IDENTIFIER, _SM2_PRIVATE)
    known = key.unwrap(bytes.fromhex(_SM2_WRAPPED))
    return known == b"encryption standard" and _opens_what_it_wraps(key)


def _p256_signature() -> bool:
    key = _known_key(der.P256_IDENTIFIER, _P256_PRIVATE)
    return _signs(key, b"sample", der.signature_of(*_P256_SIGNATURE))


def _signs(key: PrivateKey, message: bytes, known: bytes) -> bool:
    """Takes the known signature and its own, for this message alone."""
    own = key.sign(message)
    return (
        key.public.verify(message, known)
        and key.public.verify(message, own)
        and own != key.sign(message) != known
        and not key.public.verify(message + b"\0", known)
        and not key.public.verify(message, known[:-1] + bytes((known[-1] ^ 1,)))
    )


def _opens_what_it_wraps(key: PrivateKey) -> bool:
    wrapped = key.public.wrap(bytes(range(16)))
    broken = wrapped[:-1] + bytes((wrapped[-1] ^ 1,))
    return key.unwrap(wrapped) == bytes(range(16)) and _refuses(
        lambda: key.unwrap(broken), "crypto.unwrap_failed"
    )


def _refuses(action: Callable[[], object], code: str) -> bool:
    try:
        action()
    except Problem as refusal:
        return refusal.code == code
    return False


def _known_key(identifier: bytes, private: str) -> PrivateKey:
    """A PrivateKeyInfo around a known number; the library computes the point."""
    number = bytes.fromhex("042730250201010420" + private)
    return load_private(pem.write(bytes.fromhex("3041020100") + identifier + number, pem.PRIVATE))
