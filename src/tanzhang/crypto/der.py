"""The few DER forms that leave and enter this floor, read so strictly that each value has one form.

A signature is ``SEQUENCE { INTEGER r, INTEGER s }``; an SM2 ciphertext (GM/T 0009-2012, order
C1C3C2) is ``SEQUENCE { INTEGER x, INTEGER y, OCTET STRING C3, OCTET STRING C2 }``; a public key is
a SubjectPublicKeyInfo with a named curve and an uncompressed point. Nothing may follow any of them.
"""

from __future__ import annotations

from dataclasses import dataclass

_SEQUENCE, _INTEGER, _OCTETS = 0x30, 0x02, 0x04

#: AlgorithmIdentifier { id-ecPublicKey, the named curve }.
SM2_IDENTIFIER = bytes.fromhex("301306072a8648ce3d020106082a811ccf5501822d")
P256_IDENTIFIER = bytes.fromhex("301306072a8648ce3d020106082a8648ce3d030107")

#: Behind the identifier: a BIT STRING without unused bits that holds 0x04 ‖ x ‖ y.
_POINT = bytes.fromhex("03420004")
_SPKI_BYTES = 91


@dataclass(frozen=True, slots=True)
class Curve:
    """What a signature's numbers and a point's coordinates are held against."""

    prime: int
    order: int


#: GB/T 32918.5-2017, the recommended curve.
SM2_CURVE = Curve(
    prime=0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF,
    order=0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123,
)
#: FIPS 186-4, D.1.2.3.
P256_CURVE = Curve(
    prime=0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF,
    order=0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
)


def is_named_point(spki: bytes, identifier: bytes) -> bool:
    """Whether it is the one form in which a public key on that curve is taken."""
    return (
        len(spki) == _SPKI_BYTES and spki[:2] == b"\x30\x59" and spki[2:27] == identifier + _POINT
    )


def named_point(point: bytes, identifier: bytes) -> bytes:
    """The SubjectPublicKeyInfo of an uncompressed point, 0x04 ‖ x ‖ y, on that curve."""
    spki = b"\x30\x59" + identifier + _POINT[:3] + point
    if not is_named_point(spki, identifier):
        raise ValueError("not an uncompressed point")
    return spki


def is_signature(signature: bytes, curve: Curve) -> bool:
    """Whether it is two numbers from 1 to n - 1 in DER, and nothing else."""
    try:
        (r, s), rest = _integers(_only(signature), 2)
    except ValueError:
        return False
    return rest == b"" and 1 <= r < curve.order and 1 <= s < curve.order


def signature_of(r: int, s: int) -> bytes:
    """A signature in DER."""
    return _wrapped(_SEQUENCE, _integer(r) + _integer(s))


def is_sm2_ciphertext(ciphertext: bytes) -> bool:
    """Whether it has the form of C1C3C2 in DER, with coordinates within the field."""
    try:
        coordinates, rest = _integers(_only(ciphertext), 2)
        digest, rest = _taken(rest, _OCTETS)
        text, rest = _taken(rest, _OCTETS)
    except ValueError:
        return False
    within = all(0 <= value < SM2_CURVE.prime for value in coordinates)
    return within and len(digest) == 32 and len(text) > 0 and rest == b""


def _only(data: bytes) -> bytes:
    """The content of a sequence that nothing follows."""
    content, rest = _taken(data, _SEQUENCE)
    if rest:
        raise ValueError("bytes after the end")
    return content


def _integers(content: bytes, count: int) -> tuple[tuple[int, ...], bytes]:
    """That many integers from the front of a sequence's content, and what is left."""
    values, rest = [], content
    for _ in range(count):
        octets, rest = _taken(rest, _INTEGER)
        if not octets or (len(octets) > 1 and octets[0] == 0 and octets[1] < 0x80):
            raise ValueError("not the shortest form")
        values.append(int.from_bytes(octets, "big", signed=True))
    return tuple(values), rest


def _taken(data: bytes, tag: int) -> tuple[bytes, bytes]:
    """The content of the element in front, and what follows it; lengths in their shortest form."""
    if len(data) < 2 or data[0] != tag:
        raise ValueError("another tag")
    length, start = data[1], 2
    if length >= 0x80:
        size = length - 0x80
        start = 2 + size
        octets = data[2:start]
        if not 1 <= size <= 2 or len(octets) != size or octets[0] == 0:
            raise ValueError("an unusual length")
        length = int.from_bytes(octets, "big")
        if length < 0x80:
            raise ValueError("not the shortest length")
    if len(data) < start + length:
        raise ValueError("cut short")
    return data[start : start + length], data[start + length :]


def _integer(value: int) -> bytes:
    return _wrapped(_INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _wrapped(tag: int, content: bytes) -> bytes:
    if len(content) >= 0x80:
        raise ValueError("longer than a signature can be")
    return bytes((tag, len(content))) + content
