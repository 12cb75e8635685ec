"""Our own keys, opened once a process."""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Final

from tanzhang.config.database import home
from tanzhang.crypto import Algorithm, KeyStore, Purpose, open_store

#: What partners and citizens look for among the published keys.
NEEDED: Final = (
    *product((Purpose.SIGN, Purpose.UNWRAP), Algorithm),
    (Purpose.ROOT, Algorithm.SM2),
)


def key_store() -> KeyStore:
    """The installation's key store; what others create or retire in it is seen at once."""
    return _opened(home())


def published_roots() -> Path:
    """The folder in which every root of the log lies as a file, for whoever mirrors them."""
    return home() / "published" / "roots"


@lru_cache(maxsize=8)
def _opened(folder: Path) -> KeyStore:
    store = open_store(folder)
    store.make_missing(NEEDED)
    return store
