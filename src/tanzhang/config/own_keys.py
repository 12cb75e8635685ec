"""Our own keys, opened once a process."""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Final

from tanzhang.apps.ledger.api import latest_root
from tanzhang.apps.people.api import installation
from tanzhang.config.database import home
from tanzhang.crypto import Algorithm, KeyStore, Purpose, open_store, self_test

#: What partners and citizens look for among the published keys, and what wraps personal keys.
NEEDED: Final = (
    *product((Purpose.SIGN, Purpose.UNWRAP), Algorithm),
    (Purpose.ROOT, Algorithm.SM2),
    (Purpose.PERSON, Algorithm.SM2),
)


#: Lies in the home directory, beside the keys, once a live installation has had its first keys.
_HELD: Final = "keys-were-made"


def key_store() -> KeyStore:
    """The installation's key store; what others create or retire in it is seen at once.

    First keys are made in silence where nobody is real, and where there never were any. A live
    installation that has lost its keys says ``crypto.key_missing`` to whoever needs one: nobody
    would vouch for new ones. Whatever process opens it asks every primitive for its known answers
    first (``crypto.self_test_failed``).
    """
    return _opened(home())


def published_roots() -> Path:
    """The folder in which every root of the log lies as a file, for whoever mirrors them."""
    return home() / "published" / "roots"


@lru_cache(maxsize=8)
def _opened(folder: Path) -> KeyStore:
    self_test()
    is_fictitious, held = installation().is_fictitious, folder / _HELD
    is_new = not held.exists() and latest_root() is None
    store = open_store(folder, makes_missing=is_fictitious or is_new)
    store.make_missing(NEEDED)
    if is_fictitious or not is_new:
        return store
    folder.mkdir(parents=True, exist_ok=True)
    held.touch()
    return open_store(folder, makes_missing=False)
