"""What the tests of this floor share: published vectors, hand-made DER, keys of known numbers."""

from __future__ import annotations

import base64
import json
from functools import cache
from pathlib import Path
from typing import Any

from tanzhang.crypto import PrivateKey, PublicKey, load_private, load_public

VECTORS = Path(__file__).parents[1] / "vectors"

SM2_OID = bytes.fromhex("06082a811ccf5501822d")
P256_OID = bytes.fromhex("06082a8648ce3d030107")
SM2_N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
P256_N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
SM2_P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF


@cache
def vectors(name: str) -> Any:
    """A file of known answers."""
    return json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))


def element(tag: int, content: bytes) -> bytes:
    """One DER element of any length below 65,536."""
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets + content


def integer(value: int) -> bytes:
    """An INTEGER, negative ones too."""
    return element(2, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def signature(r: int, s: int) -> bytes:
    """Two INTEGERs, whatever they are."""
    return element(0x30, integer(r) + integer(s))


def numbers(der: bytes) -> tuple[int, int]:
    """r and s of a proper signature."""
    size = der[3]
    return int.from_bytes(der[4 : 4 + size], "big"), int.from_bytes(der[6 + size :], "big")


def pem(label: str, der: bytes) -> str:
    """A PEM block of one line."""
    text = base64.b64encode(der).decode("ascii")
    return f"-----BEGIN {label}-----\n{text}\n-----END {label}-----\n"


def unpem(text: str) -> bytes:
    """The DER within a PEM block."""
    return base64.b64decode("".join(text.split("-----")[2].split()))


def public_pem(oid: bytes, point: bytes) -> str:
    """A SubjectPublicKeyInfo of those bytes as its point."""
    identifier = element(0x30, bytes.fromhex("06072a8648ce3d0201") + oid)
    return pem("PUBLIC KEY", element(0x30, identifier + element(3, b"\0" + point)))


def private_pem(oid: bytes, number: str) -> str:
    """A PrivateKeyInfo of that number, without the public half."""
    identifier = element(0x30, bytes.fromhex("06072a8648ce3d0201") + oid)
    inner = element(0x30, b"\x02\x01\x01" + element(4, bytes.fromhex(number)))
    return pem("PRIVATE KEY", element(0x30, b"\x02\x01\x00" + identifier + element(4, inner)))


def known_private(name: str) -> PrivateKey:
    """The private key of ``sm2.json`` or ``p256.json``."""
    oid = SM2_OID if name == "sm2" else P256_OID
    return load_private(private_pem(oid, vectors(name)["private"]))


def known_public(name: str) -> PublicKey:
    """The public key of ``sm2.json`` or ``p256.json``, from its coordinates."""
    known = vectors(name)
    oid = SM2_OID if name == "sm2" else P256_OID
    return load_public(public_pem(oid, b"\x04" + bytes.fromhex(known["x"] + known["y"])))


def point_of(key: PublicKey) -> bytes:
    """The 64 bytes x ‖ y."""
    return key.spki[-64:]


def number_of(key: PrivateKey) -> bytes:
    """The 32 bytes of a private key."""
    der = unpem(key.to_pem())
    start = der.index(b"\x02\x01\x01\x04\x20") + 5
    return der[start : start + 32]


def flipped(data: bytes) -> list[bytes]:
    """All that differ from it in one bit of one byte: the lowest or the highest."""
    return [
        data[:place] + bytes((data[place] ^ bit,)) + data[place + 1 :]
        for place in range(len(data))
        for bit in (0x01, 0x80)
    ]
