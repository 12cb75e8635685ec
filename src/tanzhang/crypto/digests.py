"""The two digests: SM3 (GB/T 32905) as the log computes it, and SHA-256 (FIPS 180-4)."""

from __future__ import annotations

import hashlib

from tanzhang.engine.log.tree import sm3

__all__ = ["sha256", "sm3"]


def sha256(data: bytes) -> bytes:
    """The SHA-256 digest, 32 bytes."""
    return hashlib.sha256(data).digest()
