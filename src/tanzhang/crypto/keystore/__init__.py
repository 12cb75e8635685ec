"""Our own keys: what they are for, where they are, how one follows another."""

from __future__ import annotations

from tanzhang.crypto.keystore.model import KeyStore, PublishedKey, Purpose, StoredKey
from tanzhang.crypto.keystore.opening import open_store
from tanzhang.crypto.keystore.records import from_public_json, public_json

__all__ = [
    "KeyStore",
    "PublishedKey",
    "Purpose",
    "StoredKey",
    "from_public_json",
    "open_store",
    "public_json",
]
