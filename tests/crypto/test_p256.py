"""P-256: published signatures, HPKE beside an independent reading of RFC 9180, and refusals."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crypto.worlds import (
    P256_N,
    flipped,
    known_private,
    known_public,
    number_of,
    signature,
    vectors,
)
from tanzhang.crypto import Algorithm, generate
from tanzhang.problems import Problem

KNOWN = vectors("p256")
CASE = KNOWN["cases"][0]
R, S = int(CASE["r"], 16), int(CASE["s"], 16)
SECRET = bytes(range(16))


def hmac256(key: bytes, data: bytes) -> bytes:
    return hmac.new(key, data, hashlib.sha256).digest()


def expand(key: bytes, info: bytes, size: int) -> bytes:
    """HKDF-Expand (RFC 5869) for at most one block."""
    return hmac256(key, info + b"\x01")[:size]


def opened_by_the_rfc(private: int, enc: bytes, ct: bytes, info: bytes, aad: bytes) -> bytes:
    """Open of RFC 9180 (5.1.1, 6.1) in base mode, written from its text."""
    curve = ec.SECP256R1()
    key = ec.derive_private_key(private, curve)
    numbers = key.public_key().public_numbers()
    receiver = b"\x04" + numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")
    dh = key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(curve, enc))
    kem = b"KEM" + (16).to_bytes(2, "big")
    extracted = hmac256(b"", b"HPKE-v1" + kem + b"eae_prk" + dh)
    labelled = (32).to_bytes(2, "big") + b"HPKE-v1" + kem + b"shared_secret" + enc + receiver
    shared = expand(extracted, labelled, 32)
    suite = b"HPKE" + bytes.fromhex("001000010001")

    def extract(salt: bytes, label: bytes, secret: bytes) -> bytes:
        return hmac256(salt, b"HPKE-v1" + suite + label + secret)

    context = b"\x00" + extract(b"", b"psk_id_hash", b"") + extract(b"", b"info_hash", info)
    secret = extract(shared, b"secret", b"")

    def part(label: bytes, size: int) -> bytes:
        return expand(secret, size.to_bytes(2, "big") + b"HPKE-v1" + suite + label + context, size)

    return AESGCM(part(b"key", 16)).decrypt(part(b"base_nonce", 12), ct, aad)


@pytest.mark.parametrize("case", KNOWN["cases"], ids=lambda case: case["text"])
def test_a_published_signature_is_taken(case: dict[str, str]) -> None:
    made = signature(int(case["r"], 16), int(case["s"], 16))
    assert known_public("p256").verify(case["text"].encode(), made)
    assert not known_public("p256").verify(case["text"].encode() + b" ", made)


def test_the_independent_reading_opens_the_rfcs_example() -> None:
    known = vectors("hpke")
    parts = (bytes.fromhex(known[name]) for name in ("enc", "ct", "info", "aad"))
    assert opened_by_the_rfc(int(known["private"], 16), *parts).hex() == known["plaintext"]


def test_the_independent_reading_opens_what_is_wrapped() -> None:
    key = generate(Algorithm.P256)
    wrapped = key.public.wrap(SECRET)
    number = int.from_bytes(number_of(key), "big")
    info = b"PCA1-ES256-SHA256"
    assert opened_by_the_rfc(number, wrapped[:65], wrapped[65:], info, b"") == SECRET


@pytest.mark.parametrize(
    ("r", "s"),
    [(0, S), (R, 0), (P256_N, S), (R, P256_N), (R + P256_N, S), (R, S + P256_N), (-R, S), (S, R)],
)
def test_numbers_out_of_range_or_out_of_place_are_refused(r: int, s: int) -> None:
    assert not known_public("p256").verify(b"sample", signature(r, s))


def test_a_signature_with_any_byte_flipped_or_added_is_refused() -> None:
    good = signature(R, S)
    for bad in [*flipped(good), good + b"\0", good[:-1], b""]:
        assert not known_public("p256").verify(b"sample", bad)


def test_a_wrapped_key_with_any_byte_flipped_added_or_cut_is_refused() -> None:
    key = generate(Algorithm.P256)
    good = key.public.wrap(SECRET)
    for bad in [*flipped(good), good + b"\0", good[:-1], b"", good[:65]]:
        with pytest.raises(Problem, match=r"crypto\.unwrap_failed"):
            key.unwrap(bad)


def test_a_key_of_one_algorithm_never_takes_the_others_signature() -> None:
    for name, other in (("sm2", "p256"), ("p256", "sm2")):
        assert not known_public(name).verify(b"message", known_private(other).sign(b"message"))
