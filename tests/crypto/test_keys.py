"""Key pairs: what is taken, what is refused, what never shows itself."""

from __future__ import annotations

import copy
import pickle
import traceback

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given, strategies as st

from crypto.worlds import (
    P256_OID,
    SM2_N,
    SM2_OID,
    SM2_P,
    element,
    known_private,
    known_public,
    number_of,
    pem,
    point_of,
    private_pem,
    public_pem,
    unpem,
)
from tanzhang.crypto import Algorithm, PublicKey, generate, load_private, load_public, sm3
from tanzhang.crypto.p256 import P256Public
from tanzhang.crypto.sm2 import Sm2Public
from tanzhang.problems import Problem

BOTH = pytest.mark.parametrize("algorithm", list(Algorithm))


@BOTH
def test_a_new_key_signs_and_wraps(algorithm: Algorithm) -> None:
    key = generate(algorithm)
    assert key.public.verify(b"message", key.sign(b"message"))
    assert key.unwrap(key.public.wrap(b"sixteen bytes, k")) == b"sixteen bytes, k"


@BOTH
def test_two_new_keys_are_two(algorithm: Algorithm) -> None:
    one, other = generate(algorithm), generate(algorithm)
    assert one.key_id != other.key_id
    assert not other.public.verify(b"message", one.sign(b"message"))
    with pytest.raises(Problem, match=r"crypto\.unwrap_failed"):
        other.unwrap(one.public.wrap(bytes(16)))


@BOTH
def test_a_key_survives_its_pem(algorithm: Algorithm) -> None:
    key = generate(algorithm)
    again = load_private(key.to_pem())
    assert again.public == key.public == load_public(key.public.pem)
    assert key.public.verify(b"message", again.sign(b"message"))


@BOTH
def test_a_key_id_is_the_digest_of_the_public_half(algorithm: Algorithm) -> None:
    key = generate(algorithm)
    assert key.key_id == sm3(unpem(key.public.pem)).hex()[:16].upper()


def test_a_known_private_key_has_its_known_public_half() -> None:
    for name in ("sm2", "p256"):
        assert known_private(name).public == known_public(name)


@BOTH
def test_a_message_may_be_empty_or_long(algorithm: Algorithm) -> None:
    key = generate(algorithm)
    for message in (b"", b"\0", bytes(1_000_000)):
        made = key.sign(message)
        assert key.public.verify(message, made)
        assert not key.public.verify(message + b"\0", made)


@BOTH
def test_a_signature_is_never_made_with_the_same_secret_number_twice(algorithm: Algorithm) -> None:
    # With one secret number for two messages, r would repeat and give the key away.
    key = generate(algorithm)
    made = {key.sign(b"message") for _ in range(50)}
    assert len({one[4 : 4 + one[3]] for one in made}) == 50


@pytest.mark.parametrize("size", [0, 1, 15, 65, 1000])
@BOTH
def test_only_what_can_be_a_data_key_is_wrapped(algorithm: Algorithm, size: int) -> None:
    with pytest.raises(ValueError, match="16 to 64"):
        generate(algorithm).public.wrap(bytes(size))


@BOTH
def test_what_unwraps_to_no_data_key_is_refused(algorithm: Algorithm) -> None:
    key = generate(algorithm)
    half = Sm2Public if algorithm is Algorithm.SM2 else P256Public
    short = half.from_spki(key.public.spki).wrap(b"short")  # past the interface that refuses it
    with pytest.raises(Problem, match=r"crypto\.unwrap_failed"):
        key.unwrap(short)


@BOTH
def test_the_private_half_does_not_show_itself(algorithm: Algorithm) -> None:
    key = generate(algorithm)
    secret = number_of(key)
    body = "".join(key.to_pem().split("\n")[1:-2])
    said = [repr(key), str(key), repr(key._half), f"{key}"]
    try:
        key.unwrap(b"nonsense")
    except Problem:
        said.append(traceback.format_exc())
    for text in said:
        assert secret.hex() not in text.lower()
        assert repr(secret) not in text
        assert body[20:60] not in text
    for way in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="not pickled"):
            way(key)


def spki(key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey) -> str:
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()


def test_a_key_of_another_kind_is_unsupported() -> None:
    others = [
        spki(ec.generate_private_key(ec.SECP384R1()).public_key()),
        spki(ec.generate_private_key(ec.SECP256K1()).public_key()),
        spki(rsa.generate_private_key(65537, 2048).public_key()),
    ]
    for text in others:
        with pytest.raises(Problem, match=r"crypto\.key_unsupported"):
            load_public(text)


