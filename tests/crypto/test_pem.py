"""PEM and the password around a private key."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives import serialization

from crypto.worlds import known_private, known_public, unpem
from tanzhang.crypto import Algorithm, generate, load_private, load_public, pem
from tanzhang.problems import Problem


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_a_password_closes_a_private_key(algorithm: Algorithm) -> None:
    key = generate(algorithm)
    text = key.to_pem("a password 密码")
    assert text.startswith("-----BEGIN ENCRYPTED PRIVATE KEY-----\n")
    assert load_private(text, "a password 密码").public == key.public
    for wrong in (None, "", "a password", "A password 密码"):
        with pytest.raises(Problem, match=r"crypto\.password_wrong"):
            load_private(text, wrong)


def test_the_same_key_is_never_encrypted_to_the_same_bytes() -> None:
    key = known_private("sm2")
    assert key.to_pem("password") != key.to_pem("password")


def test_a_password_that_is_not_needed_is_not_used() -> None:
    key = known_private("sm2")
    assert load_private(key.to_pem(), "password").public == key.public


def test_another_library_opens_what_was_encrypted_here() -> None:
    key = generate(Algorithm.P256)
    other = serialization.load_pem_private_key(key.to_pem("password").encode(), b"password")
    assert other.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    ) == unpem(key.public.pem)


def test_here_is_opened_what_another_library_encrypted() -> None:
    key = generate(Algorithm.P256)
    other = serialization.load_pem_private_key(key.to_pem().encode(), None)
    text = other.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"password"),
    ).decode()
    assert load_private(text, "password").public == key.public


def test_blank_lines_around_a_block_and_other_line_ends_do_not_matter() -> None:
    key = known_public("sm2")
    assert load_public("\n  " + key.pem.replace("\n", "\r\n") + "\r\n").pem == key.pem


def test_everything_else_is_malformed() -> None:
    good = known_public("sm2").pem
    bad = [
        "",
        "nonsense",
        good + good,
        "a line before\n" + good,
        good.replace("PUBLIC", "PRIVATE"),
        good.replace("END PUBLIC", "END PRIVATE"),
        good.replace("M", "!", 1),
        good.replace("=", ""),
        good.replace("-----BEGIN", "---BEGIN"),
        good.replace("\n", "\n" + " " * 5000, 1),
    ]
    for text in bad:
        with pytest.raises(Problem, match=r"crypto\.key_malformed"):
            load_public(text)


def test_a_broken_encrypted_block_is_malformed_and_a_changed_one_does_not_open() -> None:
    with pytest.raises(Problem, match=r"crypto\.key_malformed"):
        load_private(pem.write(b"\x30\x03\x02\x01\x01", pem.ENCRYPTED), "password")
    der = unpem(known_private("sm2").to_pem("password"))
    for place in (-1, -40):
        changed = bytearray(der)
        changed[place] ^= 1
        with pytest.raises(Problem, match=r"crypto\.(password_wrong|key_malformed)"):
            load_private(pem.write(bytes(changed), pem.ENCRYPTED), "password")
