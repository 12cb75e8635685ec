"""Sealed fields: published answers, and that nothing opens that was touched."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from crypto.worlds import flipped, vectors
from tanzhang.crypto import Cipher, Sealed, new_data_key, open_sealed, seal
from tanzhang.problems import Problem

BOTH = pytest.mark.parametrize("cipher", list(Cipher))
KEY = bytes(range(16))


@pytest.mark.parametrize("case", vectors("gcm")["cases"], ids=lambda case: case["cipher"])
def test_the_published_field_opens(case: dict[str, str]) -> None:
    part = {
        name: bytes.fromhex(case[name]) for name in ("key", "iv", "aad", "plaintext", "ct", "tag")
    }
    field = Sealed(part["iv"], part["ct"], part["tag"])
    assert open_sealed(part["key"], field, part["aad"], case["cipher"]) == part["plaintext"]


@given(st.binary(max_size=300), st.binary(max_size=80), st.sampled_from(Cipher))
def test_every_field_comes_back(plaintext: bytes, aad: bytes, cipher: Cipher) -> None:
    field = seal(KEY, plaintext, aad, cipher)
    assert open_sealed(KEY, field, aad, cipher) == plaintext
    assert len(field.iv) == 12
    assert len(field.tag) == 16
    assert len(field.ct) == len(plaintext)


@BOTH
def test_a_field_does_not_open_with_anything_changed(cipher: Cipher) -> None:
    field = seal(KEY, b"13800000000", b"bank|city|evt-1|/data/phone", cipher)
    changed = [
        *(Sealed(iv, field.ct, field.tag) for iv in flipped(field.iv)),
        *(Sealed(field.iv, ct, field.tag) for ct in flipped(field.ct)),
        *(Sealed(field.iv, field.ct, tag) for tag in flipped(field.tag)),
        Sealed(field.iv, field.ct + b"\0", field.tag),
        Sealed(field.iv, field.ct[:-1], field.tag),
        Sealed(field.iv, field.ct, field.tag[:12]),
        Sealed(field.iv, field.ct, b""),
        Sealed(field.iv[:8], field.ct, field.tag),
        Sealed(b"", field.ct, field.tag),
    ]
    for other in changed:
        with pytest.raises(Problem, match=r"crypto\.seal_broken"):
            open_sealed(KEY, other, b"bank|city|evt-1|/data/phone", cipher)


@BOTH
def test_a_field_does_not_open_elsewhere_with_another_key_or_cipher(cipher: Cipher) -> None:
    field = seal(KEY, b"13800000000", b"bank|city|evt-1|/data/phone", cipher)
    other = next(one for one in Cipher if one is not cipher)
    for key, aad, how in (
        (KEY, b"bank|city|evt-2|/data/phone", cipher),
        (KEY, b"", cipher),
        (new_data_key(), b"bank|city|evt-1|/data/phone", cipher),
        (KEY, b"bank|city|evt-1|/data/phone", other),
    ):
        with pytest.raises(Problem, match=r"crypto\.seal_broken"):
            open_sealed(key, field, aad, how)


def test_no_iv_comes_twice() -> None:
    assert len({seal(KEY, b"", b"").iv for _ in range(2000)}) == 2000


@pytest.mark.parametrize("size", [0, 8, 15, 17, 24, 32])
@BOTH
def test_a_key_has_16_bytes(cipher: Cipher, size: int) -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        seal(bytes(size), b"", b"", cipher)


def test_only_the_two_authenticated_ciphers_exist() -> None:
    for name in ("SM4-CBC", "SM4-ECB", "", "none"):
        with pytest.raises(ValueError, match="not a valid Cipher"):
            seal(KEY, b"", b"", name)
