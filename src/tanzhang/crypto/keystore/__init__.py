"""Our own keys: what they are for, where they are, how one follows another."""

from __future__ import annotations

from tanzhang.crypto.keystore.model import KeyStore, PublishedKey, Purpose, StoredKey
from tanzhang.crypto.keystore.opening import open_store
from tanzhang.crypto.keystore.records import from_public_json, public_json
from tanzhang.crypto.keystore.rotation import ANNOUNCED_AHEAD, OVERLAP, rotate, trusted

__all__ = [
    "ANNOUNCED_AHEAD",
    "OVERLAP",
    "KeyStore",
    "PublishedKey",
    "Purpose",
    "StoredKey",
    "from_public_json",
    "open_store",
    "public_json",
    "rotate",
    "trusted",
]
