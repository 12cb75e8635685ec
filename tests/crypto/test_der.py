"""What is taken as DER, asked without any library behind that might refuse it too."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from crypto.worlds import SM2_N, SM2_P, element, integer, known_public, signature
from tanzhang.crypto import der

R, S = SM2_N - 1, 1


def ciphertext(x: int, y: int, digest: bytes, text: bytes) -> bytes:
    return element(0x30, integer(x) + integer(y) + element(4, digest) + element(4, text))


@given(st.integers(1, SM2_N - 1), st.integers(1, SM2_N - 1))
def test_two_numbers_in_range_are_a_signature(r: int, s: int) -> None:
    assert der.is_signature(signature(r, s), der.SM2_CURVE)
    assert der.signature_of(r, s) == signature(r, s)


@pytest.mark.parametrize(
    ("r", "s"),
    [(0, S), (R, 0), (SM2_N, S), (R, SM2_N), (R + SM2_N, S), (R, S + SM2_N), (-1, S), (R, -1)],
)
def test_numbers_out_of_range_are_none(r: int, s: int) -> None:
    assert not der.is_signature(signature(r, s), der.SM2_CURVE)


@pytest.mark.parametrize(
    "odd",
    [
        b"",
        b"\x30",
        b"\x30\x00",
        b"\x30\x80\x00\x00",
        signature(R, S) + b"\0",
        signature(R, S)[:-1],
        element(0x30, integer(R) + integer(S) + b"\0"),
        element(0x30, integer(R) + integer(S) + integer(1)),
        element(0x30, integer(R)),
        element(0x31, integer(R) + integer(S)),
        element(0x30, element(3, integer(R)[2:]) + integer(S)),
        element(0x30, element(2, b"") + integer(S)),
        element(0x30, element(2, b"\0\x01") + integer(S)),
        element(0x30, integer(R) + element(2, b"\0\0\x01")),
        b"\x30\x81" + signature(R, S)[1:],
        b"\x30\x82\x00" + signature(R, S)[1:],
        b"\x30\x83\x00\x00" + signature(R, S)[1:],
    ],
    ids=lambda odd: odd.hex()[:12] or "nothing",
)
def test_no_other_form_is_a_signature(odd: bytes) -> None:
    assert not der.is_signature(odd, der.SM2_CURVE)


def test_a_ciphertext_has_two_coordinates_a_digest_and_a_text() -> None:
    assert der.is_sm2_ciphertext(ciphertext(1, SM2_P - 1, bytes(32), b"t"))
    assert der.is_sm2_ciphertext(ciphertext(0, 0, bytes(32), bytes(300)))


@pytest.mark.parametrize(
    "odd",
    [
        b"",
        ciphertext(1, 1, bytes(32), b"t") + b"\0",
        ciphertext(1, 1, bytes(32), b"t")[:-1],
        ciphertext(SM2_P, 1, bytes(32), b"t"),
        ciphertext(1, SM2_P, bytes(32), b"t"),
        ciphertext(-1, 1, bytes(32), b"t"),
        ciphertext(1, 1, bytes(31), b"t"),
        ciphertext(1, 1, bytes(33), b"t"),
        ciphertext(1, 1, bytes(32), b""),
        element(0x30, integer(1) + integer(1) + element(4, bytes(32))),
        element(
            0x30, integer(1) + integer(1) + element(4, bytes(32)) + element(4, b"t") + integer(1)
        ),
    ],
    ids=lambda odd: f"{len(odd)} bytes",
)
def test_no_other_form_is_a_ciphertext(odd: bytes) -> None:
    assert not der.is_sm2_ciphertext(odd)


@given(st.binary(max_size=120))
def test_no_bytes_make_reading_fail(odd: bytes) -> None:
    for data in (odd, element(0x30, odd)):
        assert der.is_signature(data, der.P256_CURVE) in (True, False)
        assert der.is_sm2_ciphertext(data) in (True, False)


def test_a_point_is_named_in_one_form() -> None:
    spki = known_public("sm2").spki
    assert der.is_named_point(spki, der.SM2_IDENTIFIER)
    assert not der.is_named_point(spki, der.P256_IDENTIFIER)
    assert not der.is_named_point(spki + b"\0", der.SM2_IDENTIFIER)
    assert der.named_point(spki[-65:], der.SM2_IDENTIFIER) == spki
    with pytest.raises(ValueError, match="not an uncompressed point"):
        der.named_point(b"\x02" + spki[-64:-32], der.SM2_IDENTIFIER)