def test_a_private_key_of_another_kind_is_unsupported() -> None:
    other = ec.generate_private_key(ec.SECP384R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    with pytest.raises(Problem, match=r"crypto\.key_unsupported"):
        load_private(other.decode())


def test_a_compressed_point_is_unsupported_so_that_a_key_has_one_id() -> None:
    point = point_of(known_public("sm2"))
    compressed = bytes((2 + (point[63] & 1),)) + point[:32]
    with pytest.raises(Problem, match=r"crypto\.key_unsupported"):
        load_public(public_pem(SM2_OID, compressed))


@pytest.mark.parametrize(("oid", "other"), [(SM2_OID, "p256"), (P256_OID, "sm2")])
def test_a_point_of_another_curve_is_malformed(oid: bytes, other: str) -> None:
    with pytest.raises(Problem, match=r"crypto\.key_malformed"):
        load_public(public_pem(oid, b"\x04" + point_of(known_public(other))))


@pytest.mark.parametrize("oid", [SM2_OID, P256_OID])
def test_a_point_off_the_curve_or_beyond_the_field_is_malformed(oid: bytes) -> None:
    good = point_of(known_public("sm2" if oid == SM2_OID else "p256"))
    points = [
        bytes(64),
        good[:63] + bytes((good[63] ^ 1,)),
        SM2_P.to_bytes(32, "big") + good[32:],
        b"\xff" * 64,
    ]
    for point in points:
        with pytest.raises(Problem, match=r"crypto\.key_malformed"):
            load_public(public_pem(oid, b"\x04" + point))


def test_the_point_at_infinity_is_no_key() -> None:
    with pytest.raises(Problem, match=r"crypto\.key_unsupported"):
        load_public(public_pem(SM2_OID, b"\0"))


def test_a_public_key_is_checked_however_it_is_made() -> None:
    sm2 = known_public("sm2")
    with pytest.raises(Problem, match=r"crypto\.key_unsupported"):
        PublicKey(Algorithm.P256, sm2.pem)
    with pytest.raises(Problem, match=r"crypto\.key_malformed"):
        PublicKey(Algorithm.SM2, "nonsense")


@pytest.mark.parametrize("oid", [SM2_OID, P256_OID])
@pytest.mark.parametrize("number", ["00" * 32, "ff" * 32])
def test_a_private_number_out_of_range_is_malformed(oid: bytes, number: str) -> None:
    with pytest.raises(Problem, match=r"crypto\.key_malformed"):
        load_private(private_pem(oid, number))


def test_the_one_private_number_with_which_sm2_cannot_sign_is_malformed() -> None:
    with pytest.raises(Problem, match=r"crypto\.key_malformed"):
        load_private(private_pem(SM2_OID, f"{SM2_N - 1:064x}"))  # 1 + d has no inverse


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_a_private_key_with_anothers_public_half_is_malformed(algorithm: Algorithm) -> None:
    one, other = generate(algorithm), generate(algorithm)
    swapped = unpem(one.to_pem()).replace(point_of(one.public), point_of(other.public))
    assert swapped != unpem(one.to_pem())
    with pytest.raises(Problem, match=r"crypto\.key_malformed"):
        load_private(pem("PRIVATE KEY", swapped))


def test_bytes_after_a_private_key_are_malformed() -> None:
    der = unpem(known_private("sm2").to_pem())
    with pytest.raises(Problem, match=r"crypto\.key_malformed"):
        load_private(pem("PRIVATE KEY", der + b"\0"))


@given(st.binary(max_size=200))
def test_nonsense_is_refused_as_a_key(der: bytes) -> None:
    for load, label in ((load_public, "PUBLIC KEY"), (load_private, "PRIVATE KEY")):
        with pytest.raises(Problem, match=r"crypto\.key_(malformed|unsupported)"):
            load(pem(label, der))
        with pytest.raises(Problem, match=r"crypto\.key_(malformed|unsupported)"):
            load(pem(label, element(0x30, der)))


@given(st.integers(0, 90), st.integers(1, 255))
def test_a_public_key_with_one_byte_changed_is_another_or_none(place: int, change: int) -> None:
    key = known_public("sm2")
    der = bytearray(key.spki)
    der[place] ^= change
    try:
        other = load_public(pem("PUBLIC KEY", bytes(der)))
    except Problem as refusal:
        assert refusal.code in ("crypto.key_malformed", "crypto.key_unsupported")
    else:
        assert other.key_id != key.key_id
