"""Our own keys, opened once a process."""

from __future__ import annotations

from functools import cache

from tanzhang.config import database
from tanzhang.crypto import KeyStore, open_store


@cache
def key_store() -> KeyStore:
    """The installation's key store; what others create or retire in it is seen at once."""
    return open_store(database.home())
