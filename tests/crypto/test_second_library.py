"""GmSSL, another implementation by other people, agrees with ours, in both directions."""

from __future__ import annotations

import gmssl_pyx
import pytest
from hypothesis import given, settings, strategies as st

from crypto.worlds import SM2_OID, number_of, point_of, private_pem, public_pem
from tanzhang.crypto import (
    Algorithm,
    Sealed,
    generate,
    load_private,
    load_public,
    open_sealed,
    seal,
    sm3,
)

KEY = bytes(range(16))


@settings(max_examples=30)
@given(st.binary(max_size=300))
def test_gmssl_verifies_what_we_sign(message: bytes) -> None:
    key = generate(Algorithm.SM2)
    made = key.sign(message)
    assert gmssl_pyx.sm2_verify(point_of(key.public), message, made)
    assert not gmssl_pyx.sm2_verify(point_of(key.public), message + b"!", made)


@settings(max_examples=30)
@given(st.binary(max_size=300))
def test_we_verify_what_gmssl_signs(message: bytes) -> None:
    point, number = gmssl_pyx.sm2_key_generate()
    public = load_public(public_pem(SM2_OID, b"\x04" + point))
    made = gmssl_pyx.sm2_sign(number, point, message)
    assert public.verify(message, made)
    assert not public.verify(message + b"!", made)


@pytest.mark.parametrize("signer", [None, b"somebody else", b"1234567812345679"])
def test_gmssls_signature_under_another_id_is_refused(signer: bytes | None) -> None:
    key = generate(Algorithm.SM2)
    made = gmssl_pyx.sm2_sign(number_of(key), point_of(key.public), b"message", signer_id=signer)
    assert not key.public.verify(b"message", made)


@given(st.binary(min_size=16, max_size=64))
def test_data_keys_pass_both_ways(secret: bytes) -> None:
    point, number = gmssl_pyx.sm2_key_generate()
    key = load_private(private_pem(SM2_OID, number.hex()))
    assert point_of(key.public) == point
    assert gmssl_pyx.sm2_decrypt(number, key.public.wrap(secret)) == secret
    assert key.unwrap(gmssl_pyx.sm2_encrypt(point, secret)) == secret


@given(st.binary(max_size=300))
def test_both_have_the_same_digest(data: bytes) -> None:
    assert gmssl_pyx.sm3_hash(data) == sm3(data)


@given(st.binary(min_size=1, max_size=300), st.binary(min_size=1, max_size=80))
def test_sealed_fields_pass_both_ways(plaintext: bytes, aad: bytes) -> None:
    ours = seal(KEY, plaintext, aad)
    opened = gmssl_pyx.sm4_gcm_decrypt(KEY, iv=ours.iv, aad=aad, ciphertext=ours.ct, tag=ours.tag)
    assert opened == plaintext
    ct, tag = gmssl_pyx.sm4_gcm_encrypt(KEY, iv=bytes(12), aad=aad, plaintext=plaintext)
    assert open_sealed(KEY, Sealed(bytes(12), ct, tag), aad) == plaintext
