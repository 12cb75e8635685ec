"""SM2: the standard's examples, and all that is refused."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from crypto.worlds import (
    SM2_N,
    SM2_P,
    element,
    flipped,
    integer,
    known_private,
    known_public,
    numbers,
    signature,
    vectors,
)
from tanzhang.crypto import Algorithm, generate
from tanzhang.problems import Problem

KNOWN = vectors("sm2")
MESSAGE = KNOWN["signature"]["text"].encode()
R, S = (int(KNOWN["signature"][name], 16) for name in ("r", "s"))
SECRET = bytes(range(16))


def ciphertext(**changed: bytes) -> bytes:
    """The standard's ciphertext in ASN.1, with parts replaced."""
    part = {name: bytes.fromhex(KNOWN["encryption"][name]) for name in ("x1", "y1", "c3", "c2")}
    part |= changed
    x1, y1 = (integer(int.from_bytes(part[name], "big")) for name in ("x1", "y1"))
    return element(0x30, x1 + y1 + element(4, part["c3"]) + element(4, part["c2"]))


def test_the_standards_signature_is_taken() -> None:
    assert known_public("sm2").verify(MESSAGE, signature(R, S))


def test_the_standards_ciphertext_opens() -> None:
    assert known_private("sm2").unwrap(ciphertext()) == KNOWN["encryption"]["text"].encode()


def test_another_message_is_refused() -> None:
    assert not known_public("sm2").verify(b"message digesT", signature(R, S))


@pytest.mark.parametrize(
    ("r", "s"),
    [
        (0, S),
        (R, 0),
        (SM2_N, S),
        (R, SM2_N),
        (R + SM2_N, S),
        (R, S + SM2_N),
        (R - SM2_N, S),
        (-R, S),
        (R, SM2_N - R),
        (R, SM2_N - S),
        (S, R),
        (1, 1),
    ],
)
def test_numbers_out_of_range_or_out_of_place_are_refused(r: int, s: int) -> None:
    assert not known_public("sm2").verify(MESSAGE, signature(r, s))


@pytest.mark.parametrize(
    "odd",
    [
        b"",
        b"\x30\x00",
        signature(R, S) + b"\0",
        signature(R, S)[:-1],
        element(0x30, integer(R) + integer(S) + b"\0"),
        element(0x30, integer(R) + integer(S) + integer(1)),
        element(0x30, integer(R)),
        element(0x31, integer(R) + integer(S)),
        element(0x30, element(2, b"\0" + integer(R)[2:]) + integer(S)),
        b"\x30\x81" + signature(R, S)[1:],
        b"\x30\x80" + signature(R, S)[2:] + b"\0\0",
        R.to_bytes(32, "big") + S.to_bytes(32, "big"),
    ],
    ids=lambda odd: odd.hex()[:12],
)
def test_a_signature_in_any_other_form_is_refused(odd: bytes) -> None:
    assert not known_public("sm2").verify(MESSAGE, odd)


def test_a_signature_with_any_byte_flipped_is_refused() -> None:
    good = signature(R, S)
    assert not any(known_public("sm2").verify(MESSAGE, bad) for bad in flipped(good))


@given(st.binary(max_size=80))
def test_no_bytes_make_verifying_fail_otherwise_than_by_no(odd: bytes) -> None:
    assert known_public("sm2").verify(MESSAGE, odd) is False


@given(st.integers(1, SM2_N - 1), st.integers(1, SM2_N - 1))
def test_no_other_numbers_pass(r: int, s: int) -> None:
    assert known_public("sm2").verify(MESSAGE, signature(r, s)) is ((r, s) == (R, S))


def test_what_is_signed_is_in_range_and_in_der() -> None:
    key = generate(Algorithm.SM2)
    for _ in range(40):
        made = key.sign(MESSAGE)
        r, s = numbers(made)
        assert 1 <= r < SM2_N
        assert 1 <= s < SM2_N
        assert made == signature(r, s)


def test_a_wrapped_key_with_any_byte_flipped_is_refused() -> None:
    key = generate(Algorithm.SM2)
    for bad in flipped(key.public.wrap(SECRET)):
        with pytest.raises(Problem, match=r"crypto\.unwrap_failed"):
            key.unwrap(bad)


@pytest.mark.parametrize(
    "odd",
    [
        b"",
        ciphertext() + b"\0",
        ciphertext()[:-1],
        ciphertext(c3=bytes(32)),
        ciphertext(c3=bytes(31)),
        ciphertext(c2=b""),
        ciphertext(x1=SM2_P.to_bytes(32, "big")),
        ciphertext(x1=bytes(32), y1=bytes(32)),
        ciphertext(y1=b"\xff" * 33),
        bytes.fromhex(
            "04" + "".join(KNOWN["encryption"][part] for part in ("x1", "y1", "c3", "c2"))
        ),
        bytes(10_000),
    ],
    ids=lambda odd: f"{len(odd)} bytes",
)
def test_a_wrapped_key_in_any_other_form_is_refused(odd: bytes) -> None:
    with pytest.raises(Problem, match=r"crypto\.unwrap_failed"):
        known_private("sm2").unwrap(odd)


def test_the_order_c1c2c3_is_refused() -> None:
    part = {name: bytes.fromhex(KNOWN["encryption"][name]) for name in ("x1", "y1", "c3", "c2")}
    x1, y1 = (integer(int.from_bytes(part[name], "big")) for name in ("x1", "y1"))
    swapped = element(0x30, x1 + y1 + element(4, part["c2"]) + element(4, part["c3"]))
    with pytest.raises(Problem, match=r"crypto\.unwrap_failed"):
        known_private("sm2").unwrap(swapped)


@given(st.binary(min_size=16, max_size=64))
def test_every_data_key_comes_back(data_key: bytes) -> None:
    key = known_private("sm2")
    assert key.unwrap(key.public.wrap(data_key)) == data_key
