"""The two digests give the standards' examples."""

from __future__ import annotations

import pytest

from crypto.worlds import vectors
from tanzhang.crypto import sha256, sm3


@pytest.mark.parametrize("case", vectors("sm3")["cases"], ids=lambda case: case["text"][:4])
def test_sm3_gives_the_standards_example(case: dict[str, str]) -> None:
    assert sm3(case["text"].encode()).hex() == case["digest"]


def test_sha_256_gives_the_standards_example() -> None:
    # FIPS 180-4, example of one block
    known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert sha256(b"abc").hex() == known
