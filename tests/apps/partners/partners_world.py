"""Keys of two partners of the little world, made once, and instants to go by."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

from tanzhang.crypto.keys import Algorithm, PrivateKey, generate

NOW = datetime(2030, 1, 1, 8, tzinfo=UTC)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@cache
def pair(number: int = 1, algorithm: Algorithm = Algorithm.SM2) -> PrivateKey:
    """One of several key pairs."""
    assert number > 0
    return generate(algorithm)
