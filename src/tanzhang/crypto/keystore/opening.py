"""Which key store: ``TANZHANG_KEYS`` says its kind and place, ``TANZHANG_KEYS_PASSWORD`` opens it.

``file:DIRECTORY``  private keys in files, encrypted if there is a password; default: ``keys`` in
                    the home directory
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from tanzhang.crypto.keystore.custody import PemCustody
from tanzhang.crypto.keystore.directory import DirectoryStore
from tanzhang.crypto.keystore.model import KeyStore
from tanzhang.problems import Problem


def open_store(home: Path, environment: Mapping[str, str] | None = None) -> KeyStore:
    """The store that the environment names. Raises ``crypto.store_unknown``."""
    variables = os.environ if environment is None else environment
    url = variables.get("TANZHANG_KEYS", "").strip() or "file:"
    password = variables.get("TANZHANG_KEYS_PASSWORD", "")
    kind, _, rest = url.partition(":")
    if kind == "file":
        folder = Path(rest) if rest else home / "keys"
        return DirectoryStore(folder, PemCustody(password), makes_missing=True)
    raise Problem("crypto.store_unknown", kind=kind)
